// expect: wend: call: there are more arguments than the handler takes of a request
#include <wend/extra/client.hpp>

#include "support/called_api.hpp"

int ask(remote_api& remote) {
  return remote.call<"note">(1, 2);  // wrong
  // right: return remote.call<"note">(1);
}
