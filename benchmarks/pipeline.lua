-- Sixteen requests at a time: `wrk -s benchmarks/pipeline.lua URL`. wrk counts the answers.
local batch

function init()
  batch = string.rep(wrk.format("GET"), 16)
end

function request()
  return batch
end
