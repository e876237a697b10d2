// What tests/peers/run.py puts behind proxies and in front of clients. It writes down what it takes.
#include <wend/wend.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <fstream>
#include <mutex>
#include <string>
#include <string_view>

namespace {

/// A line for each request that comes to a route, or to an error in its place: peer, method,
/// target, and what the proxy put into X-Mark, which the answer gives back.
struct ledger {
  std::ofstream& out;
  std::mutex& writing;

  void before(wend::request& in) const {
    std::lock_guard const lock(writing);
    if (!out.is_open()) return;
    out << in.peer << '\t' << in.method.name() << '\t' << in.target.raw << '\t' << marks(in)
        << std::endl;
  }
  void after(wend::request const& in, wend::response& answer) const {
    if (in.field("X-Mark")) answer.set("X-Mark", marks(in));
  }

 private:
  static std::string marks(wend::request const& in) {
    std::string all;
    for (auto const& f : in.fields)
      if (wend::iequals(f.name, "X-Mark")) all.append(all.empty() ? "" : ",").append(f.value);
    return all;
  }
};

/// The CRC-32 that zlib has, which every client can compute.
class crc32 {
 public:
  void add(std::string_view bytes) {
    for (char const c : bytes) {
      value_ ^= static_cast<unsigned char>(c);
      for (int i = 0; i < 8; ++i)
        value_ = (value_ >> 1) ^ ((value_ & 1) != 0 ? 0xEDB88320u : 0u);
    }
    size_ += bytes.size();
  }
  std::string text() const { return std::to_string(size_) + " " + std::to_string(~value_) + "\n"; }

 private:
  std::uint32_t value_ = ~std::uint32_t{0};
  std::uint64_t size_ = 0;
};

asio::awaitable<std::string> sum(wend::body_reader& in) {
  crc32 all;
  while (auto const piece = co_await in.read())
    all.add(*piece);
  co_return all.text();
}

}  // namespace

/// service [LEDGER]
int main(int count, char** arguments) {
  using namespace std::chrono_literals;
  using namespace wend::literals;
  std::ofstream log;
  std::mutex writing;
  if (count > 1) log.open(arguments[1]);
  std::string pattern;  // of 251 bytes, so that no block of a power of two looks like another
  while (pattern.size() < 251 * 256)
    pattern += static_cast<char>(pattern.size() % 251);

  auto const api = wend::routes(
      wend::use(ledger{log, writing}),
      wend::get<"/">([] { return "up\n"; }),
      wend::get<"/last">([] { return "last\n"; }),
      wend::get<"/smuggled">([] { return "smuggled\n"; }),
      wend::get<"/page">([] {
        return wend::response(wend::status::ok,
                              "text/html",
                              "<!doctype html><title>page</title><link rel=icon href='data:,'>");
      }),
      wend::get<"/host">([](wend::request& in) { return std::string(in.host()); }),
      wend::host<"{name}.example">(
          wend::get<"/host/name">([](wend::host_part<"name"> name) { return std::string(*name); })),
      wend::get<"/query">([](wend::request& in) { return std::string(in.target.query); }),
      wend::get<"/one/{segment}">([](std::string_view segment) { return segment; }),
      wend::get<"/rest/{path...}">([](std::string_view path) { return path; }),

      wend::get<"/echo">([](wend::body in) { return std::string(*in); }),
      wend::post<"/echo", wend::max_body<16_MiB>>([](wend::body in) { return std::string(*in); }),
      wend::put<"/echo", wend::max_body<16_MiB>>([](wend::body in) { return std::string(*in); }),
      wend::post<"/pieces">([](wend::body_reader& in) -> asio::awaitable<std::string> {
        std::string all;
        while (auto const piece = co_await in.read())
          all.append(*piece);
        co_return all;
      }),
      wend::post<"/first">([](wend::body_reader& in) -> asio::awaitable<std::string> {
        co_await in.read();
        co_return "first\n";
      }),
      wend::post<"/ignored">([] { return "ignored\n"; }),
      wend::post<"/little", wend::max_body<10>>([](wend::body in) { return std::string(*in); }),
      wend::post<"/sum", wend::max_body<64_MiB>>(sum),
      wend::put<"/sum", wend::max_body<64_MiB>>(sum),

      wend::get<"/nothing">([] {}),
      wend::get<"/unchanged">([] {
        wend::response out(wend::status::not_modified);
        out.set("ETag", "\"1\"");
        return out;
      }),
      wend::get<"/throws">([]() -> int { throw wend::problem{wend::status::conflict, "no"}; }),
      wend::get<"/says/close">([] {
        wend::response out(wend::status::ok, "text/plain", "said\n");
        out.set("Connection", "close");
        return out;
      }),
      wend::get<"/bytes/{n:uint}">([&pattern](std::uint64_t n) {
        return wend::stream("application/octet-stream",
                            [&pattern, n](wend::writer& out) -> asio::awaitable<void> {
                              for (auto left = n; left > 0;) {
                                auto const size = std::min<std::uint64_t>(left, pattern.size());
                                co_await out.write(std::string_view(pattern).substr(0, size));
                                left -= size;
                              }
                            });
      }),
      wend::get<"/drip">([] {  // the second piece is late, so who holds the first one back is seen
        return wend::stream("text/plain", [](wend::writer& out) -> asio::awaitable<void> {
          co_await out.write("first\n");
          asio::steady_timer timer(co_await asio::this_coro::executor, 400ms);
          co_await timer.async_wait(asio::use_awaitable);
          co_await out.write("second\n");
        });
      }),
      wend::get<"/slow">([]() -> asio::awaitable<std::string> {
        asio::steady_timer timer(co_await asio::this_coro::executor, 100ms);
        co_await timer.async_wait(asio::use_awaitable);
        co_return "slow\n";
      }));
  wend::serve(api, {.port = 0});
}
