#include <wend/handler/form.hpp>

#include "support/catch.hpp"

using namespace wend;

namespace {

struct login {
  std::string name;
  text<8> password;
  std::optional<bool> remember;
  std::vector<int> groups;
};

struct posted {
  explicit posted(std::string_view body,
                  std::string_view type = "application/x-www-form-urlencoded; charset=utf-8")
      : all{{"Content-Type", type}} {
    in.fields = fields_view{std::span<field const>(all)};
    in.body = body;
    form = extractor<wend::form<login>>::extract(in, why);
  }
  std::vector<field> all;
  request in;
  rejection why;
  std::optional<wend::form<login>> form;
};

}  // namespace

TEST_CASE("a form becomes an aggregate", "[handler][form]") {
  posted const p("name=J%C3%BCrgen+M&password=12345678&groups=1&groups=2");
  REQUIRE(p.form);
  CHECK((*p.form)->name == "Jürgen M");
  CHECK((*p.form)->password == "12345678");
  CHECK_FALSE((*p.form)->remember);
  CHECK((*p.form)->groups == std::vector{1, 2});
}

TEST_CASE("all wrong fields of a form are told", "[handler][form]") {
  posted const p("password=short&remember=maybe&groups=x");
  REQUIRE_FALSE(p.form);
  auto const& errors = p.why.answer().errors;
  REQUIRE(errors.size() == 4);
  CHECK(errors[0].where == "name");
  CHECK(errors[0].detail == "is required");
  CHECK(errors[1].detail == "expected at least 8 characters, got 5");
  CHECK(errors[2].where == "remember");
  CHECK(errors[3].in == "form");
}

TEST_CASE("another Content-Type is a 415 that says which", "[handler][form]") {
  for (auto type : {"application/json", "", "text/plain"}) {
    posted const p("name=x", type);
    REQUIRE_FALSE(p.form);
    CHECK(p.why.answer().status == status::unsupported_media_type);
    CHECK(p.why.answer().fields.get("Accept") == "application/x-www-form-urlencoded");
  }
}
