# Asio, nlohmann_json, Threads: what is installed first, pinned downloads otherwise.
# Targets afterwards: asio::asio, nlohmann_json::nlohmann_json, Threads::Threads; each may be missing.

find_package(Threads QUIET)
include(${CMAKE_CURRENT_LIST_DIR}/wendAsio.cmake)
find_package(nlohmann_json 3.9 CONFIG QUIET)

include(FetchContent)

# Downloads headers and wraps them in an imported target. The library's own CMakeLists.txt is not run
# (no such SOURCE_SUBDIR): it would bring its tests and its install rules, and only a target that is
# imported may stand in the interface of an exported one.
function(wend_fetch_headers target repository tag include_dir)
  string(REGEX REPLACE ":.*" "" name ${target})
  message(STATUS "wend: ${name} is not installed, fetching ${tag}")
  FetchContent_Declare(wend_${name} GIT_REPOSITORY ${repository} GIT_TAG ${tag} GIT_SHALLOW ON
                                    SOURCE_SUBDIR no-cmake-here)
  FetchContent_MakeAvailable(wend_${name})
  add_library(${target} INTERFACE IMPORTED GLOBAL)
  target_include_directories(${target} INTERFACE ${wend_${name}_SOURCE_DIR}/${include_dir})
endfunction()

# Tags, not commits, because a shallow clone needs a name. They stand for
#   asio 12e0ce9e0500, nlohmann_json 9cca280a4d0c
if(WEND_FETCH)
  if(NOT TARGET asio::asio)
    wend_fetch_headers(asio::asio https://github.com/chriskohlhoff/asio.git asio-1-30-2 asio/include)
  endif()
  if(NOT TARGET nlohmann_json::nlohmann_json)
    wend_fetch_headers(nlohmann_json::nlohmann_json https://github.com/nlohmann/json.git v3.11.3 include)
  endif()
endif()
