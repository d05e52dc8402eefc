"""The Lua scripts, each of which Redis runs as one atomic step.

Every key of a world carries its name as hash tag, so all of them are in one slot of a cluster and
a script may use several. The hashes of names, app keys and tags share another tag.
"""

from __future__ import annotations

from mockdouyin.redis_store._connection import Script

CLEAR_RECORDS, CLEAR_JOURNAL, CLEAR_OUTBOX = "r", "j", "o"
"""What a commit may delete before it writes; the script gets the letters as one string."""

READ = Script("""
-- KEYS: about, then the table of each record. ARGV: '1' to allot the number of an exchange, then
-- the key of each record. Returns time, version and number, then the records.
local now = redis.call('TIME')
local version = redis.call('HGET', KEYS[1], 'version')
local number = false
if version and ARGV[1] == '1' then number = redis.call('HINCRBY', KEYS[1], 'total', 1) end
local found = {now[1], now[2], version, number}
for i = 2, #ARGV do found[i + 3] = redis.call('HGET', KEYS[i], ARGV[i]) end
return found
""")

COMMIT = Script("""
-- Compare the read set, then apply the write set: optimistic locking in one step.
-- KEYS: about, journal, missed, due, claimed, kinds, then each table that is read or written.
-- Returns 'changed' for another version of the world, 'conflict' for another record, or 'done'.
local about, journal, missed, due, claimed, kinds = unpack(KEYS, 1, 6)
local at = 0
local function take() at = at + 1; return ARGV[at] end
local function number() return tonumber(take()) end

-- The read set: the version of the definition, then each record with the bytes that were read.
if (redis.call('HGET', about, 'version') or '') ~= take() then return 'changed' end
for _ = 1, number() do
  local hash = KEYS[number()]
  local key = take()
  if (redis.call('HGET', hash, key) or '') ~= take() then return 'conflict' end
end

-- The write set. Redis does not roll back, so nothing above this line writes.
local definition = take()
if definition ~= '' then
  redis.call('HSET', about, 'definition', definition)
  redis.call('HINCRBY', about, 'version', 1)
end
local tables, forget = take(), take()
if string.find(forget, 'r', 1, true) then
  for _, kind in ipairs(redis.call('SMEMBERS', kinds)) do redis.call('UNLINK', tables .. kind) end
  redis.call('DEL', kinds)
end
if string.find(forget, 'j', 1, true) then
  redis.call('DEL', journal, missed)
  redis.call('HDEL', about, 'held')
end
if string.find(forget, 'o', 1, true) then redis.call('DEL', due, claimed) end

local now, year, touched = number(), take(), {}
for _ = 1, number() do
  local hash = KEYS[number()]
  local key, value = take(), take()
  if value == '' then
    redis.call('HDEL', hash, key)
  else
    redis.call('HSET', hash, key, value)
    touched[hash] = (touched[hash] or 0) + 2
  end
end
-- Amortised sweep: for each record written, HSCAN looks at two of the table, where the last sweep
-- stopped. The first eight bytes of a record are the time after which it may be deleted.
for hash, count in pairs(touched) do
  local kind = string.sub(hash, #tables + 1)
  redis.call('SADD', kinds, kind)
  redis.call('EXPIRE', hash, year)
  local cursor = redis.call('HGET', about, 'sweep ' .. kind) or '0'
  local seen = redis.call('HSCAN', hash, cursor, 'COUNT', count)
  if seen[1] ~= cursor then redis.call('HSET', about, 'sweep ' .. kind, seen[1]) end
  for i = 1, #seen[2], 2 do
    if struct.unpack('>d', seen[2][i + 1]) < now then redis.call('HDEL', hash, seen[2][i]) end
  end
end

-- A delivery that is written is no longer claimed; it is due again if it has a time.
for _ = 1, number() do
  local id, when = take(), take()
  redis.call('ZREM', claimed, id)
  if when == '' then redis.call('ZREM', due, id) else redis.call('ZADD', due, when, id) end
end

local most, size, exchanges = number(), number(), number()
if exchanges == 0 then return 'done' end
local held = 0
for _ = 1, exchanges do
  local entry, unanswered = take(), take()
  redis.call('XADD', journal, '*', 'e', entry)
  held = redis.call('HINCRBY', about, 'held', #entry)
  if unanswered ~= '' and redis.call('LLEN', missed) < tonumber(unanswered) then
    redis.call('RPUSH', missed, entry)
  end
end
-- Trim about a hundred at a time, so that most commits do not have to.
local count = redis.call('XLEN', journal)
if count > most + 100 or held > size then
  local less, ids = 0, {}
  for _, old in ipairs(redis.call('XRANGE', journal, '-', '+', 'COUNT', 100)) do
    if count - #ids > most or held - less > size then
      ids[#ids + 1] = old[1]
      less = less + #old[2][2]
    end
  end
  redis.call('XDEL', journal, unpack(ids))
  redis.call('HINCRBY', about, 'held', -less)
end
return 'done'
""")

