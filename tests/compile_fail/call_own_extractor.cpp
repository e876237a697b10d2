// expect: wend: call: the handler takes an extractor of yours, which no client can write
#include <wend/extra/client.hpp>

#include "support/called_api.hpp"

int ask(remote_api& remote) {
  return remote.call<"local">();  // wrong
  // right: return remote.call<"note">(1);
}
