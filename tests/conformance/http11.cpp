// What a server of HTTP/1.1 answers to which bytes, whole and at every split: RFC 9112, RFC 9110.
#include <wend/wire/session.hpp>

#include <string>
#include <string_view>

#include "support/catch.hpp"
#include "support/every_split.hpp"
#include "support/session_owner.hpp"

using namespace std::string_literals;
using namespace std::string_view_literals;

namespace {

/// The connection after all bytes were sent and answered.
enum class then : bool { open, closed };

struct row {
  std::string_view because;
  std::string sent;
  std::string_view statuses;  // of the answers, in order
  then connection;
};

/// Small limits, so that the rows beyond them are short.
constexpr wend::limits small{
    .target = 100, .head = 400, .fields = 8, .body = 50, .chunk_line = 20, .trailers = 60};

/// Takes bodies, but not at /bodyless; refuses /missing before the body.
void answer_like_a_small_app(wend::test::session_owner& owner) {
  owner.route = [](wend::session& s) -> std::optional<wend::body_policy> {
    auto const path = s.request().target.path;
    if (path == "/missing") {
      s.response().status = wend::status::not_found;
      return std::nullopt;
    }
    return wend::body_policy{.mode = path == "/bodyless" ? wend::body_mode::unwanted
                                                         : wend::body_mode::whole};
  };
}

/// The same, but its handlers read bodies in pieces.
void answer_like_a_streaming_app(wend::test::session_owner& owner) {
  owner.echo_in_pieces();
  auto const echo = owner.handler;
  owner.handler = [echo](wend::request& in, wend::response& out) {
    return in.target.path == "/bodyless" || echo(in, out);
  };
  owner.route = [](wend::session& s) -> std::optional<wend::body_policy> {
    if (s.request().target.path != "/missing")
      return wend::body_policy{.mode = wend::body_mode::pieces};
    s.response().status = wend::status::not_found;
    return std::nullopt;
  };
}

/// Checks the rows against either app.
void check(std::vector<row> const& rows) {
  for (auto const& r : rows)
    DYNAMIC_SECTION(r.because) {
      auto const app = GENERATE(answer_like_a_small_app, answer_like_a_streaming_app);
      wend::test::every_split(r.sent, [&](wend::test::pieces const& pieces) {
        wend::test::session_owner owner(small);
        app(owner);
        owner.feed_all(pieces);
        CAPTURE(pieces.size(), pieces.front().size());
        CHECK(owner.statuses() == r.statuses);
        CHECK(owner.finished == (r.connection == then::closed));
        for (auto const& target : owner.targets)
          CHECK(target != "/smuggled");
        if (owner.finished) {  // every refusal says so
          CHECK(owner.responses().back().has("Connection: close"));
        }
      });
    }
}

std::string const host = "Host: a.example\r\n";

std::string get(std::string_view target, std::string_view fields = {}) {
  return "GET " + std::string(target) + " HTTP/1.1\r\n" + host + std::string(fields) + "\r\n";
}

std::string post(std::string_view fields, std::string_view body = {}) {
  return "POST / HTTP/1.1\r\n" + host + std::string(fields) + "\r\n" + std::string(body);
}

std::string with_line(std::string_view request_line) {
  return std::string(request_line) + "\r\n" + host + "\r\n";
}

std::string with_host(std::string_view fields) {
  return "GET / HTTP/1.1\r\n" + std::string(fields) + "\r\n";
}

std::string chunks(std::string_view body) {
  return post("Transfer-Encoding: chunked\r\n", body);
}

std::string const smuggled = get("/smuggled");

}  // namespace

