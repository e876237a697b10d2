#include <wend/route/host_pattern.hpp>
#include <wend/route/lookup.hpp>

#include <string>

#include "support/catch.hpp"

using namespace wend;
using namespace wend::detail;

namespace {

static_assert(host_path("Example.COM:8080").view() == "/example.com");
static_assert(host_path("example.com.").view() == "/example.com");
static_assert(host_path("[2001:DB8::1]:80").view() == "/[2001:db8::1]");
static_assert(host_path("").view().empty());
static_assert(host_path(":80").view().empty());
static_assert(host_path("[").view() == "/[");

static_assert(may_be_host(host_of<"{a}.{b:slug}.{c:(x|y)}.example">));
static_assert(!may_be_host(host_of<"">));
static_assert(!may_be_host(host_of<"example.com/x">));
static_assert(!may_be_host(host_of<"example.com%2Fx">));
static_assert(!may_be_host(host_of<"example.com:80">));
static_assert(!may_be_host(host_of<"[www.]example.com">));
static_assert(!may_be_host(host_of<"{x...}">));
static_assert(!may_be_host(host_of<"*.example.com">));
static_assert(!may_be_host(host_of<"example.com.">));
static_assert(!may_be_host(host_of<"a b">));
static_assert(!may_be_host(host_of<"b\xc3\xbc.example">));
static_assert(may_be_host(host_of<"xn--bcher-kva.example">));

constexpr int compare(parsed_pattern const& a, parsed_pattern const& b) {
  return compare_hosts(a, b) == -compare_hosts(b, a) ? compare_hosts(a, b) : 2;
}
static_assert(compare(host_of<"{a}.x">, host_of<"{b:chunk}.X">) == 0);
static_assert(compare(host_of<"a.x">, host_of<"{b}.x">) == -1);
static_assert(compare(host_of<"{b:int}.x">, host_of<"{b}.x">) == -1);
static_assert(compare(host_of<"{b:(a|b)}.x">, host_of<"{b:(a|c)}.x">) == -1);
static_assert(compare(host_of<"{b}.x">, host_of<"{b}.x.y">) == -1);

template <fixed_string Text>
bool matches(std::string_view host) {
  host_path const path(host);
  return lookup(
      static_tree<single_host<Text>>::view, path.view(), [](auto const&...) { return true; });
}

}  // namespace

TEST_CASE("a pattern matches hosts", "[route][host_pattern]") {
  CHECK(matches<"Example.com">("eXample.com:80"));
  CHECK(!matches<"example.com">("example.comm"));
  CHECK(matches<"{x}.example.com">("a-b.example.com"));
  CHECK(!matches<"{x}.example.com">("a.b.example.com"));
  CHECK(matches<"{x:any}.example.com">("a.b.example.com"));
  CHECK(matches<"{shard:uint}.db">("17.db"));
  CHECK(!matches<"{shard:uint}.db">("x.db"));
  CHECK(!matches<"{x:any}">(""));
  CHECK(!matches<"{x:any}">(std::string(300, 'a')));
  CHECK(matches<"{x:any}">(std::string(255, 'a')));
  CHECK(!matches<"{x:any}">(std::string(256, 'a')));
}
