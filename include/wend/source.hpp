// The one source file of a program that is compiled with WEND_SEPARATE_COMPILATION includes this,
// and nothing of wend before it: see net/serve.hpp.
#pragma once

#define WEND_IMPLEMENTATION
#include <wend/wend.hpp>
