// JSON texts of 10 bytes to 10 MiB.
#include <wend/handler/json.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "growth.hpp"

namespace {

struct item {
  std::int64_t id = 0;
  std::string name;
};

}  // namespace

void bench::add_json(samples& to) {
  for (bool const in : {true, false})
    for (std::size_t n = 1; n <= 300'000; n *= 8) {
      auto const value = std::make_shared<std::vector<item>>(n, item{12345, "of no meaning"});
      auto const text = std::make_shared<std::string>();
      wend::write_json(*text, *value);
      auto const size = static_cast<double>(text->size());
      if (in)
        to.push_back({"json_in", size, [text] {
                        return [text] {
                          std::vector<item> out;
                          wend::problem why(wend::status::bad_request);
                          keep(wend::read_json(*text, out, why));
                          keep(out);
                        };
                      }});
      else
        to.push_back({"json_out", size, [value] {
                        return [value] {
                          std::string out;
                          wend::write_json(out, *value);
                          keep(out);
                        };
                      }});
    }
}
