#include <wend/extra/openapi.hpp>
//
#include <wend/app/group.hpp>
#include <wend/routes.hpp>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "documents/api.hpp"
#include "support/catch.hpp"
#include "support/language.hpp"

using namespace wend;

namespace {

using document = nlohmann::json;

struct shelf {
  std::string label;
};
struct shelves {
  std::vector<shelf> index(query<"limit", int, 20>) const { return {}; }
  created<shelf> create(json<shelf> made) const { return {"/shelves/1", *made}; }
  void remove(std::string_view) const {}
};
struct books {
  std::optional<std::string> show(std::string_view, std::uint32_t) const { return std::nullopt; }
};

document operation(document const& all, std::string const& path, std::string const& method) {
  return all.at("paths").at(path).at(method);
}

}  // namespace

// WEND_WRITE_GOLDEN=1 writes the file anew: a change of what is told is then seen as a difference.
TEST_CASE("the document of a table is what the golden file has", "[extra][openapi]") {
  auto const path = std::filesystem::path(__FILE__).replace_extension(".json");
  auto const told =
      openapi(test::library::api(), {.title = "Library", .version = "2.1"}).dump(2) + "\n";
  if (std::getenv("WEND_WRITE_GOLDEN") != nullptr) std::ofstream(path) << told;
  std::ifstream file(path);
  std::string const golden{std::istreambuf_iterator<char>(file), {}};
  CHECK(told == golden);
}

TEST_CASE("an operation is called after its route, or after method and path", "[extra][openapi]") {
  auto const d = openapi(routes(get<"/notes/{id:int}", "note">([](int) {}),
                                get<"/notes/{id:int}/text">([](int) {}),
                                get<"/a-b/c.d">([] {}),
                                get<"/a/b/c/d">([] {}),
                                get<"/">([] {})));
  CHECK(operation(d, "/notes/{id}", "get").at("operationId") == "note");
  CHECK(operation(d, "/notes/{id}/text", "get").at("operationId") == "get_notes_by_id_text");
  CHECK(operation(d, "/", "get").at("operationId") == "get_root");
  CHECK(operation(d, "/a-b/c.d", "get").at("operationId") == "get_a_b_c_d");
  CHECK(operation(d, "/a/b/c/d", "get").at("operationId") == "get_a_b_c_d_2");
}

TEST_CASE("patterns that OpenAPI takes for one path share it", "[extra][openapi]") {
  auto const d = openapi(routes(get<"/x/{id:int}">([](int) {}),
                                del<"/x/{name}">([](std::string_view) {}),
                                get<"/x/{id:alpha}">([](std::string_view) {}),
                                get<"/x/{word:slug}/y">([](std::string_view) {})));
  CHECK(d.at("paths").size() == 3);
  // the names of the first one hold
  CHECK(operation(d, "/x/{id}", "delete").at("parameters").at(0).at("name") == "id");
  // the same method again needs a path of its own
  CHECK(operation(d, "/x/{id_2}", "get").at("parameters").at(0).at("schema").at("pattern") ==
        "^(?:[A-Za-z]+)$");
}

TEST_CASE("an optional part of a pattern is a path more", "[extra][openapi]") {
  auto const d = openapi(
      routes(get<"/log[/{y:int}[/{m:int}]]">([](std::optional<int>, std::optional<int>) {})));
  CHECK(d.at("paths").size() == 3);
  CHECK(operation(d, "/log", "get").count("parameters") == 0);
  CHECK(operation(d, "/log/{y}", "get").at("parameters").size() == 1);
  CHECK(operation(d, "/log/{y}/{m}", "get").at("parameters").size() == 2);
}

TEST_CASE("what a group says holds for its routes", "[extra][openapi]") {
  auto const d = openapi(routes(
      group<"/a", tag<"one">, deprecated>(get<"/x">([] {}), get<"/y", summary<"Why">>([] {}))));
  CHECK(operation(d, "/a/x", "get").at("tags") == document({"one"}));
  CHECK(operation(d, "/a/x", "get").at("deprecated") == true);
  CHECK(operation(d, "/a/y", "get").at("summary") == "Why");
}

TEST_CASE("a route below a host has that as its server", "[extra][openapi]") {
  auto const d = openapi(routes(
      get<"/">([] {}),
      host<"{tenant}.example.com">(get<"/">([](host_part<"tenant">) { return 1; }),
                                   get<"/who">([](host_part<"tenant">) {}),
                                   when([](request const&) { return true; }, get<"/if">([] {})))));
  CHECK(operation(d, "/who", "get").at("servers") ==
        document::parse(R"([{"url": "//{tenant}.example.com",
                             "variables": {"tenant": {"default": "tenant"}}}])"));
  CHECK(operation(d, "/if", "get").at("servers") == operation(d, "/who", "get").at("servers"));
  CHECK(!operation(d, "/who", "get").contains("parameters"));
  // there is one place for GET /, and the route without a condition has it, or what is not mounted
  CHECK(!operation(d, "/", "get").contains("servers"));
}

