"""The Lua scripts, each of which Redis runs as one atomic step.

Every key of a world carries its name as hash tag, so all of them are in one slot of a cluster and
a script may use several. The hashes of names, app keys and tags share another tag.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from mockdouyin.redis_store._address import RedisCommand


class Script:
    """A Lua script, called by its SHA-1."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.sha: str = hashlib.sha1(text.encode()).hexdigest()

    def __call__(self, keys: Sequence[str], *arguments: Any) -> RedisCommand:
        """Return the EVALSHA command that runs it."""
        return ("EVALSHA", self.sha, len(keys), *keys, *arguments)


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
-- KEYS: about, journal, places, missed, due, claimed, kinds, then each table that is used.
-- Returns 'changed' for another version of the world, 'conflict' for another record, 'passed' if
-- the journal has dropped higher numbers than the first one to be written, or 'done'.
local about, journal, places, missed, due, claimed, kinds = unpack(KEYS, 1, 7)
local at = 0
local function take() at = at + 1; return ARGV[at] end
local function number() return tonumber(take()) end

-- What counts as dropped is not shown to who reads on, so nothing is written there.
local first, known = number(), redis.call('HMGET', about, 'version', 'dropped')
if first > 0 and first <= tonumber(known[2] or 0) then return 'passed' end
-- The read set: the version of the definition, then each record with the bytes that were read.
if (known[1] or '') ~= take() then return 'changed' end
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
local cleared = string.find(forget, 'j', 1, true)
if cleared then
  redis.call('DEL', journal, places, missed)
  redis.call('HDEL', about, 'held', 'kept')
  redis.call('HSET', about, 'dropped', redis.call('HGET', about, 'total') or 0)
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

-- The journal is a stream in the order of commits, for whoever follows it. `places` has each
-- entry's place in the stream by its number, for pages. `about` counts its bytes and exchanges.
local most, size, entries = number(), number(), number()
if entries == 0 then return 'done' end
local bytes, exchanges = 0, 0
for i = 1, entries do
  local id, entry, exchange, unanswered = take(), take(), take(), take()
  -- The act that cleared the journal had its number before: it is not among what is gone.
  if cleared and i == 1 then redis.call('HSET', about, 'dropped', id - 1) end
  local place = redis.call('XADD', journal, '*', 'n', id, 'e', entry, 'x', exchange)
  redis.call('ZADD', places, id, place)
  bytes, exchanges = bytes + #entry, exchanges + exchange
  if unanswered ~= '' and redis.call('LLEN', missed) < tonumber(unanswered) then
    redis.call('RPUSH', missed, entry)
  end
end
local held = redis.call('HINCRBY', about, 'held', bytes)
local kept = redis.call('HINCRBY', about, 'kept', exchanges)
redis.call('HINCRBY', about, 'exchanges', exchanges)
-- Trim about a hundred at a time, so that most commits do not have to.
if kept > most + 100 or held > size then
  local less, fewer, last, ids = 0, 0, 0, {}
  for _, old in ipairs(redis.call('XRANGE', journal, '-', '+', 'COUNT', 100)) do
    if kept - fewer > most or held - less > size then
      ids[#ids + 1] = old[1]
      less, fewer = less + #old[2][4], fewer + old[2][6]
      last = math.max(last, tonumber(old[2][2]))
    end
  end
  redis.call('XDEL', journal, unpack(ids))
  redis.call('ZREM', places, unpack(ids))
  redis.call('HINCRBY', about, 'held', -less)
  redis.call('HINCRBY', about, 'kept', -fewer)
  if last > tonumber(redis.call('HGET', about, 'dropped') or 0) then
    redis.call('HSET', about, 'dropped', last)
  end
end
return 'done'
""")

PAGE = Script("""
-- KEYS: journal, places. ARGV: the lowest number, the highest one, the limit, 'newest' or ''.
-- Returns the number, the place in the stream and the entry of each.
local command, from, to = 'ZRANGEBYSCORE', ARGV[1], ARGV[2]
if ARGV[4] == 'newest' then command, from, to = 'ZREVRANGEBYSCORE', to, from end
local places = redis.call(command, KEYS[2], from, to, 'WITHSCORES', 'LIMIT', 0, ARGV[3])
local found = {}
for i = 1, #places, 2 do
  local entry = redis.call('XRANGE', KEYS[1], places[i], places[i])
  if entry[1] then
    found[#found + 1] = places[i + 1]
    found[#found + 1] = places[i]
    found[#found + 1] = entry[1][2][4]
  end
end
return found
""")

FOLLOW = Script("""
-- KEYS: journal, places. ARGV: the last place that was read or '', a number, the limit.
-- Returns what was committed after that place; without one, from the first higher number on.
local from = '(' .. ARGV[1]
if ARGV[1] == '' then
  from = redis.call('ZRANGEBYSCORE', KEYS[2], '(' .. ARGV[2], '+inf', 'LIMIT', 0, 1)[1]
  if not from then return {} end
end
return redis.call('XRANGE', KEYS[1], from, '+', 'COUNT', ARGV[3])
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
-- A provider's key that is taken stays with its holder.
-- Returns nothing if all is claimed, else the app key that is taken ('' for the name) and by whom.
if ARGV[2] ~= '' and redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 then return {'', ARGV[1]} end
local free = {}
for i = 3, #ARGV do
  local holder = redis.call('HGET', KEYS[2], ARGV[i])
  if not holder or holder == ARGV[1] then free[#free + 1] = ARGV[i]
  elseif string.sub(ARGV[i], 1, 9) ~= 'provider ' then return {ARGV[i], holder} end
end
if ARGV[2] ~= '' then
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
  redis.call('HSET', KEYS[3], ARGV[2], ARGV[1])
end
for _, key in ipairs(free) do redis.call('HSET', KEYS[2], key, ARGV[1]) end
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

TABLE_PAGE = Script("""
-- KEYS: a table. ARGV: where to go on; how many records to look at; between which times the header
-- of those is that are returned. Returns where to go on, and keys with records.
local seen = redis.call('HSCAN', KEYS[1], ARGV[1], 'COUNT', ARGV[2])
local low, high, found = tonumber(ARGV[3]), tonumber(ARGV[4]) or math.huge, {}
for i = 1, #seen[2], 2 do
  local ends = struct.unpack('>d', seen[2][i + 1])
  if ends > low and ends <= high then
    found[#found + 1] = seen[2][i]
    found[#found + 1] = seen[2][i + 1]
  end
end
return {seen[1], found}
""")

ALL_SCRIPTS = (
    READ,
    COMMIT,
    PAGE,
    FOLLOW,
    CLAIM_DUE,
    RENEW_CLAIMS,
    PENDING,
    CREATE_WORLD,
    CLAIM_KEYS,
    RELEASE_KEYS,
    SCAN_ALL,
    TABLE_PAGE,
)
