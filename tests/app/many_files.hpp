// Routes from several translation units.
#pragma once

#include <wend/app/router.hpp>

#include <string>

namespace many_files {

/// Supplied around all of them.
struct session {
  std::string name;
};

wend::router note_routes();
wend::router rival_routes();

}  // namespace many_files