TEST_CASE("a request line has three parts and nothing else", "[conformance]") {
  check({
      {"a plain one (9112 3)", with_line("GET / HTTP/1.1"), "200", then::open},
      {"one empty line before it is skipped (9112 2.2)",
       "\r\n" + with_line("GET / HTTP/1.1"),
       "200",
       then::open},
      {"two empty lines are not", "\r\n\r\n" + with_line("GET / HTTP/1.1"), "400", then::closed},
      {"an empty line of a bare LF is not",
       "\n" + with_line("GET / HTTP/1.1"),
       "400",
       then::closed},
      {"a blank in front", with_line(" GET / HTTP/1.1"), "400", then::closed},
      {"two spaces after the method", with_line("GET  / HTTP/1.1"), "400", then::closed},
      {"two spaces before the version", with_line("GET /  HTTP/1.1"), "400", then::closed},
      {"a space at the end", with_line("GET / HTTP/1.1 "), "400", then::closed},
      {"tabs for spaces", with_line("GET\t/\tHTTP/1.1"), "400", then::closed},
      {"a tab in the target", with_line("GET /\tx HTTP/1.1"), "400", then::closed},
      {"a space in the target", with_line("GET /a b HTTP/1.1"), "400", then::closed},
      {"no target", with_line("GET HTTP/1.1"), "400", then::closed},
      {"an empty target", with_line("GET  HTTP/1.1"), "400", then::closed},
      {"no version, as HTTP/0.9 had it", "GET /\r\n", "400", then::closed},
      {"no method", with_line("/ HTTP/1.1"), "400", then::closed},
      {"words that are no request", "hello\r\n", "400", then::closed},
      {"a method that is no token (9110 9.1)", with_line("G(T / HTTP/1.1"), "400", then::closed},
      {"a method with a colon", with_line("GET: / HTTP/1.1"), "400", then::closed},
      {"a method over 0x7F", with_line("G\xc3\x89T / HTTP/1.1"), "400", then::closed},
      {"a method nobody knows is the app's to answer",
       with_line("PURGE / HTTP/1.1"),
       "200",
       then::open},
      {"methods are case-sensitive, get is another",
       with_line("get / HTTP/1.1"),
       "200",
       then::open},
      {"a method of 23 bytes", with_line(std::string(23, 'M') + " / HTTP/1.1"), "200", then::open},
      {"a method of 24 bytes (9112 3)",
       with_line(std::string(24, 'M') + " / HTTP/1.1"),
       "501",
       then::closed},
      {"a method without end", std::string(200, 'M'), "501", then::closed},
      {"a CR in the line", with_line("GET /\r HTTP/1.1"), "400", then::closed},
      {"a NUL in the target", with_line("GET /\0x HTTP/1.1"sv), "400", then::closed},
      {"a DEL in the target", with_line("GET /\x7f HTTP/1.1"), "400", then::closed},
      {"bare LFs for line ends", "GET / HTTP/1.1\nHost: a\n\n", "400", then::closed},
      {"one bare LF after the request line",
       "GET / HTTP/1.1\n" + host + "\r\n",
       "400",
       then::closed},
  });
}

TEST_CASE("only HTTP/1 is spoken", "[conformance]") {
  check({
      {"1.1", with_line("GET / HTTP/1.1"), "200", then::open},
      {"1.0 ends the connection (9112 9.3)", "GET / HTTP/1.0\r\n\r\n", "200", then::closed},
      {"1.2 is answered as 1.1 (9110 2.5)", with_line("GET / HTTP/1.2"), "200", then::open},
      {"1.9 needs a Host too", "GET / HTTP/1.9\r\n\r\n", "400", then::closed},
      {"2.0", with_line("GET / HTTP/2.0"), "505", then::closed},
      {"0.9", with_line("GET / HTTP/0.9"), "505", then::closed},
      {"3.0", with_line("GET / HTTP/3.0"), "505", then::closed},
      {"2 without a minor", with_line("GET / HTTP/2"), "400", then::closed},
      {"two digits of minor", with_line("GET / HTTP/1.10"), "400", then::closed},
      {"two digits of major", with_line("GET / HTTP/11.1"), "400", then::closed},
      {"lower case (9112 2.3)", with_line("GET / http/1.1"), "400", then::closed},
      {"another protocol", with_line("GET / HTTX/1.1"), "400", then::closed},
      {"a sign", with_line("GET / HTTP/+1.1"), "400", then::closed},
      {"a comma", with_line("GET / HTTP/1,1"), "400", then::closed},
      {"letters", with_line("GET / HTTP/1.x"), "400", then::closed},
      {"nothing after the slash", with_line("GET / HTTP/"), "400", then::closed},
      {"the preface of HTTP/2 (9113 3.4)", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "505", then::closed},
      {"a TLS client hello",
       "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"s + std::string(50, '\x8a'),
       "400",
       then::closed},
      {"an SSH banner", "SSH-2.0-OpenSSH_9.2\r\n", "400", then::closed},
  });
}

