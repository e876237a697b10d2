// wend's client for tests/peers/servers.py: of each line "METHOD URL [SIZE]" on its input the answer as a line of JSON,
// all by one client. SIZE is that of the content to send, in bytes.
#include <wend/extra/http_client.hpp>
#include <wend/handler/json.hpp>

#include <iostream>
#include <sstream>
#include <string>

int main() {
  wend::http_client client({.timeout = std::chrono::seconds(10)});
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string method;
    wend::client_request what;
    std::size_t size = 0;
    words >> method >> what.url;
    if (words >> size) {
      what.body.assign(size, 'x');
      what.content_type = "text/plain";
    }
    what.method = wend::method::of_token(method);
    nlohmann::json out;
    try {
      auto const answer = client.request(std::move(what));
      out = {{"status", wend::code(answer.status)},
             {"size", answer.body.size()},
             {"begins", answer.body.substr(0, 100)},
             {"type", answer.fields.get("Content-Type").value_or("")},
             {"idle", client.idle()}};
    } catch (std::exception const& e) {
      out = {{"error", e.what()}};
    }
    std::cout << out.dump() << std::endl;
  }
}
