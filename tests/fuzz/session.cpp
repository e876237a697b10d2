// The session: the same bytes, whole and in pieces, are answered with the same bytes.
//
// Only 100 Continue may differ, which is sent or not by what has arrived; it is taken out.
#include <wend/wire/session.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "../support/session_owner.hpp"

namespace {

void require(bool fact) {
  if (!fact) std::abort();
}

/// Gives back a text in pieces of three bytes.
struct echo_source : wend::body_source {
  std::string text;
  bool sized;
  std::size_t at = 0;
  echo_source(std::string_view body, bool tell) : text(body), sized(tell) {}
  std::optional<std::uint64_t> size() const override {
    return sized ? std::optional<std::uint64_t>(text.size()) : std::nullopt;
  }
  bool read(std::string& out) override {
    out.append(text, at, 3);
    at = std::min(at + 3, text.size());
    return at < text.size();
  }
};

/// Gives a file, or its content to whom cannot send files.
struct slice_source : wend::body_source {
  std::optional<std::uint64_t> size() const override { return 20; }
  std::optional<wend::file_slice> file() const override { return wend::file_slice{3, 4, 20}; }
  bool read(std::string& out) override {
    out.append(20, '-');
    return false;
  }
};

/// What a request looks like is what decides: the first byte of the path after the slash.
std::optional<wend::body_policy> route(wend::session& s) {
  auto const& path = s.request().target.path;
  switch (path.size() > 1 ? path[1] : '\0') {
    case 'p':
    case 'q':
    case 'r': return wend::body_policy{.mode = wend::body_mode::pieces};
    case 'n': s.response().status = wend::status::not_found; return std::nullopt;
    case 'b': return wend::body_policy{};
    case 's': return wend::body_policy{.mode = wend::body_mode::whole, .limit = 3};
    default: return wend::body_policy{.mode = wend::body_mode::whole};
  }
}

bool answer(wend::request& in, wend::response& out) {
  auto const& path = in.target.path;
  switch (path.size() > 1 ? path[1] : '\0') {
    case 'c': out.source = std::make_unique<echo_source>(in.body, false); break;
    case 'l': out.source = std::make_unique<echo_source>(in.body, true); break;
    case 'e': out.status = wend::status::no_content; break;
    case 'x': out.set("Connection", "close"); break;
    case 'f': out.source = std::make_unique<slice_source>(); break;
    default: out.body = std::string(in.method.name()) + " " + std::string(in.target.raw);
  }
  for (auto const& f : in.trailers)
    out.add("X-Trailer", f.value);
  if (!out.source) out.body += in.body;
  return true;
}

/// Reads `wanted` bytes of a body, or all of it, and answers with what it has by then.
bool read(wend::test::session_owner& owner, std::size_t wanted) {
  owner.reader = [wanted, have = std::string()](wend::session& s,
                                                wend::session::pulled const& got) mutable {
    using kind = wend::session::pulled::kind;
    have += got.data;
    require((got.what == kind::piece) == !got.data.empty());
    if (got.what == kind::piece && have.size() < wanted) return true;
    have.resize(std::min(have.size(), wanted));
    auto& out = s.response();
    if (got.what == kind::failed) {
      out.status = s.failure().status;
      have += s.failure().detail;
    }
    for (auto const& f : s.request().trailers)
      out.add("X-Trailer", f.value);
    out.body = have;
    s.respond();
    return false;
  };
  return false;
}

/// Pushes the target and the body by three bytes, and ends or breaks off.
bool push(wend::test::session_owner& owner, bool to_the_end) {
  auto const& in = owner.at.request();
  std::string text(in.target.raw);
  text += in.body;
  owner.at.respond(wend::session::content::pushed);
  owner.producer = [=, at = std::size_t{0}](wend::session& s) mutable {
    s.push(std::string_view(text).substr(at, 3));
    at += 3;
    if (at < text.size()) return true;
    to_the_end ? s.push_end() : s.push_abort();
    return false;
  };
  return false;
}

bool handle(wend::test::session_owner& owner) {
  auto const& path = owner.at.request().target.path;
  switch (path.size() > 1 ? path[1] : '\0') {
    case 'p': return read(owner, std::size_t(-1));
    case 'q': return read(owner, 2);
    case 'w': return push(owner, true);
    case 'a': return push(owner, false);
    default: return answer(owner.at.request(), owner.at.response());
  }
}

template <class Cut>
std::string converse(std::string_view text, Cut cut) {
  wend::test::session_owner owner(
      {.target = 60, .head = 2600, .fields = 6, .body = 3000, .chunk_line = 30, .trailers = 60});
  owner.route = route;
  owner.handler = [&](wend::request&, wend::response&) { return handle(owner); };
  owner.refused = [](wend::request& in, wend::response& out) {
    out.set("X-Refused", in.method.name());
    if (in.target.path.starts_with("/l"))
      out.source = std::make_unique<echo_source>("refused", false);
  };
  owner.at.sends_files(true);
  owner.file = "a file that is longer than its slice";
  for (std::size_t at = 0; at < text.size() && !owner.closed;) {
    auto const piece = text.substr(at, cut(at));
    require(owner.feed(piece) || owner.closed);  // cut, with more to come
    at += piece.size();
  }
  owner.end();
  require(owner.closed);
  auto out = owner.output;
  for (auto at = out.find(wend::continue_response); at != out.npos;
       at = out.find(wend::continue_response, at))
    out.erase(at, wend::continue_response.size());
  for (auto const& target : owner.targets)
    out += target + "\n";
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const text(reinterpret_cast<char const*>(data), size);
  auto const whole = converse(text, [&](std::size_t) { return size; });
  require(whole == converse(text, [](std::size_t) { return std::size_t{1}; }));
  require(whole == converse(text, [&](std::size_t at) { return std::size_t{1} + data[at] % 32; }));
  return 0;
}