TEST_CASE("what is mounted at a host has that as its server", "[extra][openapi]") {
  auto const inner = routes(get<"/", "root">([] {}), get<"/x", "x">([] {}), get<"/y", "y">([] {}));
  auto const text = openapi(routes(host<"{t}.example">(mount<"/m">(inner)),
                                   mount<"/n">(inner),
                                   get<"/m/x", "outer">([] {}),
                                   get<"/n/x", "other">([] {})));
  CHECK(operation(text, "/m/x", "get").at("operationId") == "outer");
  CHECK(operation(text, "/n/x", "get").at("operationId") == "other");
  CHECK(operation(text, "/m/y", "get").at("servers").at(0).at("url") == "//{t}.example");
  CHECK_FALSE(operation(text, "/n/y", "get").contains("servers"));
  CHECK(text.at("paths").size() == 6);
}

TEST_CASE("the members of a resource are told like handlers", "[extra][openapi]") {
  auto const d = openapi(routes(resource<"shelves">(shelves{}, resource<"books">(books{}))));
  CHECK(d.at("paths").size() == 3);
  auto const list = operation(d, "/shelves", "get");
  CHECK(list.at("operationId") == "shelves.index");
  CHECK(list.at("tags") == document({"shelves"}));
  CHECK(list.at("parameters").at(0).at("name") == "limit");
  CHECK(list.at("parameters").at(0).at("schema").at("default") == 20);
  auto const made = operation(d, "/shelves", "post");
  CHECK(made.at("requestBody").at("required") == true);
  CHECK(made.at("responses").contains("201"));
  auto const one = operation(d, "/shelves/{shelves_id}/books/{id}", "get");
  CHECK(one.at("operationId") == "shelves.books.show");
  CHECK(one.at("tags") == document({"shelves"}));
  CHECK(one.at("parameters").at(0).at("name") == "shelves_id");
  CHECK(one.at("parameters").at(1).at("name") == "id");
  CHECK(one.at("responses").contains("404"));
}

TEST_CASE("info that is left out is not told", "[extra][openapi]") {
  auto const d = openapi(routes(),
                         {.title = "T",
                          .contact_email = "a@example.com",
                          .license = "MIT",
                          .tags = {{"t", "Things"}}});
  CHECK(d.at("info") == document{{"title", "T"},
                                 {"version", "1.0"},
                                 {"contact", {{"email", "a@example.com"}}},
                                 {"license", {{"name", "MIT"}, {"identifier", "MIT"}}}});
  CHECK(d.at("tags") == document::array({{{"name", "t"}, {"description", "Things"}}}));
  CHECK(d.at("servers") == document::array({{{"url", "/"}}}));
}

TEST_CASE("a request may leave out what an answer always has", "[extra][openapi]") {
  struct plain {
    std::optional<int> maybe;
    std::string name;
  };
  auto const d = openapi(routes(post<"/a">([](json<plain> p) { return *p; }),
                                post<"/b">([](json<std::vector<plain>>) {}),
                                get<"/c">([] { return std::vector<std::string>{}; })));
  auto const& all = d.at("components").at("schemas");
  CHECK(all.at("plain").at("required") == document({"maybe", "name"}));
  CHECK(all.at("plain_input").at("required") == document({"name"}));
  CHECK(all.at("plain_input").at("properties").at("maybe") ==
        all.at("plain").at("properties").at("maybe"));
  auto const schema = [](document const& body) {
    return body.at("content").at("application/json").at("schema");
  };
  auto const a = operation(d, "/a", "post"), b = operation(d, "/b", "post");
  CHECK(schema(a.at("requestBody")).at("$ref") == "#/components/schemas/plain_input");
  CHECK(schema(a.at("responses").at("200")).at("$ref") == "#/components/schemas/plain");
  CHECK(schema(b.at("requestBody")).at("items").at("$ref") == "#/components/schemas/plain_input");
}

TEST_CASE("an extractor of users may say what it reads", "[extra][openapi]") {
  auto const d = openapi(routes(get<"/">([](test::language l) { return l.code; })));
  CHECK(operation(d, "/", "get").at("parameters") ==
        document::parse(R"([{"name": "Content-Language", "in": "header",
                             "schema": {"type": "string"}}])"));
}

TEST_CASE("names of components are those of the types", "[extra][openapi]") {
  CHECK(detail::component_name("note") == "note");
  CHECK(detail::component_name("app::v1::note") == "note");
  CHECK(detail::component_name("page<app::note>") == "page_note");
  CHECK(detail::component_name("{anonymous}::note") == "note");
  CHECK(detail::component_name("(anonymous namespace)::note") == "note");
  CHECK(detail::component_name("main()::note") == "note");
  CHECK(detail::component_name("main(int, char**)::note") == "note");
}
