// Arbitrary bytes as a body: reading never crashes, and what was read survives a round trip.
#include <wend/handler/json.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <variant>
#include <vector>

namespace {

enum class color { red, green, blue };

struct point {
  std::int8_t x = 0;
  float y = 0;
  friend bool operator==(point const&, point const&) = default;
};

struct shape {
  std::variant<std::monostate, bool, point, std::string, std::vector<shape>> what;
  friend bool operator==(shape const&, shape const&) = default;
};

struct everything {
  std::int64_t id{};
  std::uint64_t size{};
  double ratio{};
  bool on{};
  wend::text<0, 5> name;
  wend::range<int, 1, 100> limit = 1;
  std::optional<std::string> note;
  color paint{};
  std::optional<wend::uuid> key;
  std::optional<std::chrono::sys_time<std::chrono::nanoseconds>> when;
  std::optional<std::chrono::sys_days> day;
  std::chrono::milliseconds patience{};
  std::vector<std::string> tags;
  std::set<int> numbers;
  std::array<int, 2> pair{};
  std::map<std::string, point> points;
  std::unordered_map<std::int16_t, bool> flags;
  std::tuple<int, std::optional<bool>> both;
  std::vector<shape> shapes;
  std::optional<nlohmann::json> anything;
  friend bool operator==(everything const&, everything const&) = default;
};

template <class T>
void round_trip(std::string_view text, wend::json_options const& options) {
  T first;
  wend::problem why{wend::status::ok};
  if (!wend::read_json(text, first, why, options)) {
    if (why.status != wend::status::bad_request && why.errors.empty()) std::abort();
    if (why.errors.size() > options.max_errors) std::abort();
    if (!nlohmann::json::accept(why.json())) std::abort();
    return;
  }
  std::string written;
  wend::write_json(written, first);
  T second;
  if (!wend::read_json(written, second, why, {.refuse_unknown = true})) std::abort();
  if (!(first == second)) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const text(reinterpret_cast<char const*>(data), size);
  round_trip<everything>(text, {.max_depth = 32});
  round_trip<everything>(text, {.refuse_unknown = true, .max_depth = 32, .max_errors = 3});
  return 0;
}
