// expect: wend: call: no route of the table has this name
#include <wend/extra/client.hpp>

#include "support/called_api.hpp"

int ask(remote_api& remote) {
  return remote.call<"notes">(1);  // wrong
  // right: return remote.call<"note">(1);
}
