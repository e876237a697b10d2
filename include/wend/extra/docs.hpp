// The documentation of a table, served by the table: its OpenAPI document, and a page to read it
// and to try it out.
//
// The page is one of ours, made of three small files that stand in docs_page.hpp and need nothing
// from any other host. Swagger UI is shown instead where its files are: see `docs`.
#pragma once

#include <wend/app/mount.hpp>
#include <wend/extra/detail/docs_page.hpp>
#include <wend/extra/openapi.hpp>
#include <wend/http/method.hpp>
#include <wend/http/percent.hpp>
#include <wend/http/problem.hpp>
#include <wend/http/request.hpp>
#include <wend/http/response.hpp>
#include <wend/net/file.hpp>
#include <wend/route/fixed_string.hpp>

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

namespace wend {

/// What `docs` puts into a table.
class docs_pages {
 public:
  using reads_table = void;

  docs_pages(api_info info, std::string swagger_ui)
      : info_(std::move(info)), swagger_ui_(std::move(swagger_ui)) {}

  template <class Table>
  void answer(Table const& api, request& in, response& out) const;

 private:
  struct made {
    std::once_flag once;
    std::string document;
  };

  void answer(std::string_view path, std::string_view prefix, response& out) const;
  bool has_swagger_ui() const;

  api_info info_;
  std::string swagger_ui_;
  std::shared_ptr<made> made_ = std::make_shared<made>();
};

/// An entry of a table that documents all of that table, groups around and tables within included:
///
///     wend::docs<"/docs">({.title = "Notes", .version = "1.0"})
///
///     /docs                a page to read the API and to try it out
///     /docs/openapi.json   the OpenAPI 3.1 document that it is made from, see `openapi`
///
/// `swagger_ui` is a directory with the files of the npm package swagger-ui-dist; where it has them,
/// that is the page. Either page loads nothing from other hosts, and its Content-Security-Policy
/// lets it ask none but those in `api_info::servers`.
///
/// The document is made when it is asked for first. Below a router it knows only the table that was
/// added together with it.
template <fixed_string Prefix>
auto docs(api_info info = {},
          std::string swagger_ui = {},
          call_site where = {__builtin_FILE(), __builtin_LINE()}) {
  if constexpr (!detail::prefix_sound<Prefix>()) {
    (void)detail::explain_prefix<Prefix>{};
    return mount_point<"", detail::nothing_mounted>{{}, where};
  } else {
    return mount_point<detail::trimmed_prefix<Prefix>(), docs_pages>{
        docs_pages(std::move(info), std::move(swagger_ui)), where};
  }
}

// ------------------------------------------------------------------------------------------------

template <class Table>
void docs_pages::answer(Table const& api, request& in, response& out) const {
  if (in.method != method::get && in.method != method::head) {
    if (in.method == method::options)
      out.status = status::no_content;
    else
      problem(status::method_not_allowed).write(out);
    out.set("Allow", "GET, HEAD, OPTIONS");
    return;
  }
  std::call_once(made_->once, [&] { made_->document = detail::write_openapi(api, info_); });
  answer(in.mount_path, in.mount_prefix, out);
}

inline bool docs_pages::has_swagger_ui() const {
  std::error_code unknown;
  return !swagger_ui_.empty() &&
         std::filesystem::exists(swagger_ui_ + "/swagger-ui-bundle.js", unknown);
}

inline void docs_pages::answer(std::string_view path,
                               std::string_view prefix,
                               response& out) const {
  auto const say = [&](std::string_view type, std::string content) {
    out.set("Content-Type", type);
    out.set("Cache-Control", "no-cache");
    out.body = std::move(content);
  };
  auto const send = [&](std::string_view name, std::string_view type) {
    responder<file>::respond(file(swagger_ui_ + "/" + std::string(name), std::string(type)), out);
  };
  constexpr std::string_view html = "text/html; charset=utf-8",
                             script = "text/javascript; charset=utf-8",
                             style = "text/css; charset=utf-8";
  if (path == "/") {
    bool const swagger = has_swagger_ui();
    say(html, detail::docs_page(info_.title, percent_encode(prefix, "/"), swagger));
    std::string policy = "default-src 'self'; img-src 'self' data:; base-uri 'none'; ";
    policy += swagger ? "style-src 'self' 'unsafe-inline'; " : "";
    policy += "connect-src 'self'";
    for (auto const& server : info_.servers)
      if (auto const host = server.find("://"); host != server.npos)
        policy += " " + server.substr(0, server.find('/', host + 3));
    out.set("Content-Security-Policy", policy);
  } else if (path == "/openapi.json") {
    say("application/json", made_->document);
  } else if (path == "/docs.js") {
    say(script, std::string(has_swagger_ui() ? detail::swagger_script : detail::docs_script));
  } else if (path == "/docs.css") {
    say(style, std::string(detail::docs_style));
  } else if (path == "/swagger-ui-bundle.js" && has_swagger_ui()) {
    send(path.substr(1), script);
  } else if (path == "/swagger-ui.css" && has_swagger_ui()) {
    send(path.substr(1), style);
  } else {
    problem(status::not_found).write(out);
  }
}

}  // namespace wend
