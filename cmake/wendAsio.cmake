# Defines the target asio::asio when standalone Asio 1.22 or newer is installed; otherwise does nothing.
# Installed beside wendConfig.cmake, because Asio as distributions package it has no CMake config.

if(NOT TARGET asio::asio)
  find_package(asio CONFIG QUIET)  # vcpkg and Conan have one
endif()

if(NOT TARGET asio::asio)
  find_path(ASIO_INCLUDE_DIR asio.hpp DOC "Folder that holds asio.hpp (standalone Asio)")
  if(EXISTS "${ASIO_INCLUDE_DIR}/asio/version.hpp")
    # "#define ASIO_VERSION 102201" is 1.22.1: major * 100000 + minor * 100 + patch
    file(STRINGS "${ASIO_INCLUDE_DIR}/asio/version.hpp" _wend_asio_line REGEX "#define ASIO_VERSION ")
    string(REGEX REPLACE ".*ASIO_VERSION ([0-9]+).*" "\\1" _wend_asio_number "${_wend_asio_line}")
    if(_wend_asio_number GREATER_EQUAL 102200)
      add_library(asio::asio INTERFACE IMPORTED GLOBAL)
      set_target_properties(asio::asio PROPERTIES INTERFACE_INCLUDE_DIRECTORIES "${ASIO_INCLUDE_DIR}")
    else()
      message(STATUS "wend: the Asio in ${ASIO_INCLUDE_DIR} is older than 1.22 (${_wend_asio_number})")
    endif()
    unset(_wend_asio_line)
    unset(_wend_asio_number)
  endif()
endif()
