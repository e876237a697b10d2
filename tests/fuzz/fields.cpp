// Field values and other texts that are read into types: what is read views into the text, and is
// the same when it is written and read again.
#include <wend/handler/converters.hpp>
#include <wend/http/field_value.hpp>
#include <wend/http/forwarded.hpp>
#include <wend/http/timestamp.hpp>
#include <wend/http/uuid.hpp>
#include <wend/route/convert.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

namespace {

void require(bool fact) {
  if (!fact) std::abort();
}

bool inside(std::string_view part, std::string_view whole) {
  return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

void check_list(std::string_view text) {
  std::size_t size = 0;
  wend::for_each_element(text, [&](std::string_view element) {
    require(inside(element, text) && !element.empty() && element == wend::trim(element));
    size += element.size();
    // a token has no delimiters, and is found
    if (wend::is_token(element)) require(wend::has_token(text, element));
  });
  require(size <= text.size());
}

void check_media_type(std::string_view text) {
  auto const got = wend::parse_media_type(text);
  if (!got) return;
  require(inside(got->type, text) && inside(got->subtype, text) && inside(got->parameters, text));
  require(wend::is_token(got->type) && wend::is_token(got->subtype));
  auto const plain = std::string(got->type) + "/" + std::string(got->subtype);
  require(wend::parse_media_type(plain)->is(got->type, got->subtype));
  if (auto const value = wend::parameter(got->parameters, "charset"))
    require(value->size() <= got->parameters.size());
}

void check_cookie(std::string_view text) {
  if (auto const value = wend::cookie_value(text, "a"))
    require(inside(*value, text) && value->find(';') == value->npos);
}

template <class Duration>
void check_time(std::string_view text) {
  auto const got = wend::parse_timestamp<Duration>(text);
  if (!got) return;
  auto const written = wend::format_timestamp(*got);
  // second 60 and an offset may lead out of the years that can be written
  require(written.empty() || wend::parse_timestamp<Duration>(written) == got);
}

template <class T>
void check_converter(std::string_view text) {
  auto const got = wend::converter<T>::from_text(text);
  if (!got) return;
  require(wend::converter<T>::from_text(wend::converter<T>::to_text(*got)) == got);
}

void check_forwarded(std::string const& text) {
  if (auto const element = wend::parse_forwarded_element(text)) {
    if (auto const client = element->client())
      require(wend::ip_address::parse(client->to_string()) == client);
    for (auto const& part : {element->by, element->for_, element->host, element->proto})
      require(!part || part->size() <= text.size());
  }
  wend::trusted_proxies const proxies{"10.0.0.0/8", "fd00::/8"};
  std::array<wend::field, 3> const fields{
      {{"Forwarded", text}, {"X-Forwarded-For", text}, {"X-Forwarded-Host", text}}};
  for (auto const which : {wend::forwarding::forwarded, wend::forwarding::x_forwarded}) {
    auto const client = wend::find_client("10.0.0.1:80", wend::fields_view{fields}, proxies, which);
    require(wend::ip_address::parse(client.address).has_value());
    // a stranger is believed nothing
    auto const stranger = wend::find_client("[::1]:80", wend::fields_view{fields}, proxies, which);
    require(stranger == wend::client_info{"::1"});
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string const text(reinterpret_cast<char const*>(data), size);
  check_list(text);
  check_media_type(text);
  check_cookie(text);
  check_time<std::chrono::nanoseconds>(text);
  check_time<std::chrono::seconds>(text);
  check_time<std::chrono::days>(text);
  check_converter<std::int8_t>(text);
  check_converter<std::uint64_t>(text);
  check_converter<double>(text);
  check_converter<bool>(text);
  check_converter<wend::uuid>(text);
  check_converter<wend::range<int, -5, 500>>(text);
  check_converter<wend::text<2, 5>>(text);
  check_forwarded(text);
  return 0;
}
