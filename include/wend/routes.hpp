// The core: routes, handlers and what they exchange. No Asio, no JSON parser, no I/O: a translation
// unit that only declares routes needs no more than this.
#pragma once

// First the sentences that the compiler may have to say, so that it need not say how it got there.
#include <wend/app/table_fault.hpp>
#include <wend/handler/handler_fault.hpp>
#include <wend/handler/json_fault.hpp>
#include <wend/route/pattern_fault.hpp>
#include <wend/route/url_for.hpp>
// Then the house, from the ground up.
#include <wend/app/absolute.hpp>
#include <wend/app/condition.hpp>
#include <wend/app/group.hpp>
#include <wend/app/method_override.hpp>
#include <wend/app/middleware.hpp>
#include <wend/app/mount.hpp>
#include <wend/app/moved.hpp>
#include <wend/app/resource.hpp>
#include <wend/app/security_scheme.hpp>
#include <wend/app/service.hpp>
#include <wend/app/table.hpp>
#include <wend/handler/bind.hpp>
#include <wend/handler/form.hpp>
#include <wend/handler/host_part.hpp>
#include <wend/handler/json_stream.hpp>
#include <wend/handler/provided.hpp>
#include <wend/http/date.hpp>
#include <wend/http/forwarded.hpp>
#include <wend/http/problem.hpp>
#include <wend/http/request.hpp>
#include <wend/http/response.hpp>
#include <wend/http/timing_safe_equal.hpp>
