#include <wend/source.hpp>
