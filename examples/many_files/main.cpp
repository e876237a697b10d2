// Tables from several files in one router. Each file is compiled by itself, so that a change in one
// does not compile the others, and all of them together are held to the same rules: two routes that
// could be mistaken for each other are an exception at start which says where both stand.
#include "../options.hpp"
#include "tables.hpp"

int main(int argc, char** argv) {
  wend::router site;
  site.use(wend::request_id{});  // around all of it
  site.add(wend::get<"/">([] { return "users and orders\n"; }));
  add_users(site);
  add_orders(site);

  try {
    wend::serve(site, example::options(argc, argv));
  } catch (std::exception const& e) {  // routes that conflict, a busy port
    std::cerr << e.what() << '\n';
    return 2;
  }
}
