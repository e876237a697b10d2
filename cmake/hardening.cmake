# wend_hardening: what a program that strangers talk to is compiled with, as far as the compiler has it. A mistake that
# is left becomes an end of the program instead of a way into it.
#
# Set POSITION_INDEPENDENT_CODE on the program as well, so that its addresses are not known beforehand.
include(CheckCXXCompilerFlag)
include(CheckLinkerFlag)
include(CheckPIESupported)
check_pie_supported(LANGUAGES CXX)

add_library(wend_hardening INTERFACE)
target_compile_definitions(wend_hardening INTERFACE _GLIBCXX_ASSERTIONS)  # indices, iterators, empty optionals
foreach(flag -fstack-protector-strong -fstack-clash-protection -fcf-protection)
  string(MAKE_C_IDENTIFIER "WEND_HAS${flag}" has)
  check_cxx_compiler_flag(${flag} ${has})
  if(${has})
    target_compile_options(wend_hardening INTERFACE ${flag})
  endif()
endforeach()
# sizes of buffers in calls of the C library; needs an optimiser, and is not for sanitizers, which look better
if(NOT CMAKE_CXX_FLAGS MATCHES "-fsanitize")
  target_compile_options(wend_hardening INTERFACE
    "$<$<CONFIG:Release,RelWithDebInfo,MinSizeRel>:-U_FORTIFY_SOURCE;-D_FORTIFY_SOURCE=2>")
endif()
check_linker_flag(CXX -Wl,-z,relro,-z,now WEND_HAS_RELRO)
if(WEND_HAS_RELRO)
  target_link_options(wend_hardening INTERFACE -Wl,-z,relro,-z,now)
endif()
