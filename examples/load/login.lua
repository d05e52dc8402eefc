-- Logins under load, by wrk: half of the requests are tt.login on a phone, the other half exchange
-- the codes that those returned.
--
--     wrk -t1 -c8 -d2s -s login.lua http://127.0.0.1:8600

local appid = os.getenv("DOUYIN_APP_ID") or "ttd0c500000000000001"
local secret = os.getenv("DOUYIN_SECRET") or "fa4efa4efa4efa4efa4efa4efa4efa4efa4e0001"
local token = os.getenv("MOCKDOUYIN_CONTROL_TOKEN") or ""
local json = { ["Content-Type"] = "application/json" }
local control = { ["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. token }

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  codes, logins, refused = {}, 0, 0
end

function request()
  local code = table.remove(codes)
  if not code then
    return wrk.format("POST", "/_mock/phone/login", control, "{}")
  end
  local body = string.format('{"appid": "%s", "secret": "%s", "code": "%s"}', appid, secret, code)
  return wrk.format("POST", "/api/apps/v2/jscode2session", json, body)
end

-- A refusal of Douyin is HTTP 200 too, so wrk does not count it: look into the answer.
function response(status, headers, body)
  local code = string.match(body, '"code":"([^"]+)"')
  if code then
    table.insert(codes, code)
  elseif string.find(body, '"err_no":0,', 1, true) then
    logins = logins + 1
  else
    refused = refused + 1
  end
end

function done(summary, latency, requests)
  local logins, refused = 0, 0
  for _, thread in ipairs(threads) do
    logins = logins + thread:get("logins")
    refused = refused + thread:get("refused")
  end
  local seconds = summary.duration / 1e6
  io.write(string.format("logins %d (%.0f per second), refused %d, p99 %.1f ms\n",
    logins, logins / seconds, refused, latency:percentile(99) / 1e3))
end
