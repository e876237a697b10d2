// expect: a handler cannot return this: return text, a value that JSON can hold, void, status, response, or specialise wend::responder
// expect-gcc: "/notes/{id}"}, 0, note>
#include <wend/routes.hpp>

class note {
 public:
  std::string title(int) const { return title_; }

 private:
  std::string title_;
};

auto api() {
  return wend::routes(wend::get<"/">([] { return "hello"; }),
                      wend::get<"/notes/{id}">([](int) { return note(); }));  // wrong
  // right: wend::get<"/notes/{id}">([](int id) { return note().title(id); }));
}
