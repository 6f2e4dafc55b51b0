-- PUTs of a changing percentage, over as many streams as STREAMS says.
local streams = tonumber(os.getenv("STREAMS"))
local prefix = os.getenv("PREFIX")
local count = 0
local headers = { ["Authorization"] = "Bearer ask_test_bench", ["Content-Type"] = "application/json" }
local body = '{"content_state":{"title":"Search Reindex","subtitle":"catalog-v2","type":"progress","percentage":%d}}'

function request()
  count = count + 1
  local path = prefix .. "/live-activity/stream/stream-" .. (count % streams)
  return wrk.format("PUT", path, headers, body:format(count % 101))
end
