// expect: wend: call: an argument is missing that a request must bring
#include <wend/extra/client.hpp>

#include "support/called_api.hpp"

int ask(remote_api& remote) {
  return remote.call<"note">();  // wrong
  // right: return remote.call<"note">(1);
}