TEST_CASE("a target has one of four forms", "[conformance]") {
  check({
      {"origin with a query (9112 3.2.1)", get("/a/b?c=d&e"), "200", then::open},
      {"origin with escapes", get("/%41%2f"), "200", then::open},
      {"absolute (9112 3.2.2)", get("http://b.example/x"), "200", then::open},
      {"absolute without a path", get("http://b.example"), "200", then::open},
      {"absolute with a port", get("https://b.example:8443/?q"), "200", then::open},
      {"absolute still needs a Host",
       "GET http://b.example/ HTTP/1.1\r\n\r\n",
       "400",
       then::closed},
      {"absolute without an authority", get("http:///x"), "400", then::closed},
      {"absolute with user information", get("http://u:p@b.example/"), "400", then::closed},
      {"absolute of another scheme", get("ftp://b.example/"), "400", then::closed},
      {"asterisk (9112 3.2.4)", with_line("OPTIONS * HTTP/1.1"), "200", then::open},
      {"asterisk is for OPTIONS", get("*"), "400", then::closed},
      {"CONNECT without a port (9112 3.2.3)",
       with_line("CONNECT b.example HTTP/1.1"),
       "400",
       then::closed},
      {"CONNECT with a path", with_line("CONNECT / HTTP/1.1"), "400", then::closed},
      {"authority is for CONNECT", get("b.example:80"), "400", then::closed},
      {"a relative path", get("a/b"), "400", then::closed},
      {"a fragment", get("/a#b"), "400", then::closed},
      {"a raw byte over 0x7F", get("/\xc3\xa9"), "400", then::closed},
      {"a backslash", get("/a\\b"), "400", then::closed},
      {"angle brackets", get("/<x>"), "400", then::closed},
      {"a quote", get("/\"x\""), "400", then::closed},
      {"100 bytes, the limit", get("/" + std::string(99, 'a')), "200", then::open},
      {"101 bytes (9112 3)", get("/" + std::string(100, 'a')), "414", then::closed},
      {"far more", get("/" + std::string(350, 'a')), "414", then::closed},
      {"without end", "GET /" + std::string(300, 'a'), "414", then::closed},
  });
}

TEST_CASE("a request has one valid Host", "[conformance]") {
  check({
      {"a name (9112 3.2)", with_host("Host: a.example\r\n"), "200", then::open},
      {"a name and a port", with_host("Host: a.example:8080\r\n"), "200", then::open},
      {"an IPv4 address", with_host("Host: 127.0.0.1:80\r\n"), "200", then::open},
      {"an IPv6 address", with_host("Host: [::1]:80\r\n"), "200", then::open},
      {"an empty port (3986 3.2.3)", with_host("Host: a:\r\n"), "200", then::open},
      {"blanks around it", with_host("Host: \t a.example \t\r\n"), "200", then::open},
      {"no blank before it", with_host("Host:a.example\r\n"), "200", then::open},
      {"in capitals", with_host("HOST: a.example\r\n"), "200", then::open},
      {"missing", with_host(""), "400", then::closed},
      {"missing among others", with_host("Hos: a\r\nHostt: b\r\n"), "400", then::closed},
      {"missing is fine in 1.0", "GET / HTTP/1.0\r\nA: b\r\n\r\n", "200", then::closed},
      {"two, of 1.0", "GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", "400", then::closed},
      {"invalid, of 1.0", "GET / HTTP/1.0\r\nHost: a b\r\n\r\n", "400", then::closed},
      {"two", with_host("Host: a\r\nHost: b\r\n"), "400", then::closed},
      {"the same twice", with_host("Host: a\r\nX: y\r\nhost: a\r\n"), "400", then::closed},
      {"empty (9110 4.2.1)", with_host("Host:\r\n"), "400", then::closed},
      {"blanks only", with_host("Host: \t \r\n"), "400", then::closed},
      {"a list", with_host("Host: a, b\r\n"), "400", then::closed},
      {"two words", with_host("Host: a b\r\n"), "400", then::closed},
      {"user information", with_host("Host: u@a\r\n"), "400", then::closed},
      {"a path", with_host("Host: a/b\r\n"), "400", then::closed},
      {"a URI", with_host("Host: http://a\r\n"), "400", then::closed},
      {"a query", with_host("Host: a?b\r\n"), "400", then::closed},
      {"a port that is no number", with_host("Host: a:http\r\n"), "400", then::closed},
      {"a port beyond 65535", with_host("Host: a:65536\r\n"), "400", then::closed},
      {"a negative port", with_host("Host: a:-1\r\n"), "400", then::closed},
      {"two ports", with_host("Host: a:1:2\r\n"), "400", then::closed},
      {"a port alone", with_host("Host: :80\r\n"), "400", then::closed},
      {"an open bracket", with_host("Host: [::1\r\n"), "400", then::closed},
      {"empty brackets", with_host("Host: []\r\n"), "400", then::closed},
      {"brackets around what is no address", with_host("Host: [1:2]\r\n"), "400", then::closed},
      {"an IPv6 address without brackets", with_host("Host: ::1\r\n"), "400", then::closed},
      {"bytes over 0x7F", with_host("Host: \xc3\xa9.example\r\n"), "400", then::closed},
      {"half an escape", with_host("Host: a%2\r\n"), "400", then::closed},
      {"a quote", with_host("Host: \"a\"\r\n"), "400", then::closed},
  });
}

