#include <wend/extra/docs.hpp>
//
#include <wend/app/group.hpp>
#include <wend/routes.hpp>

#include <filesystem>
#include <fstream>
#include <string>

#include <unistd.h>

#include "support/ask.hpp"
#include "support/catch.hpp"

using namespace wend;
using wend::test::ask;

namespace {

auto documented(std::string swagger_ui = {}) {
  return routes(get<"/notes">([] { return "all"; }),
                group<"/in">(get<"/side">([] { return "side"; }),
                             docs<"/docs">({.title = "<Notes> & more"}, std::move(swagger_ui))));
}

bool holds(response const& r, std::string_view text) {
  return r.body.find(text) != std::string::npos;
}

}  // namespace

TEST_CASE("a table serves its document", "[extra][docs]") {
  auto const t = documented();
  auto const out = ask(t, {method::get, "/in/docs/openapi.json"});
  CHECK(out.status == status::ok);
  CHECK(out.fields.get("Content-Type") == "application/json");
  auto const d = nlohmann::json::parse(out.body);
  CHECK(d == openapi(t, {.title = "<Notes> & more"}));
  CHECK(d.at("paths").contains("/notes"));
  CHECK(d.at("paths").contains("/in/side"));
  CHECK(d.at("paths").size() == 2);
}

TEST_CASE("a table serves a page that shows it", "[extra][docs]") {
  auto const t = documented();
  for (auto const* path : {"/in/docs", "/in/docs/"}) {
    auto const out = ask(t, {method::get, path});
    CHECK(out.fields.get("Content-Type") == "text/html; charset=utf-8");
    CHECK(holds(out, "<title>&lt;Notes> &amp; more</title>"));
    CHECK(holds(out, "\"/in/docs/openapi.json\""));
    CHECK(out.fields.get("Content-Security-Policy")->ends_with("connect-src 'self'"));
  }
  CHECK(ask(t, {method::get, "/in/docs/docs.js"}).fields.get("Content-Type") ==
        "text/javascript; charset=utf-8");
  CHECK(ask(t, {method::get, "/in/docs/docs.css"}).status == status::ok);
  CHECK(ask(t, {method::get, "/in/docs/other"}).status == status::not_found);
  CHECK(ask(t, {method::get, "/in/docs/swagger-ui.css"}).status == status::not_found);
  auto const refused = ask(t, {method::post, "/in/docs"});
  CHECK(refused.status == status::method_not_allowed);
  CHECK(refused.fields.get("Allow") == "GET, HEAD, OPTIONS");
  CHECK(ask(t, {method::options, "/in/docs"}).status == status::no_content);
}

TEST_CASE("the page may ask the servers of the API", "[extra][docs]") {
  auto const t = routes(docs<"/">({.servers = {"https://api.example.com/v1", "/v1"}}));
  CHECK(ask(t, {method::get, "/"})
            .fields.get("Content-Security-Policy")
            ->ends_with("connect-src 'self' https://api.example.com"));
  CHECK(ask(t, {method::get, "/openapi.json"}).status == status::ok);
}

TEST_CASE("Swagger UI is shown where its files are", "[extra][docs]") {
  auto const folder =
      std::filesystem::temp_directory_path() / ("wend-swagger-ui-" + std::to_string(::getpid()));
  std::filesystem::create_directory(folder);
  auto const t = documented(folder.string());
  CHECK_FALSE(holds(ask(t, {method::get, "/in/docs"}), "swagger"));
  std::ofstream(folder / "swagger-ui-bundle.js") << "bundle";
  std::ofstream(folder / "swagger-ui.css") << "style";
  CHECK(holds(ask(t, {method::get, "/in/docs"}), "/in/docs/swagger-ui-bundle.js"));
  auto const bundle = ask(t, {method::get, "/in/docs/swagger-ui-bundle.js"});
  CHECK(bundle.fields.get("Content-Type") == "text/javascript; charset=utf-8");
  REQUIRE(bundle.source);
  CHECK(bundle.source->size() == 6);
  CHECK(holds(ask(t, {method::get, "/in/docs/docs.js"}), "SwaggerUIBundle"));
  std::filesystem::remove(folder / "swagger-ui.css");
  CHECK(ask(t, {method::get, "/in/docs/swagger-ui.css"}).status == status::not_found);
  std::filesystem::remove_all(folder);
}
