-- A mixed load for the notes example: JSON out, captures, 404, bodies good and bad.
--
--     build/release/examples/notes --port 8080 --db /tmp/notes.sqlite &
--     wrk -t1 -c64 -d60s -s benchmarks/mixed.lua http://127.0.0.1:8080
--
-- Every status but 200, 204, 404, 405 and 422 is an error; so is anything wrk counts as one.
local json = { ["Content-Type"] = "application/json" }
local requests, n = {}, 0
bad = 0  -- global, so that done() sees it

function init()
  requests = {
    wrk.format("GET", "/"),
    wrk.format("GET", "/notes?limit=5"),
    wrk.format("GET", "/notes/1"),
    wrk.format("GET", "/notes/999999"),
    wrk.format("GET", "/nothing/here"),
    wrk.format("PATCH", "/notes/1"),
    wrk.format("POST", "/notes", json, '{"title":"","body":5}'),
    wrk.format("PUT", "/notes/1", json, '{"title":"the one","body":"' .. string.rep("x", 2000) .. '"}'),
  }
end

function request()
  n = n % #requests + 1
  return requests[n]
end

local good = { [200] = true, [204] = true, [404] = true, [405] = true, [422] = true }
local seen = {}

function response(status)
  seen[status] = (seen[status] or 0) + 1
  if not good[status] then bad = bad + 1 end
end

local threads = {}
function setup(thread) table.insert(threads, thread) end
function done(summary)
  local errors = summary.errors
  print(string.format("connect %d, read %d, write %d, timeout %d, wrong status %d",
    errors.connect, errors.read, errors.write, errors.timeout, threads[1]:get("bad") or -1))
end
