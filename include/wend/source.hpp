// The one source file of a program that is compiled with WEND_SEPARATE_COMPILATION includes this,
// and nothing of wend before it: see net/serve.hpp.
#pragma once

#if defined(WEND_SEPARATE_COMPILATION) && defined(WEND_COMPILED_HERE)
#error "wend: <wend/source.hpp> is included before all other headers of wend"
#endif
#define WEND_IMPLEMENTATION
#include <wend/wend.hpp>
