// expect: wend: call: the handler takes an extractor of yours that no client can write: it may say `using reads = wend::header<...>`
#include <wend/extra/client.hpp>

#include "support/called_api.hpp"

int ask(remote_api& remote) {
  return remote.call<"local">();  // wrong
  // right: return remote.call<"note">(1);
}
