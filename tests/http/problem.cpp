#include <wend/http/problem.hpp>

#include "support/catch.hpp"

using namespace wend;

TEST_CASE("a problem is written as RFC 9457 says", "[http][problem]") {
  problem p(status::unprocessable_content);
  CHECK(p.json() == R"({"type":"about:blank","title":"Unprocessable Content","status":422})");
  p.errors.push_back({"body", "/title", "expected 1 to 200 characters, got 0"});
  p.errors.push_back({"query", "limit", "is required"});
  p.detail = "a \"quoted\"\nline";
  p.with("balance", "30");
  p.fields.set("Retry-After", "5");
  CHECK(p.json() == R"({"type":"about:blank","title":"Unprocessable Content","status":422,)"
                    R"("detail":"a \"quoted\"\nline","errors":[)"
                    R"({"pointer":"/title","detail":"expected 1 to 200 characters, got 0"},)"
                    R"({"in":"query","name":"limit","detail":"is required"}],"balance":30})");

  response out(status::ok, "text/plain", "what was there before");
  p.write(out);
  CHECK(out.status == status::unprocessable_content);
  CHECK(out.fields.get("Content-Type") == "application/problem+json");
  CHECK(out.fields.get("Retry-After") == "5");
  CHECK(out.body == p.json());
}

TEST_CASE("a status without content keeps none", "[http][problem]") {
  response out;
  problem(status::not_modified).write(out);
  CHECK(out.body.empty());
}

TEST_CASE("a JSON string is escaped, and UTF-8 whatever comes", "[http][problem]") {
  auto const json = [](std::string_view text) {
    std::string out;
    detail::append_json_string(out, text);
    return out;
  };
  using namespace std::string_view_literals;
  CHECK(json("a\"b\\c") == R"("a\"b\\c")");
  CHECK(json("\n\r\t\x01\x1f\0"sv) == R"("\n\r\t\u0001\u001f\u0000")");
  CHECK(json("caf\xc3\xa9 \xf0\x9f\x98\x80") == "\"caf\xc3\xa9 \xf0\x9f\x98\x80\"");
  for (auto bad : {"\xff"sv, "\xc3"sv, "\xc0\x80"sv, "\xed\xa0\x80"sv, "\xf5\x80\x80\x80"sv}) {
    auto const out = json(bad);
    CHECK(out.find("\xef\xbf\xbd") == 1);
  }
  CHECK(problem(status::not_found).what() == std::string_view("Not Found"));
  CHECK(problem(status{599}).what() == std::string_view("problem"));
}

TEST_CASE("a response keeps the problem that it was rendered from", "[http][problem]") {
  response out;
  problem(status::conflict, "taken").write(out);
  REQUIRE(out.cause);
  CHECK(out.cause->detail == "taken");
  auto const kept = out.cause;
  kept->write(out);  // itself
  CHECK(out.cause->detail == "taken");
  out.reset();
  CHECK_FALSE(out.cause);
}
