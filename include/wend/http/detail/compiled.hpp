// Where functions that are no templates are compiled: in every source file that uses them, or, with
// WEND_SEPARATE_COMPILATION, in the one that includes <wend/source.hpp>. See net/serve.hpp.
#pragma once

#if !defined(WEND_SEPARATE_COMPILATION)
#define WEND_INLINE inline
#define WEND_COMPILED_HERE 1
#elif defined(WEND_IMPLEMENTATION)
#define WEND_INLINE
#define WEND_COMPILED_HERE 1
#else
#define WEND_INLINE  // only declared
#define WEND_COMPILED_HERE 0
#endif
