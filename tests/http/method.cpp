#include <wend/http/method.hpp>

#include <string>

#include "support/catch.hpp"

using namespace wend;

static_assert(method::get == method{"GET"} && method::get != method{"get"});
static_assert(method::del.name() == "DELETE");
static_assert(is_registered(method{"UPDATEREDIRECTREF"}) && is_registered(method{"LINK"}) &&
              is_registered(method{"ACL"}) && is_registered(method{"VERSION-CONTROL"}));
static_assert(!is_registered(method{"FOO"}) && !is_registered(method{"CONTROL"}) &&
              !is_registered(method{"VERSION"}) && !is_registered(method{"LIN"}) &&
              !is_registered(method{}));

TEST_CASE("the methods that IANA lists are known, and no parts of them", "[http][method]") {
  for (auto name : {"ACL",
                    "BASELINE-CONTROL",
                    "BIND",
                    "CHECKIN",
                    "CHECKOUT",
                    "CONNECT",
                    "COPY",
                    "DELETE",
                    "GET",
                    "HEAD",
                    "LABEL",
                    "LINK",
                    "LOCK",
                    "MERGE",
                    "MKACTIVITY",
                    "MKCALENDAR",
                    "MKCOL",
                    "MKREDIRECTREF",
                    "MKWORKSPACE",
                    "MOVE",
                    "OPTIONS",
                    "ORDERPATCH",
                    "PATCH",
                    "POST",
                    "PRI",
                    "PROPFIND",
                    "PROPPATCH",
                    "PUT",
                    "QUERY",
                    "REBIND",
                    "REPORT",
                    "SEARCH",
                    "TRACE",
                    "UNBIND",
                    "UNCHECKOUT",
                    "UNLINK",
                    "UNLOCK",
                    "UPDATE",
                    "UPDATEREDIRECTREF",
                    "VERSION-CONTROL"}) {
    INFO(name);
    CHECK(is_registered(method(name)));
    CHECK_FALSE(is_registered(method("X" + std::string(name))));
  }
}

TEST_CASE("a method is a token of at most 23 bytes", "[http][method]") {
  CHECK(method(std::string(23, 'X')).name().size() == 23);
  CHECK_THROWS_AS(method(std::string(24, 'X')), std::invalid_argument);
  CHECK_THROWS_AS(method(""), std::invalid_argument);
  CHECK_THROWS_AS(method("GE T"), std::invalid_argument);
}