TEST_CASE("a field is a token, a colon and a value", "[conformance]") {
  check({
      {"an empty value (9110 5.5)", get("/", "X:\r\n"), "200", then::open},
      {"a tab within a value", get("/", "X: a\tb\r\n"), "200", then::open},
      {"bytes over 0x7F in a value", get("/", "X: \xff\xfe\r\n"), "200", then::open},
      {"every tchar in a name (9110 5.6.2)",
       get("/", "!#$%&'*+-.^_`|~0aZ: x\r\n"),
       "200",
       then::open},
      {"colons in a value", get("/", "X: a:b::c\r\n"), "200", then::open},
      {"a space before the colon (9112 5.1)", get("/", "X : a\r\n"), "400", then::closed},
      {"a tab before the colon", get("/", "X\t: a\r\n"), "400", then::closed},
      {"a space in a name", get("/", "X Y: a\r\n"), "400", then::closed},
      {"an empty name", get("/", ": a\r\n"), "400", then::closed},
      {"no colon", get("/", "X\r\n"), "400", then::closed},
      {"a bracket in a name", get("/", "X[0]: a\r\n"), "400", then::closed},
      {"a byte over 0x7F in a name", get("/", "X\xe9: a\r\n"), "400", then::closed},
      {"a folded value (9112 5.2)", get("/", "X: a\r\n b\r\n"), "400", then::closed},
      {"folded with a tab", get("/", "X: a\r\n\tb\r\n"), "400", then::closed},
      {"folded to nothing", get("/", "X: a\r\n \r\n"), "400", then::closed},
      {"a blank before the first field (9112 2.2)",
       "GET / HTTP/1.1\r\n Host: a\r\n\r\n",
       "400",
       then::closed},
      {"a bare LF between fields", get("/", "X: a\nY: b\r\n"), "400", then::closed},
      {"a bare CR in a value", get("/", "X: a\rb\r\n"), "400", then::closed},
      {"two CRs", get("/", "X: a\r\r\n"), "400", then::closed},
      {"a NUL in a value", get("/", "X: a\0b\r\n"sv), "400", then::closed},
      {"an ESC in a value", get("/", "X: \x1b[0m\r\n"), "400", then::closed},
      {"a DEL in a value", get("/", "X: \x7f\r\n"), "400", then::closed},
      {"a NUL in a name", get("/", "X\0: a\r\n"sv), "400", then::closed},
      {"a head that ends in a bare LF", "GET / HTTP/1.1\r\n" + host + "\n", "400", then::closed},
      {"a head that ends in CR CR LF", "GET / HTTP/1.1\r\n" + host + "\r\r\n", "400", then::closed},
  });
}

TEST_CASE("a body has one length", "[conformance]") {
  check({
      {"none (9112 6.3)", post(""), "200", then::open},
      {"zero", post("Content-Length: 0\r\n"), "200", then::open},
      {"three bytes", post("Content-Length: 3\r\n", "abc"), "200", then::open},
      {"leading zeros are digits (9110 8.6)",
       post("Content-Length: 0003\r\n", "abc"),
       "200",
       then::open},
      {"a GET may have one (9110 9.3.1)",
       get("/", "Content-Length: 3\r\n") + "abc",
       "200",
       then::open},
      {"control bytes are fine in a body",
       post("Content-Length: 4\r\n", "\0\r\n\x7f"sv),
       "200",
       then::open},
      {"two", post("Content-Length: 3\r\nContent-Length: 4\r\n", "abcd"), "400", then::closed},
      {"two that agree",
       post("Content-Length: 3\r\nContent-Length: 3\r\n", "abc"),
       "400",
       then::closed},
      {"a list that agrees", post("Content-Length: 3, 3\r\n", "abc"), "400", then::closed},
      {"a list", post("Content-Length: 3, 4\r\n", "abc"), "400", then::closed},
      {"a comma", post("Content-Length: 3,\r\n", "abc"), "400", then::closed},
      {"empty", post("Content-Length:\r\n"), "400", then::closed},
      {"a plus", post("Content-Length: +3\r\n", "abc"), "400", then::closed},
      {"a minus", post("Content-Length: -3\r\n", "abc"), "400", then::closed},
      {"hex", post("Content-Length: 0x3\r\n", "abc"), "400", then::closed},
      {"a fraction", post("Content-Length: 3.0\r\n", "abc"), "400", then::closed},
      {"an exponent", post("Content-Length: 3e0\r\n", "abc"), "400", then::closed},
      {"a space within", post("Content-Length: 1 2\r\n", "abc"), "400", then::closed},
      {"quoted", post("Content-Length: \"3\"\r\n", "abc"), "400", then::closed},
      {"a word", post("Content-Length: three\r\n", "abc"), "400", then::closed},
      {"the largest 64 bits hold",
       post("Content-Length: 18446744073709551615\r\n"),
       "413",
       then::closed},
      {"one more", post("Content-Length: 18446744073709551616\r\n"), "400", then::closed},
      {"twenty digits", post("Content-Length: 99999999999999999999\r\n"), "400", then::closed},
      {"a great many zeros",
       post("Content-Length: " + std::string(60, '0') + "3\r\n", "abc"),
       "200",
       then::open},
      {"50 bytes, the limit",
       post("Content-Length: 50\r\n", std::string(50, 'x')),
       "200",
       then::open},
      {"51 bytes, refused before they come (9110 15.5.14)",
       post("Content-Length: 51\r\n"),
       "413",
       then::closed},
  });
}

