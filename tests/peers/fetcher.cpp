// wend's client for tests/peers/servers.py: of each line "METHOD URL [SIZE]" on its input the answer as a line of JSON,
// all by one client. SIZE is that of the content to send, in bytes. With --pieces the answer is read in pieces.
#include <wend/extra/http_client.hpp>
#include <wend/handler/json.hpp>

#include <iostream>
#include <sstream>
#include <string>

int main(int count, char**) {
  bool const pieces = count > 1;
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
      wend::response answer;
      std::size_t received = 0;
      if (pieces) {
        auto in = client.open(std::move(what));
        answer.status = in.status;
        answer.fields = in.fields;
        while (auto const piece = in.read()) {
          if (received == 0) answer.body = *piece;
          received += piece->size();
        }
      } else {
        answer = client.request(std::move(what));
        received = answer.body.size();
      }
      out = {{"status", wend::code(answer.status)},
             {"size", received},
             {"begins", answer.body.substr(0, 100)},
             {"type", answer.fields.get("Content-Type").value_or("")},
             {"idle", client.idle()}};
    } catch (std::exception const& e) {
      out = {{"error", e.what()}};
    }
    std::cout << out.dump() << std::endl;
  }
}
