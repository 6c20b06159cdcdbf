"""Finished pages in Redis, and who of several machines draws one."""

import logging
import math
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import blake2b
from pathlib import Path

from newsroom.page_store.pages import Page
from newsroom.page_store.redis_server import PREFIX, Away, Script, Server
from newsroom.page_store.rendering import STEP, WAIT, Turns
from newsroom.page_store.shelves import packed, unpacked

log = logging.getLogger(__name__)

KEPT = 24 * 60 * 60  # seconds since it was used last
ROOM = 1.5  # of memory, for what pages need besides their bytes
PAGE, TURN = f"{PREFIX}page:", f"{PREFIX}turn:"

# Which page was used when, and how large each is, `total` all of them.
INDEX = ("used", "sizes")
COMMON = """
local used, sizes, prefix = KEYS[1], KEYS[2], ARGV[1]
local now = tonumber(redis.call('TIME')[1])

local function drop(name)
  redis.call('DEL', prefix .. name)
  redis.call('ZREM', used, name)
  local size = redis.call('HGET', sizes, name)
  if size then
    redis.call('HINCRBY', sizes, 'total', '-' .. size)
    redis.call('HDEL', sizes, name)
  end
end
"""
# prefix, name, content, seconds, limit, seconds that an unused page is kept
PUT = Script(
    COMMON
    + """
local name, size = ARGV[2], #ARGV[3]
drop(name)
redis.call('SET', prefix .. name, ARGV[3], 'EX', ARGV[4])
redis.call('ZADD', used, now, name)
redis.call('HSET', sizes, name, size)
local total = redis.call('HINCRBY', sizes, 'total', size)
for _, old in ipairs(redis.call('ZRANGEBYSCORE', used, 0, now - ARGV[6], 'LIMIT', 0, 100)) do
  drop(old)
end
while tonumber(redis.call('HGET', sizes, 'total')) > tonumber(ARGV[5]) do
  local oldest = redis.call('ZRANGE', used, 0, 0)[1]
  if not oldest then return redis.call('HSET', sizes, 'total', 0) end
  drop(oldest)
end
""",
    *INDEX,
)
# prefix, name, seconds
TOUCH = Script(
    COMMON
    + """
if redis.call('EXPIRE', prefix .. ARGV[2], ARGV[3]) == 1 then
  redis.call('ZADD', used, 'XX', now, ARGV[2])
end
""",
    *INDEX,
)
# turn, token
LEAVE = Script("if redis.call('GET', ARGV[1]) == ARGV[2] then redis.call('DEL', ARGV[1]) end")


class RedisShelf:
    """Pages of one release, `limit` bytes of all releases together: the ones unused longest go
    first, and what nobody uses for a day goes by itself. While Redis does not answer it is
    empty."""

    place = "shared through Redis"

    def __init__(self, server: Server, release: str, limit: int) -> None:
        self.server, self.release, self.limit = server, release, limit

    def get(self, key: str) -> Page | None:
        try:
            content = self.server.ask("GET", f"{PAGE}{self._name(key)}")
            return unpacked(content, key) if content else None
        except Away:
            return None
        except (ValueError, KeyError, TypeError) as error:
            log.warning("A stored page cannot be read: %s.", type(error).__name__)
            return None

    def put(self, key: str, page: Page) -> None:
        content = b"".join(packed(key, page))
        seconds = max(1, math.ceil(min(KEPT, page.ends - time.time())))
        self._run(PUT, PAGE, self._name(key), content, seconds, self.limit, KEPT)

    def touch(self, key: str) -> None:
        self._run(TOUCH, PAGE, self._name(key), KEPT)

    def trouble(self) -> str:
        """Where nothing is thrown away, a full memory would refuse changes, too."""
        try:
            memory = self.server.ask("INFO", "memory")
        except Away as away:
            return f"Redis does not answer ({away})"
        most = memory["maxmemory"]
        if memory["maxmemory_policy"] == "noeviction" and 0 < most < ROOM * self.limit:
            return f"Redis may take {most // 1_000_000} MB, too little for PAGES_IN_REDIS"
        return ""

    def _run(self, script: Script, *arguments: object) -> None:
        try:
            self.server.run(script, *arguments)
        except Away as away:
            log.info("A page is not stored: %s.", away)

    def _name(self, key: str) -> str:
        return f"{self.release}:{_digest(key)}"


class RedisTurns(Turns):
    """Of all machines one draws a page, of whose threads and processes one asks for its turn."""

    def __init__(self, folder: Path, server: Server, release: str) -> None:
        super().__init__(folder)
        self.server, self.release = server, release

    @contextmanager
    def turn(self, key: str) -> Iterator[None]:
        if self.server.is_resting:  # nothing is stored: there is nothing to wait for
            yield
            return
        deadline = time.monotonic() + WAIT
        with super().turn(key):
            name, token = f"{TURN}{self.release}:{_digest(key)}", secrets.token_hex(8)
            has_turn = self._take(name, token, deadline)
            try:
                yield
            finally:
                if has_turn:
                    self._leave(name, token)

    def _take(self, name: str, token: str, deadline: float) -> bool:
        """It comes to an end by itself, should this process die before `_leave`."""
        try:
            while not self.server.ask("SET", name, token, "NX", "PX", int(WAIT * 1000)):
                if time.monotonic() >= deadline:
                    return False
                time.sleep(2 * STEP)
        except Away:
            return False
        return True

    def _leave(self, name: str, token: str) -> None:
        try:
            self.server.run(LEAVE, name, token)
        except Away as away:
            log.info("A turn ends by itself: %s.", away)


def _digest(key: str) -> str:
    return blake2b(key.encode("utf-8", "surrogateescape"), digest_size=16).hexdigest()
