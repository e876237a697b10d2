// Everything but extra/: routes, routers, JSON, and the server on Asio.
#pragma once

#include <wend/routes.hpp>
// More of the core.
#include <wend/app/access_log.hpp>
#include <wend/app/error_hooks.hpp>
#include <wend/app/forwarded_client.hpp>
#include <wend/app/live_router.hpp>
#include <wend/app/per_thread.hpp>
#include <wend/app/request_id.hpp>
#include <wend/app/router.hpp>
#include <wend/handler/json_write.hpp>
#include <wend/net/file.hpp>
#include <wend/net/serve.hpp>
// What needs a library, nlohmann_json or Asio, unless another source file compiles it: see serve.hpp.
#if WEND_COMPILED_HERE
#include <wend/handler/json.hpp>
#include <wend/net/awaitable.hpp>
#include <wend/net/block_on.hpp>
#include <wend/net/blocking.hpp>
#include <wend/net/body_reader.hpp>
#include <wend/net/broadcast.hpp>
#include <wend/net/events.hpp>
#include <wend/net/inbox.hpp>
#include <wend/net/server.hpp>
#include <wend/net/stream.hpp>
#endif
