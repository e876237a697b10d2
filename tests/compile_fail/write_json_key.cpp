// expect: the keys of a JSON object are strings, integers, enums or uuids: use one of these as the key of the map, or write a vector of pairs
// expect-gcc: std::map<double, int>
#include <wend/handler/json_write.hpp>

#include <map>
#include <vector>

struct histogram {
  std::map<double, int> buckets;  // wrong
  // right: std::vector<std::pair<double, int>> buckets;
};

void print(std::string& out, histogram const& h) {
  wend::write_json(out, h);
}
