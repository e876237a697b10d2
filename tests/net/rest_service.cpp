// The REST service that wend is designed by, as its users should be able to write it. The table in
// here is the target the API was made for: it stays as it stands.
#include <wend/wend.hpp>

#include <algorithm>
#include <mutex>
#include <vector>

#include "support/catch.hpp"
#include "support/peer.hpp"

namespace {

struct note {
  std::int64_t id{};
  wend::text<1, 200> title;
  std::optional<std::string> body;
};

class note_store {
 public:
  explicit note_store(std::string) {}

  std::vector<note> newest(int n) const {
    std::vector<note> out(all_.rbegin(), all_.rend());
    out.resize(std::min(out.size(), static_cast<std::size_t>(n)));
    return out;
  }
  std::optional<note> find(std::int64_t id) const {
    for (auto const& n : all_)
      if (n.id == id) return n;
    return std::nullopt;
  }
  std::int64_t add(note n) {
    n.id = ++last_;
    all_.push_back(n);
    return n.id;
  }
  void replace(std::int64_t id, note n) {
    n.id = id;
    for (auto& old : all_)
      if (old.id == id) old = n;
  }
  void erase(std::int64_t id) {
    std::erase_if(all_, [&](note const& n) { return n.id == id; });
  }

 private:
  std::vector<note> all_;
  std::int64_t last_ = 0;
};

/// The status, the fields and the body of an answer, as one text.
std::string ask(std::uint16_t port, std::string const& line, std::string const& body = "") {
  wend::test::peer p(port);
  p.send(line + " HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body);
  return p.rest();
}

}  // namespace

TEST_CASE("the REST service that wend is designed by", "[net][service]") {
  note_store notes{"notes.db"};

  auto api = wend::routes(
      wend::get<"/">([] { return "wend is up\n"; }),
      wend::get<"/notes">([&](wend::query<"limit", wend::range<int, 1, 100>, 20> limit) {
        return notes.newest(*limit);  // std::vector<note>: a JSON array
      }),
      wend::get<"/notes/{id:int}", "note">([&](std::int64_t id) {
        return notes.find(id);  // std::optional<note>: JSON, or a 404 problem
      }),
      wend::post<"/notes">([&](wend::json<note> draft) {
        auto const id = notes.add(*draft);
        return wend::created(wend::url_for<"/notes/{id:int}">(id));
      }),
      wend::put<"/notes/{id:int}">([&](std::int64_t id, wend::json<note> draft) {
        notes.replace(id, *draft);  // void: 204
      }),
      wend::del<"/notes/{id:int}">([&](std::int64_t id) { notes.erase(id); }));

  wend::background_server web{api, {.port = 0}};
  auto const port = web.port();
  using Catch::Matchers::Contains;
  using Catch::Matchers::StartsWith;

  CHECK_THAT(ask(port, "GET /"), Contains("wend is up\n"));
  CHECK_THAT(ask(port, "POST /notes", R"({"title":"one"})"),
             StartsWith("HTTP/1.1 201 Created\r\n") && Contains("Location: /notes/1\r\n"));
  CHECK_THAT(ask(port, "GET /notes/1"), Contains(R"({"id":1,"title":"one","body":null})"));
  CHECK_THAT(ask(port, "PUT /notes/1", R"({"title":"two","body":"text"})"),
             StartsWith("HTTP/1.1 204 No Content\r\n"));
  CHECK_THAT(ask(port, "GET /notes?limit=5"),
             Contains(R"([{"id":1,"title":"two","body":"text"}])"));
  CHECK_THAT(ask(port, "DELETE /notes/1"), StartsWith("HTTP/1.1 204 No Content\r\n"));
  CHECK_THAT(ask(port, "GET /notes/1"), StartsWith("HTTP/1.1 404 Not Found\r\n"));
  CHECK_THAT(ask(port, "GET /notes/none"), StartsWith("HTTP/1.1 404 Not Found\r\n"));
  CHECK_THAT(ask(port, "PATCH /notes/1"), Contains("Allow: DELETE, GET, PUT, HEAD, OPTIONS\r\n"));
  CHECK_THAT(ask(port, "POST /notes", R"({"title":"","body":5})"),
             StartsWith("HTTP/1.1 422 Unprocessable Content\r\n") &&
                 Contains("Content-Type: application/problem+json\r\n") &&
                 Contains(R"({"type":"about:blank","title":"Unprocessable Content","status":422,)"
                          R"("errors":[{"pointer":"/title",)"
                          R"("detail":"expected 1 to 200 characters, got 0"},)"
                          R"({"pointer":"/body","detail":"expected string, got number"}]})"));
  CHECK(api.url_for<"note">(42) == "/notes/42");
}