TEST_CASE("a transfer coding is chunked, once, and alone", "[conformance]") {
  auto const coded = [](std::string_view fields) { return post(fields, "0\r\n\r\n"); };
  check({
      {"chunked (9112 6.1)", coded("Transfer-Encoding: chunked\r\n"), "200", then::open},
      {"in capitals (9112 7)", coded("Transfer-Encoding: CHUNKED\r\n"), "200", then::open},
      {"blanks around it", coded("Transfer-Encoding: \t chunked \r\n"), "200", then::open},
      {"a GET may have one",
       get("/", "Transfer-Encoding: chunked\r\n") + "0\r\n\r\n",
       "200",
       then::open},
      {"twice in a list", coded("Transfer-Encoding: chunked, chunked\r\n"), "400", then::closed},
      {"twice in fields",
       coded("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
       "400",
       then::closed},
      {"a second field that says identity",
       coded("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"),
       "400",
       then::closed},
      {"identity, which is gone (9112 7)",
       coded("Transfer-Encoding: identity\r\n"),
       "400",
       then::closed},
      {"gzip alone has no end (9112 6.3)",
       coded("Transfer-Encoding: gzip\r\n"),
       "400",
       then::closed},
      {"gzip before it is not done here (9112 6.1)",
       coded("Transfer-Encoding: gzip, chunked\r\n"),
       "501",
       then::closed},
      {"a coding nobody knows before it",
       coded("Transfer-Encoding: x, chunked\r\n"),
       "501",
       then::closed},
      {"not the last", coded("Transfer-Encoding: chunked, gzip\r\n"), "400", then::closed},
      {"misspelt", coded("Transfer-Encoding: xchunked\r\n"), "400", then::closed},
      {"cut short", coded("Transfer-Encoding: chunke\r\n"), "400", then::closed},
      {"quoted", coded("Transfer-Encoding: \"chunked\"\r\n"), "400", then::closed},
      {"with a parameter", coded("Transfer-Encoding: chunked;a=b\r\n"), "400", then::closed},
      {"an empty element before it",
       coded("Transfer-Encoding: , chunked\r\n"),
       "400",
       then::closed},
      {"an empty element after it", coded("Transfer-Encoding: chunked,\r\n"), "400", then::closed},
      {"empty", coded("Transfer-Encoding:\r\n"), "400", then::closed},
      {"a vertical tab before it",
       coded("Transfer-Encoding: \x0b"
             "chunked\r\n"),
       "400",
       then::closed},
      {"two words", coded("Transfer-Encoding: chunked chunked\r\n"), "400", then::closed},
      {"in HTTP/1.0 (9112 6.1)",
       "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       "400",
       then::closed},
      {"in HTTP/1.0 with keep-alive",
       "POST / HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
       "400",
       then::closed},
  });
}

TEST_CASE("chunks are sizes, data and nothing between", "[conformance]") {
  check({
      {"one (9112 7.1)", chunks("3\r\nabc\r\n0\r\n\r\n"), "200", then::open},
      {"two", chunks("3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"), "200", then::open},
      {"hex in both cases",
       chunks("a\r\n0123456789\r\nA\r\n0123456789\r\n0\r\n\r\n"),
       "200",
       then::open},
      {"leading zeros", chunks("003\r\nabc\r\n000\r\n\r\n"), "200", then::open},
      {"line ends as data", chunks("4\r\n\r\n\r\n\r\n0\r\n\r\n"), "200", then::open},
      {"an extension (9112 7.1.1)", chunks("3;a\r\nabc\r\n0;b=c\r\n\r\n"), "200", then::open},
      {"a quoted one", chunks("3;a=\"b;\\\"c\"\r\nabc\r\n0\r\n\r\n"), "200", then::open},
      {"blanks around its signs", chunks("3 ; a = b\r\nabc\r\n0\r\n\r\n"), "200", then::open},
      {"a trailer (9112 7.1.2)", chunks("0\r\nX: y\r\n\r\n"), "200", then::open},
      {"50 bytes of data, the limit",
       chunks("32\r\n" + std::string(50, 'x') + "\r\n0\r\n\r\n"),
       "200",
       then::open},
      {"51 bytes of data, refused before they come", chunks("33\r\n"), "413", then::closed},
      {"51 bytes in two chunks",
       chunks("32\r\n" + std::string(50, 'x') + "\r\n1\r\ny"),
       "413",
       then::closed},
      {"no size", chunks("\r\nabc\r\n"), "400", then::closed},
      {"a prefix", chunks("0x3\r\nabc\r\n0\r\n\r\n"), "400", then::closed},
      {"a sign", chunks("+3\r\nabc\r\n0\r\n\r\n"), "400", then::closed},
      {"a negative size", chunks("-3\r\nabc\r\n0\r\n\r\n"), "400", then::closed},
      {"no hex", chunks("g\r\n"), "400", then::closed},
      {"a blank before the size", chunks(" 3\r\nabc\r\n0\r\n\r\n"), "400", then::closed},
      {"a blank after the size", chunks("3 \r\nabc\r\n0\r\n\r\n"), "400", then::closed},
      {"more than 64 bits", chunks("10000000000000000\r\n"), "400", then::closed},
      {"all of 64 bits", chunks("ffffffffffffffff\r\nx"), "413", then::closed},
      {"a bare LF after the size", chunks("3\nabc\r\n0\r\n\r\n"), "400", then::closed},
      {"a bare CR after the size", chunks("3\rabc\r\n0\r\n\r\n"), "400", then::closed},
      {"a bare LF after the data", chunks("3\r\nabc\n0\r\n\r\n"), "400", then::closed},
      {"more data than said", chunks("3\r\nabcd\r\n0\r\n\r\n"), "400", then::closed},
      {"less data than said", chunks("4\r\nabc\r\n0\r\n\r\n"), "400", then::closed},
      {"no end of the data", chunks("3\r\nabc0\r\n\r\n"), "400", then::closed},
      {"an extension without a name", chunks("3;\r\nabc\r\n0\r\n\r\n"), "400", then::closed},
      {"an extension without a value", chunks("3;a=\r\nabc\r\n0\r\n\r\n"), "400", then::closed},
      {"an extension with an open quote",
       chunks("3;a=\"b\r\nabc\r\n0\r\n\r\n"),
       "400",
       then::closed},
      {"an extension with a LF in it", chunks("3;a\nb\r\nabc\r\n0\r\n\r\n"), "400", then::closed},
      {"an extension with a NUL in it", chunks("3;a\0\r\n"sv), "400", then::closed},
      {"a chunk line of 20 bytes, the limit",
       chunks("3;" + std::string(18, 'a') + "\r\nabc\r\n0\r\n\r\n"),
       "200",
       then::open},
      {"a chunk line of 21",
       chunks("3;" + std::string(19, 'a') + "\r\nabc\r\n0\r\n\r\n"),
       "400",
       then::closed},
      {"a chunk line without end", chunks(std::string(30, '0')), "400", then::closed},
      {"extensions without end",
       chunks([] {
         std::string out;
         for (int i = 0; i < 40; ++i)
           out += "1;" + std::string(18, 'a') + "\r\nx\r\n";
         return out;
       }()),
       "400",
       then::closed},
      {"a trailer that is no field", chunks("0\r\nX y\r\n\r\n"), "400", then::closed},
      {"a folded trailer", chunks("0\r\nX: y\r\n z\r\n\r\n"), "400", then::closed},
      {"a bare LF in the trailers", chunks("0\r\nX: y\n\r\n"), "400", then::closed},
      {"a bare LF for the end", chunks("0\r\n\n"), "400", then::closed},
      {"a trailer that frames (9110 6.5.1)",
       chunks("0\r\nContent-Length: 5\r\n\r\n"),
       "400",
       then::closed},
      {"a trailer that routes", chunks("0\r\nHost: b\r\n\r\n"), "400", then::closed},
      {"60 bytes of trailers, the limit",
       chunks("0\r\nX: " + std::string(55, 'y') + "\r\n\r\n"),
       "200",
       then::open},
      {"61 bytes of trailers (6585 5)",
       chunks("0\r\nX: " + std::string(56, 'y') + "\r\n\r\n"),
       "431",
       then::closed},
      {"trailers without end", chunks("0\r\n" + std::string(70, 'x')), "431", then::closed},
      {"8 trailers, the limit",
       chunks("0\r\nA:\r\nB:\r\nC:\r\nD:\r\nE:\r\nF:\r\nG:\r\nH:\r\n\r\n"),
       "200",
       then::open},
      {"9 trailers",
       chunks("0\r\nA:\r\nB:\r\nC:\r\nD:\r\nE:\r\nF:\r\nG:\r\nH:\r\nI:\r\n\r\n"),
       "431",
       then::closed},
  });
}

TEST_CASE("a request that hides in another is never answered", "[conformance][smuggling]") {
  check({
      {"CL.TE (9112 11.2)",
       post("Content-Length: 6\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n" + smuggled),
       "400",
       then::closed},
      {"TE.CL",
       post("Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", "0\r\n\r\n" + smuggled),
       "400",
       then::closed},
      {"TE.TE, the second one odd",
       post("Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n", "0\r\n\r\n" + smuggled),
       "400",
       then::closed},
      {"TE with a blank before the colon",
       post("Transfer-Encoding : chunked\r\n", "0\r\n\r\n" + smuggled),
       "400",
       then::closed},
      {"TE that is folded",
       post("Transfer-Encoding:\r\n chunked\r\n", "0\r\n\r\n" + smuggled),
       "400",
       then::closed},
      {"TE behind a bare LF",
       post("X: y\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n" + smuggled),
       "400",
       then::closed},
      {"TE behind a bare CR",
       post("X: y\rTransfer-Encoding: chunked\r\n", "0\r\n\r\n" + smuggled),
       "400",
       then::closed},
      {"TE after a NUL",
       post("X: \0\r\nTransfer-Encoding: chunked\r\n"sv, "0\r\n\r\n" + smuggled),
       "400",
       then::closed},
      {"CL.CL", post("Content-Length: 0\r\nContent-Length: 60\r\n", smuggled), "400", then::closed},
      {"CL in a list", post("Content-Length: 0, 60\r\n", smuggled), "400", then::closed},
      {"CL with a sign", post("Content-Length: +0\r\n", smuggled), "400", then::closed},
      {"CL too large for a word",
       post("Content-Length: 18446744073709551616\r\n", smuggled),
       "400",
       then::closed},
      {"CL with a blank before the colon",
       post("Content-Length : 60\r\n", smuggled),
       "400",
       then::closed},
      {"a chunk size that wraps around",
       chunks("10000000000000003\r\nabc\r\n0\r\n\r\n" + smuggled),
       "400",
       then::closed},
      {"a chunk whose end is missing", chunks("3\r\nabcde" + smuggled), "400", then::closed},
      {"a chunk extension with a bare LF (TERM.EXT)",
       chunks("2;\nxx\r\n4c\r\n0\r\n\r\n" + smuggled),
       "400",
       then::closed},
      {"a chunk that ends in a bare CR",
       chunks("3\r\nabc\rX0\r\n\r\n" + smuggled),
       "400",
       then::closed},
      {"chunked in HTTP/1.0",
       "POST / HTTP/1.0\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" +
           smuggled,
       "400",
       then::closed},
      {"a body that looks like a request",
       post("Content-Length: 50\r\n", "GET /smuggled HTTP/1.1\r\nHost: a\r\nX: 34567890123456"),
       "200",
       then::open},
      {"a chunk that looks like a request",
       chunks("24\r\nGET /smuggled HTTP/1.1\r\nHost: aa\r\n\r\n\r\n0\r\n\r\n"),
       "200",
       then::open},
      {"a body nobody wanted",
       "POST /bodyless HTTP/1.1\r\n" + host + "Content-Length: " + std::to_string(smuggled.size()) +
           "\r\n\r\n" + smuggled + get("/"),
       "200 200",
       then::open},
      {"a body of a request that was refused",
       "POST /missing HTTP/1.1\r\n" + host + "Content-Length: " + std::to_string(smuggled.size()) +
           "\r\n\r\n" + smuggled + get("/"),
       "404 200",
       then::open},
      {"chunks of a request that was refused",
       "POST /missing HTTP/1.1\r\n" + host + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" +
           smuggled,
       "404",
       then::closed},
      {"a body too large to skip",
       "POST /missing HTTP/1.1\r\n" + host + "Content-Length: 65537\r\n\r\n" + smuggled,
       "404",
       then::closed},
      {"a request behind a refusal", with_line("GET / HTTP/9.9") + smuggled, "505", then::closed},
      {"a request behind a body over the limit",
       post("Content-Length: 51\r\n", smuggled),
       "413",
       then::closed},
      {"a request behind Connection: close",
       get("/", "Connection: close\r\n") + smuggled,
       "200",
       then::closed},
  });
}

TEST_CASE("requests that are sent ahead are answered in order", "[conformance]") {
  check({
      {"two (9112 9.3.2)", get("/1") + get("/2"), "200 200", then::open},
      {"five, one not found",
       get("/1") + get("/2") + get("/missing") + get("/4") + get("/5"),
       "200 200 404 200 200",
       then::open},
      {"behind a body", post("Content-Length: 3\r\n", "abc") + get("/"), "200 200", then::open},
      {"behind chunks", chunks("3\r\nabc\r\n0\r\n\r\n") + get("/"), "200 200", then::open},
      {"behind trailers", chunks("0\r\nX: y\r\n\r\n") + get("/"), "200 200", then::open},
      {"an empty line between (9112 2.2)",
       post("Content-Length: 3\r\n", "abc") + "\r\n" + get("/"),
       "200 200",
       then::open},
      {"two empty lines between", get("/") + "\r\n\r\n" + get("/"), "200 400", then::closed},
      {"an error ends it", get("/") + "nonsense\r\n" + get("/smuggled"), "200 400", then::closed},
      {"a body too many",
       get("/") + post("Content-Length: 51\r\n") + get("/smuggled"),
       "200 413",
       then::closed},
      {"half a request waits", get("/") + "GET / HT", "200", then::open},
  });
}

TEST_CASE("a connection is kept as long as both sides want it", "[conformance]") {
  auto const old = [](std::string_view fields) {
    return "GET / HTTP/1.0\r\n" + std::string(fields) + "\r\n";
  };
  check({
      {"1.1 by default (9112 9.3)", get("/"), "200", then::open},
      {"1.1 with close", get("/", "Connection: close\r\n"), "200", then::closed},
      {"close in capitals", get("/", "Connection: CLOSE\r\n"), "200", then::closed},
      {"close in a list", get("/", "Connection: x, close ,y\r\n"), "200", then::closed},
      {"close in a second field",
       get("/", "Connection: x\r\nConnection: close\r\n"),
       "200",
       then::closed},
      {"keep-alive says nothing new", get("/", "Connection: keep-alive\r\n"), "200", then::open},
      {"close beats keep-alive",
       get("/", "Connection: keep-alive, close\r\n"),
       "200",
       then::closed},
      {"an option that only looks like close",
       get("/", "Connection: closed\r\n"),
       "200",
       then::open},
      {"an empty list", get("/", "Connection: , ,\r\n"), "200", then::open},
      {"1.0 by default", old(""), "200", then::closed},
      {"1.0 with keep-alive", old("Connection: keep-alive\r\n"), "200", then::open},
      {"1.0 with Keep-Alive", old("Connection: Keep-Alive\r\n"), "200", then::open},
      {"1.0 with both", old("Connection: keep-alive, close\r\n"), "200", then::closed},
      {"1.0 twice", old("Connection: keep-alive\r\n") + old(""), "200 200", then::closed},
  });
}

TEST_CASE("the only expectation is 100-continue", "[conformance]") {
  check({
      {"with a body (9110 10.1.1)",
       post("Expect: 100-continue\r\nContent-Length: 3\r\n", "abc"),
       "200",
       then::open},
      {"with chunks",
       post("Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n", "0\r\n\r\n"),
       "200",
       then::open},
      {"in capitals",
       post("Expect: 100-CONTINUE\r\nContent-Length: 3\r\n", "abc"),
       "200",
       then::open},
      {"without a body", get("/", "Expect: 100-continue\r\n"), "200", then::open},
      {"another", post("Expect: tea\r\nContent-Length: 3\r\n", "abc"), "417", then::closed},
      {"another beside it",
       post("Expect: 100-continue, tea\r\nContent-Length: 3\r\n", "abc"),
       "417",
       then::closed},
      {"another in a second field",
       get("/", "Expect: 100-continue\r\nExpect: tea\r\n"),
       "417",
       then::closed},
      {"with a parameter", get("/", "Expect: 100-continue;q=1\r\n"), "417", then::closed},
      {"of HTTP/1.0 is ignored", "GET / HTTP/1.0\r\nExpect: tea\r\n\r\n", "200", then::closed},
      {"a final status leaves the body in doubt",
       "POST /missing HTTP/1.1\r\n" + host + "Expect: 100-continue\r\nContent-Length: 3\r\n\r\n" +
           smuggled,
       "404",
       then::closed},
      {"a body over the limit is not asked for",
       post("Expect: 100-continue\r\nContent-Length: 51\r\n"),
       "413",
       then::closed},
  });
}

TEST_CASE("a head has a size", "[conformance]") {
  auto const sized = [](std::size_t size) {
    auto const rest = get("/", "X: \r\n").size();
    return get("/", "X: " + std::string(size - rest, 'y') + "\r\n");
  };
  auto const counted = [](int n) {
    std::string fields;
    for (int i = 1; i < n; ++i)  // and Host
      fields += "X: y\r\n";
    return get("/", fields);
  };
  check({
      {"400 bytes, the limit (6585 5)", sized(400), "200", then::open},
      {"400 bytes and an empty line", "\r\n" + sized(400), "200", then::open},
      {"400 bytes and a request behind", sized(400) + get("/"), "200 200", then::open},
      {"401 bytes", sized(401), "431", then::closed},
      {"far more", sized(3000), "431", then::closed},
      {"without end", get("/").substr(0, 20) + std::string(500, 'x'), "431", then::closed},
      {"a value without end",
       "GET / HTTP/1.1\r\nX: " + std::string(5000, 'x'),
       "431",
       then::closed},
      {"8 fields, the limit", counted(8), "200", then::open},
      {"9 fields", counted(9), "431", then::closed},
  });
}
