// What a middleware that asks who a client is says of itself to the documentation.
#pragma once

#include <string_view>

namespace wend {

/// How clients authenticate (OpenAPI 3.1.0 4.8.27). A middleware that asks for it says so:
///
///     struct bearer_token {
///       static constexpr wend::security_scheme security{.name = "token", .scheme = "bearer"};
///       user before(wend::request& in);   // throws a problem 401
///     };
struct security_scheme {
  std::string_view name;            ///< of the scheme in the document
  std::string_view type = "http";   ///< or "apiKey"
  std::string_view scheme = "";     ///< of HTTP: "basic", "bearer"
  std::string_view in = "";         ///< of an API key: "header", "query" or "cookie"
  std::string_view parameter = "";  ///< and what it is called there
};

}  // namespace wend
