-- Sends one kind of request. Arguments: method, path, a part of every successful answer, a file with
-- one body a line (used in turn, then from the first again), and headers as `name: value`.

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

function init(args)
  refused, again = 0, 0
  local lines = {args[1] .. " " .. args[2] .. " HTTP/1.1", "host: 127.0.0.1"}
  expect = args[3]
  for number = 5, #args do
    table.insert(lines, args[number])
  end
  head = table.concat(lines, "\r\n") .. "\r\n"
  file = io.open(args[4], "r")
  last = whole(file:read("*l") or "")
  second = file:read("*l")
  many = second ~= nil
end

function whole(body)
  if body == "" then
    return head .. "\r\n"
  end
  return head .. "content-length: " .. #body .. "\r\n\r\n" .. body
end

function request()
  if not many then
    return last
  end
  local now = last
  local body = second or file:read("*l")
  second = nil
  if not body then
    file:seek("set")
    body = file:read("*l")
    again = again + 1
  end
  last = whole(body)
  return now
end

-- Douyin's errors are HTTP 200, so wrk itself would not notice them: check each answer.
function response(status, headers, body)
  if not string.find(body, expect, 1, true) then
    refused = refused + 1
  end
end

function done(summary, latency, requests)
  local refused, again = 0, 0
  for _, thread in ipairs(threads) do
    refused = refused + thread:get("refused")
    again = again + thread:get("again")
  end
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format(
    '\n{"requests": %d, "seconds": %f, "failed": %d, "refused": %d, "again": %d, ' ..
    '"p50": %f, "p99": %f}\n',
    summary.requests, summary.duration / 1e6, failed, refused, again,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
