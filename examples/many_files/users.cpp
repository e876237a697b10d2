// The routes of users. This file is compiled without Asio, as routes need no network.
#include <wend/handler/json.hpp>

#include <cstdint>
#include <string>

#include "tables.hpp"

namespace {

struct user {
  std::int64_t id{};
  wend::text<1, 80> name;
};

}  // namespace

void add_users(wend::router& site) {
  site.add(wend::group<"/users">(wend::get<"/{id:int}", "user">([](std::int64_t id) {
                                   return user{id, {"user " + std::to_string(id)}};
                                 }),
                                 wend::post<"/">([](wend::json<user> draft) {
                                   return wend::created(wend::url_for<"/users/{id:int}">(draft->id),
                                                        *draft);
                                 })));
}
