#include <wend/app/method_override.hpp>
//
#include <wend/app/router.hpp>
#include <wend/app/table.hpp>

#include <stdexcept>
#include <string>

#include "support/ask.hpp"
#include "support/catch.hpp"

using namespace wend;
using wend::test::ask;

namespace {

auto notes() {
  return routes(get<"/n">([] { return "GET"; }),
                post<"/n">([] { return "POST"; }),
                put<"/n">([] { return "PUT"; }),
                patch<"/n">([] { return "PATCH"; }),
                del<"/n">([] { return "DELETE"; }));
}

}  // namespace

TEST_CASE("a POST may stand for another method", "[app][method_override]") {
  method_override const app{notes()};
  struct row {
    std::string because;
    method sent;
    std::string target, field, taken_for;
  };
  row const rows[] = {
      {"nothing is asked for", method::post, "/n", "", "POST"},
      {"a field asks", method::post, "/n", "PUT", "PUT"},
      {"in any case", method::post, "/n", "patch", "PATCH"},
      {"a parameter asks", method::post, "/n?a=b&_method=delete", "", "DELETE"},
      {"the field counts before the parameter", method::post, "/n?_method=put", "DELETE", "DELETE"},
      {"another name is none", method::post, "/n?x_method=put&_methods=put", "", "POST"},
      {"not to GET", method::post, "/n", "GET", "POST"},
      {"not to what nobody knows", method::post, "/n?_method=FROB", "", "POST"},
      {"a GET stays what it is", method::get, "/n?_method=delete", "DELETE", "GET"},
      {"so does a PUT", method::put, "/n", "DELETE", "PUT"},
  };
  for (auto const& row : rows) {
    DYNAMIC_SECTION(row.because) {
      std::vector<field> fields;
      if (!row.field.empty()) fields.push_back({"X-HTTP-Method-Override", row.field});
      CHECK(ask(app, {row.sent, row.target, fields}).body == row.taken_for);
    }
  }
}

TEST_CASE("what is served with overrides is checked like anything else", "[app][method_override]") {
  router r;
  r.add(method::get, "/x", [](provided<int>) {});
  CHECK_THROWS_AS(service(method_override{std::move(r)}), std::invalid_argument);
}
