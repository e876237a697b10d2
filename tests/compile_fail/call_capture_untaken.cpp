// expect: wend: call: a capture of the route is no parameter of its handler
#include <wend/extra/client.hpp>

#include "support/called_api.hpp"

int ask(remote_api& remote) {
  return remote.call<"in">("there");  // wrong
  // right: return remote.call<"note">(1);
}
