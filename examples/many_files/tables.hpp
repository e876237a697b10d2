// What the files of this program give each other: a function for each that adds its routes. The
// handlers, and what they need, are known to their own file alone.
#pragma once

#include <wend/app/router.hpp>
#include <wend/routes.hpp>

void add_users(wend::router& site);
void add_orders(wend::router& site);
