// OpenAPI 3.1 (OpenAPI Specification 3.1.0): a table as a document that other tools read.
//
// All of it is read from the types of the table. Paths and their parameters come from patterns and
// from what handlers take, schemas from the types, responses from what handlers return and from
// what wend answers when a request does not fit. What types cannot say stands at the route: see
// app/route_options.hpp. A struct whose members have defaults is two schemas: of what a request may
// leave out nothing is missing in an answer.
//
// A route below a `host` has that as its server. Of two with one method and path, as conditions and
// mounts allow, the document has a place for one: that without a condition and not mounted, or the
// first.
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

/// What stands around a table.
struct documented_place {
  std::string prefix{};
  std::vector<security_scheme> schemes{};
  parsed_pattern const* host = nullptr;
  bool may_be_taken = false;
};

/// Adds the routes of a table.
template <class Table>
struct table_reader;
template <class... S, class... Routes>
struct table_reader<table<scope_set<S...>, Routes...>> {
  using table_type = table<scope_set<S...>, Routes...>;

  static void read(table_type const& api, openapi_writer& to, documented_place const& around) {
    std::vector<std::vector<security_scheme>> schemes;
    [&]<std::size_t... K>(std::index_sequence<K...>) {
      (schemes.push_back(schemes_of(api.template scope_at<K>())), ...);
    }(std::index_sequence_for<S...>{});
    [[maybe_unused]] auto const one = [&]<class Route>(Route const& r, int turn) {
      auto const all = table_type::facts::scope_list;
      auto index = std::size_t{scope_of_route<Route>};
      bool const conditional = condition_around(all, index) != 0;
      if (turn != (conditional ? 2 : is_mount<Route> ? 1 : 0)) return;
      auto place = around;
      place.may_be_taken = place.may_be_taken || turn > 0;
      bool host_known = false;
      for (; index != 0; index = all[index - 1].outer) {
        auto const& more = schemes[index - 1];
        place.schemes.insert(place.schemes.end(), more.begin(), more.end());
        if (host_known || all[index - 1].only_if.is != condition::kind::host) continue;
        place.host = all[index - 1].only_if.host;
        host_known = true;
      }
      read_one(r, to, std::move(place));
    };
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      for ([[maybe_unused]] int const turn : {0, 1, 2})
        (one(api.template at<I>(), turn), ...);
    }(std::index_sequence_for<Routes...>{});
  }

  template <class Route>
  static void read_one(Route const& r, openapi_writer& to, documented_place place) {
    if constexpr (!is_mount<Route>) {
      auto described = describe_route<Route>();
      described.schemes = std::move(place.schemes);
      described.host = place.host;
      described.may_be_taken = place.may_be_taken;
      to.add(place.prefix, described);
    } else if constexpr (is_table<typename Route::handler_type>) {
      auto const text = Route::text.view();
      place.prefix += text.substr(0, text.find('['));
      table_reader<typename Route::handler_type>::read(r.handler, to, place);
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
  table_reader<Table>::read(api, to, {});
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