CLAIM_DUE = Script("""
-- KEYS: due, claimed, deliveries. ARGV: the world's time, the lease, the maximum to claim.
-- Claims whose lease has lapsed are due first. Leases run in Redis's time, which is one for all.
local clock = redis.call('TIME')
local real = clock[1] + clock[2] / 1000000
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[2], '-inf', real)) do
  redis.call('ZREM', KEYS[2], id)
  redis.call('ZADD', KEYS[1], 0, id)
end
local claims = {}
for _, id in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])) do
  redis.call('ZREM', KEYS[1], id)
  local found = redis.call('HGET', KEYS[3], id)
  if found then
    redis.call('ZADD', KEYS[2], real + ARGV[2], id)
    claims[#claims + 1] = id
    claims[#claims + 1] = found
  end
end
return claims
""")

RENEW_CLAIMS = Script("""
-- KEYS: claimed. ARGV: the lease, then ids. XX: a claim that is over is not made again.
local clock = redis.call('TIME')
local real = clock[1] + clock[2] / 1000000
for i = 2, #ARGV do redis.call('ZADD', KEYS[1], 'XX', real + ARGV[1], ARGV[i]) end
return 1
""")

PENDING = Script("""
-- KEYS: about, due, claimed. Returns time and version, then the first entry of each sorted set.
local clock = redis.call('TIME')
return {
  clock[1], clock[2], redis.call('HGET', KEYS[1], 'version'),
  redis.call('ZRANGE', KEYS[2], 0, 0, 'WITHSCORES'),
  redis.call('ZRANGE', KEYS[3], 0, 0, 'WITHSCORES'),
}
""")

CREATE_WORLD = Script("""
-- KEYS: about. ARGV: the definition. Returns the version, or nil if the world exists.
-- Versions begin at the time in microseconds, so that those of a dropped world never come again.
if redis.call('HEXISTS', KEYS[1], 'version') == 1 then return false end
local clock = redis.call('TIME')
local version = string.format('%.0f', clock[1] * 1000000 + clock[2])
redis.call('HSET', KEYS[1], 'version', version, 'definition', ARGV[1])
return version
""")

CLAIM_KEYS = Script("""
-- KEYS: names, keys, tags. ARGV: the world's name; its tag if it is new, else ''; app keys.
-- Returns nothing if all is claimed, else the app key that is taken ('' for the name) and by whom.
if ARGV[2] ~= '' and redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 then return {'', ARGV[1]} end
for i = 3, #ARGV do
  local holder = redis.call('HGET', KEYS[2], ARGV[i])
  if holder and holder ~= ARGV[1] then return {ARGV[i], holder} end
end
if ARGV[2] ~= '' then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
  redis.call('HSET', KEYS[3], ARGV[2], ARGV[1])
end
for i = 3, #ARGV do redis.call('HSET', KEYS[2], ARGV[i], ARGV[1]) end
return {}
""")

RELEASE_KEYS = Script("""
-- KEYS: names, keys, tags. ARGV: the world's name; its tag if it ends, else ''; app keys.
for i = 3, #ARGV do
  if redis.call('HGET', KEYS[2], ARGV[i]) == ARGV[1] then redis.call('HDEL', KEYS[2], ARGV[i]) end
end
if ARGV[2] ~= '' then
  redis.call('HDEL', KEYS[1], ARGV[1])
  redis.call('HDEL', KEYS[3], ARGV[2])
end
return 1
""")

SCAN_ALL = Script("""
-- KEYS: kinds. ARGV: the prefix of the tables' keys; 'count' for the number of records alone.
local found, count = {}, 0
for _, kind in ipairs(redis.call('SMEMBERS', KEYS[1])) do
  local hash = ARGV[1] .. kind
  if ARGV[2] == 'count' then
    count = count + redis.call('HLEN', hash)
  else
    found[#found + 1] = {kind, redis.call('HGETALL', hash)}
  end
end
return ARGV[2] == 'count' and count or found
""")

ALL_SCRIPTS = (
    READ,
    COMMIT,
    CLAIM_DUE,
    RENEW_CLAIMS,
    PENDING,
    CREATE_WORLD,
    CLAIM_KEYS,
    RELEASE_KEYS,
    SCAN_ALL,
)
