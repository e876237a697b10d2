// expect: wend: resource<...>: its object cannot be moved into the table: what is fixed, as a mutex is, it may have by reference
#include <wend/routes.hpp>

#include <mutex>

std::mutex counting;

struct counter {
  std::mutex mutable guard;  // wrong
  // right: std::mutex& guard = counting;
  int index() const { return 1; }
};

auto const api = wend::routes(wend::resource<"counts">(counter{}));
