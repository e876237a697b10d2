// expect: wend: call: an argument does not convert to what the handler takes
#include <wend/extra/client.hpp>

#include "support/called_api.hpp"

int ask(remote_api& remote) {
  return remote.call<"note">("one");  // wrong
  // right: return remote.call<"note">(1);
}
