// Groups: who may come in, who that is, how long it took and what errors look like is said once.
#include <chrono>
#include <map>
#include <variant>

#include "options.hpp"

struct user {
  std::string name;
  bool admin = false;
};

/// Lets in who has a token, and supplies the user to what is inside.
struct bearer_auth {
  std::map<std::string, user> tokens;

  std::variant<user, wend::problem> before(wend::request& in) const {
    auto const given = in.field("Authorization").value_or("");
    for (auto const& [token, who] : tokens)
      if (wend::timing_safe_equal(given, "Bearer " + token)) return who;
    wend::problem refused(wend::status::unauthorized, "a token is needed");
    refused.fields.add("WWW-Authenticate", "Bearer");
    return refused;
  }
};

/// Takes what another one supplies, which therefore has to be around it: else it does not compile.
struct admins_only {
  std::optional<wend::problem> before(wend::request&, wend::provided<user> who) const {
    if (who->admin) return std::nullopt;
    return wend::problem(wend::status::forbidden, who->name + " is no admin");
  }
};

/// Says how long everything inside has taken.
struct timing {
  auto before(wend::request&) { return std::chrono::steady_clock::now(); }
  void after(wend::request const&,
             wend::response& out,
             std::chrono::steady_clock::time_point since) {
    std::chrono::duration<double, std::milli> const took = std::chrono::steady_clock::now() - since;
    out.set("Server-Timing", "app;dur=" + std::to_string(took.count()));
  }
};

/// A page for people; programs get the problem as JSON.
void page_for_people(wend::problem const& p, wend::request const& in, wend::response& out) {
  if (in.field("Accept").value_or("").find("text/html") == std::string_view::npos) return;
  out.set("Content-Type", "text/html; charset=utf-8");
  out.body =
      "<!doctype html><title>Sorry</title><h1>" + std::string(wend::reason(p.status)) + "</h1>\n";
}

int main(int argc, char** argv) {
  bearer_auth const auth{{{"t-ann", {"ann", true}}, {"t-bob", {"bob"}}}};

  // A table like any other, but one that is not served without a user supplied around it.
  auto const admin = wend::group<"/admin">(wend::use(admins_only{}),
                                           wend::get<"/">([](wend::provided<user> who) {
                                             return "at your service, " + who->name + "\n";
                                           }),
                                           wend::del<"/cache">([] {}));

  auto app = wend::routes(
      // The first is the outermost, and sees what all others have made of a response.
      wend::use(wend::access_log{std::clog}, wend::error_format{page_for_people}),
      wend::get<"/">([] { return "this is for everybody\n"; }),
      wend::group<"/api">(wend::use(timing{}, auth),
                          wend::get<"/me">([](wend::provided<user> who) { return *who; }),
                          admin));

  wend::serve(app, example::options(argc, argv));
}
