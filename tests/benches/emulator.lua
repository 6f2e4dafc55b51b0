-- PUTs of a changing percentage, over as many streams as STREAMS says. What is the same in many of them is put together
-- beforehand: this runs on the cores that it measures.
local streams = tonumber(os.getenv("STREAMS"))
local start = "PUT " .. os.getenv("PREFIX") .. "/live-activity/stream/stream-"
local rest = {}
local count = 0

function init()
  local headers = { ["Authorization"] = "Bearer ask_test_bench", ["Content-Type"] = "application/json" }
  local body = '{"content_state":{"title":"Search Reindex","subtitle":"catalog-v2","type":"progress","percentage":%d}}'
  for percentage = 0, 100 do
    rest[percentage] = wrk.format("PUT", "", headers, body:format(percentage)):sub(#"PUT " + 1)
  end
end

function request()
  count = count + 1
  return start .. (count % streams) .. rest[count % 101]
end
