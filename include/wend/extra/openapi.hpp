// OpenAPI 3.1 (OpenAPI Specification 3.1.0): a table as a document that other tools read.
//
// All of it is read from the types of the table. Paths and their parameters come from patterns and
// from what handlers take, schemas from the types, responses from what handlers return and from
// what wend answers when a request does not fit. What types cannot say stands at the route: see
// app/route_options.hpp. A struct whose members have defaults is two schemas: of what a request may
// leave out nothing is missing in an answer.
//
// A route below a `host` has that as its server. Of two that differ in their conditions alone the
// document has a place for one: the one without, or the first.
//
// Not told: routes of routers and what is mounted but no table; methods that OpenAPI has no place
// for; what only the code of a handler knows, such as the problems it throws, unless `may_answer`
// says so. A capture that may hold slashes is told as a parameter that OpenAPI says has none.
#pragma once

#include <wend/app/mount.hpp>
#include <wend/app/security_scheme.hpp>
#include <wend/app/table.hpp>
#include <wend/extra/detail/describe_route.hpp>
#include <wend/extra/detail/openapi_writer.hpp>
#include <wend/handler/json.hpp>

#include <cstddef>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace wend {

/// What a table does not know of its API: the Info Object (4.8.2), and where it is served.
struct api_info {
  std::string title = "API";
  std::string version = "1.0";        ///< of the API, not of the program
  std::string summary = "";           ///< in a few words; left out when empty, as all below
  std::string description = "";       ///< CommonMark
  std::string terms_of_service = "";  ///< a URL
  std::string contact_name = "", contact_url = "", contact_email = "";
  std::string license = "";      ///< an SPDX expression, "MIT"; or a name, with
  std::string license_url = "";  ///< where it can be read
  std::vector<std::pair<std::string, std::string>>
      tags{};                                ///< what tags stand for: name, CommonMark
  std::vector<std::string> servers = {"/"};  ///< URLs that paths are appended to, without a slash
};

/// The OpenAPI document of a table.
///
///     std::cout << wend::openapi(api, {.title = "Notes", .version = "1.0"}).dump(2);
///
/// A struct or enum becomes a component under its name, a route an operation under its name; what
/// has none is called after its method and path. Complexity: linear in routes and types.
template <class Scopes, class... Routes>
nlohmann::json openapi(table<Scopes, Routes...> const& api, api_info const& info = {});

// ------------------------------------------------------------------------------------------------

namespace detail {

/// The security schemes of the middleware in a list.
template <class... M>
std::vector<security_scheme> schemes_of(std::type_identity<use_list<M...>>) {
  std::vector<security_scheme> out;
  auto const add = [&]<class One>(std::type_identity<One>) {
    if constexpr (requires { One::security; }) out.push_back(One::security);
  };
  (add(std::type_identity<M>{}), ...);
  return out;
}

template <fixed_string Prefix, std::size_t Outer, claim Claim, class List>
std::vector<security_scheme> schemes_of(scoped<Prefix, Outer, Claim, List> const&) {
  return schemes_of(std::type_identity<List>{});
}

template <class Route>
documented_route describe_route() {
  static constexpr auto handler = describe_handler<typename Route::handler_type>();
  documented_route out;
  out.method = Route::method;
  out.pattern = &Route::pattern::parsed;
  out.name = Route::name;
  out.handler = &handler;
  Route::each_option([&](auto const& option) { out.apply(option); });
  return out;
}

/// Adds the routes of a table below a prefix, inside of middleware with these schemes.
template <class Table>
struct table_reader;
template <class... S, class... Routes>
struct table_reader<table<scope_set<S...>, Routes...>> {
  using table_type = table<scope_set<S...>, Routes...>;

  static void read(table_type const& api,
                   openapi_writer& to,
                   std::string const& prefix,
                   std::vector<security_scheme> const& around) {
    std::vector<std::vector<security_scheme>> scopes;
    [&]<std::size_t... K>(std::index_sequence<K...>) {
      (scopes.push_back(schemes_of(api.template scope_at<K>())), ...);
    }(std::index_sequence_for<S...>{});
    auto const one = [&]<class Route>(Route const& r, bool conditional) {
      auto index = scope_of_route<Route>;
      auto const all = table_type::facts::scope_list;
      if ((condition_around(all, index) != 0) != conditional) return;
      auto schemes = around;
      condition const* host = nullptr;
      for (; index != 0; index = all[index - 1].outer) {
        schemes.insert(schemes.end(), scopes[index - 1].begin(), scopes[index - 1].end());
        auto const& c = all[index - 1].only_if;
        if (host == nullptr && c.is == condition::kind::host) host = &c;
      }
      read_one(r, to, prefix, std::move(schemes), conditional, host);
    };
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      for ([[maybe_unused]] bool const conditional : {false, true})
        (one(api.template at<I>(), conditional), ...);
    }(std::index_sequence_for<Routes...>{});
  }

  template <class Route>
  static void read_one(Route const& r,
                       openapi_writer& to,
                       std::string const& prefix,
                       std::vector<security_scheme> schemes,
                       [[maybe_unused]] bool conditional,
                       [[maybe_unused]] condition const* host) {
    if constexpr (!is_mount<Route>) {
      auto described = describe_route<Route>();
      described.schemes = std::move(schemes);
      described.conditional = conditional;
      if (host != nullptr) described.host = host->host;
      to.add(prefix, described);
    } else if constexpr (is_table<typename Route::handler_type>) {
      auto const text = Route::text.view();
      auto const below = prefix + std::string(text.substr(0, text.find('[')));
      table_reader<typename Route::handler_type>::read(r.handler, to, below, schemes);
    }
  }
};

inline std::string write_info(api_info const& info) {
  json_object out, contact, license;
  out.add("title", info.title).add_some("summary", info.summary);
  out.add_some("description", info.description).add_some("termsOfService", info.terms_of_service);
  contact.add_some("name", info.contact_name).add_some("url", info.contact_url);
  contact.add_some("email", info.contact_email);
  if (!contact.empty()) out.raw("contact", contact.text());
  license.add_some("name", info.license);
  license.add_some(info.license_url.empty() ? "identifier" : "url",
                   info.license_url.empty() ? info.license : info.license_url);
  if (!license.empty()) out.raw("license", license.text());
  return out.add("version", info.version).text();
}

/// The document as JSON text.
template <class Table>
std::string write_openapi(Table const& api, api_info const& info) {
  openapi_writer to;
  table_reader<Table>::read(api, to, "", {});
  json_object out;
  json_list servers, tags;
  out.add("openapi", "3.1.0").raw("info", write_info(info));
  for (auto const& url : info.servers)
    servers.raw(json_object().add("url", url).text());
  out.raw("servers", servers.text());
  for (auto const& [name, text] : info.tags)
    tags.raw(json_object().add("name", name).add("description", text).text());
  if (!tags.empty()) out.raw("tags", tags.text());
  to.finish(out);
  return out.text();
}

}  // namespace detail

template <class Scopes, class... Routes>
nlohmann::json openapi(table<Scopes, Routes...> const& api, api_info const& info) {
  return nlohmann::json::parse(detail::write_openapi(api, info));
}

}  // namespace wend
