"""The generations of several machines, in a hash of Redis that all their processes ask.

It holds the clock of changes, and for each slot its reading at the slot's last change, or MARKED.
A second hash says what has been marked by whom, and until when that counts: a process tells again
and again that it is still at it, so that the marks of one that died come to an end.

A Redis that was started anew may have lost what it was told last, marks and changes alike. So has
one that took over from another. Either begins a new epoch: nothing holds that was drawn before,
and for SETTLING seconds nothing at all, since commits may be under way whose marks are lost.
"""

import os
import threading
import time
from collections.abc import Collection, Iterable
from typing import Any

from newsroom.page_store import watching
from newsroom.page_store.generations import EVERYTHING, Mark, Proof, Slot, StoreAway
from newsroom.page_store.redis_server import Away, Script, Send, Server

# A proof's number is the epoch, and in the lower bits the clock. None holds that was made while
# Redis did not answer.
CLOCK_BITS = 48
NO_PROOF = -1
MARKED = b"m"

SETTLING = 10.0  # seconds
MARKS_LAST = 30.0  # seconds since their process told of them last
TELL_EVERY = 4.0
TRY_AGAIN = 0.5
LOOK_EVERY = 1.0  # seconds, for marks of the dead

KEYS = ("generations", "marks")
COMMON = """
local generations, marks = KEYS[1], KEYS[2]

local function last_until(seconds)
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000) + seconds * 1000
end

local function each(slots)
  return string.gmatch(slots, '%S+')
end

local function note(mark, seconds, slots)
  redis.call('HSET', marks, mark, string.format('%.0f|%s', last_until(seconds), slots))
end

-- They have changed; those stay marked that somebody else is about to change, too.
local function raise(slots)
  local still = {}
  for _, mark in ipairs(redis.call('HVALS', marks)) do
    for slot in each(string.match(mark, '|(.*)')) do still[slot] = true end
  end
  local clock = redis.call('HINCRBY', generations, 'clock', 1)
  for slot in each(slots) do
    redis.call('HSET', generations, slot, still[slot] and 'm' or string.format('%.0f', clock))
  end
end
"""
# run id, epoch, seconds, the slot of everything
BEGIN = """
local known = redis.call('HMGET', generations, 'run', 'epoch')
if known[1] == ARGV[1] and known[2] then return 0 end
note('beginning', ARGV[3], ARGV[4])
redis.call('HSET', generations, 'run', ARGV[1], 'epoch', ARGV[2], ARGV[4], 'm')
redis.call('HINCRBY', generations, 'clock', 1)
return 1
"""
# name of the mark, seconds, slots
MARK = """
note(ARGV[1], ARGV[2], ARGV[3])
for slot in each(ARGV[3]) do redis.call('HSET', generations, slot, 'm') end
redis.call('HINCRBY', generations, 'clock', 1)
"""
# name of the mark, slots
RELEASE = """
redis.call('HDEL', marks, ARGV[1])
raise(ARGV[2])
"""
# slots that somebody found marked
RECOVER = """
local now, dead = last_until(0), ARGV[1]
local found = redis.call('HGETALL', marks)
for place = 1, #found, 2 do
  local ends, slots = string.match(found[place + 1], '^(%d+)|(.*)')
  if tonumber(ends) < now then
    redis.call('HDEL', marks, found[place])
    dead = dead .. ' ' .. slots
  end
end
raise(dead)
"""
begin, mark, release, recover = (
    Script(COMMON + source, *KEYS) for source in (BEGIN, MARK, RELEASE, RECOVER)
)


class RedisGenerations:
    """See the protocol for what the methods promise."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.keeper = Keeper(server)
        self.looked_at = 0.0
        server.greet = _begin

    def clock(self) -> int:
        try:
            return self._look()[0]
        except Away:
            return NO_PROOF

    def holds(self, proof: Proof) -> bool:
        """Redis is asked each time; but what a page is made of once, when that was begun."""
        since = proof.since
        if since == NO_PROOF:
            return False
        watch = watching.current()
        if watch and watch.since <= proof.checked and _epoch(watch.since) == _epoch(since):
            return True
        try:
            if proof.checked >= 0 and self._look()[0] == proof.checked:
                return True
            asked = (EVERYTHING, *proof.slots)
            now, found = self._look(*asked)
            if MARKED in found:
                self._look_for_the_dead(
                    slot for slot, value in zip(asked, found, strict=True) if value == MARKED
                )
                return False
        except Away:
            return False
        clock = since & ((1 << CLOCK_BITS) - 1)
        if _epoch(now) != _epoch(since) or any(value and int(value) > clock for value in found):
            return False
        proof.checked = now
        return True

    def mark(self, slots: Collection[Slot]) -> Mark:
        marked = Mark(tuple(slots), (int.from_bytes(os.urandom(7)),))
        self.keeper.begin(marked)
        try:
            self.server.run(mark, *_told(marked, MARKS_LAST), is_urgent=True)
        except Away as away:
            self.keeper.end(marked)
            raise StoreAway(f"Redis cannot be told of a change: {away}") from None
        return marked

    def release(self, mark: Mark) -> None:
        self.keeper.end(mark)
        try:
            self.server.run(release, *_told(mark))
        except Away:
            self.keeper.release_later(mark)

    def forget_all(self) -> None:
        """Raises StoreAway."""
        try:
            self.server.run(release, "", EVERYTHING, is_urgent=True)
        except Away as away:
            raise StoreAway(f"Redis cannot be told of a change: {away}") from None

    def trouble(self) -> str:
        try:
            self._look()
            memory = self.server.ask("INFO", "memory")
        except Away as away:
            return f"Redis does not answer ({away})"
        policy = memory["maxmemory_policy"]
        if memory["maxmemory"] and policy.startswith("allkeys"):
            return f"Redis may throw away what proves pages fresh (maxmemory-policy {policy})"
        return ""

    def _look(self, *slots: Slot) -> tuple[int, list[bytes | None]]:
        """The epoch and the clock as one number, and what is in these slots. Raises Away."""
        question = ("HMGET", begin.keys[0], "epoch", "clock", *slots)
        epoch, clock, *found = self.server.ask(*question)
        if epoch is None or clock is None:
            # Somebody has emptied it, or it has thrown away what it must keep.
            self.server.meet_again()
            epoch, clock, *found = self.server.ask(*question)
        if epoch is None or clock is None:
            raise Away("it forgets what it is told")
        return int(epoch) << CLOCK_BITS | int(clock), found

    def _look_for_the_dead(self, slots: Iterable[Slot]) -> None:
        """They are marked: by a process that died, perhaps, or in a hash that is gone."""
        now = time.monotonic()
        if now - self.looked_at >= LOOK_EVERY:
            self.looked_at = now
            self.server.run(recover, " ".join(map(str, slots)))


class Keeper:
    """What this process has marked, and what it could not release yet. Its thread tells Redis of
    both until that is done."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self._begin_anew()
        os.register_at_fork(after_in_child=self._begin_anew)

    def _begin_anew(self) -> None:
        self.lock = threading.Lock()
        self.wanted = threading.Event()
        self.marks: dict[Mark, float] = {}  # and when Redis was told of them last
        self.late: list[Mark] = []
        self.thread: threading.Thread | None = None

    def begin(self, mark: Mark) -> None:
        with self.lock:
            self.marks[mark] = time.monotonic()
            if self.thread is None:
                self.thread = threading.Thread(target=self._keep, name="page store", daemon=True)
                self.thread.start()

    def end(self, mark: Mark) -> None:
        with self.lock:
            self.marks.pop(mark, None)

    def release_later(self, mark: Mark) -> None:
        with self.lock:
            self.late.append(mark)
        self.wanted.set()

    def _keep(self) -> None:
        while True:
            self.wanted.wait(TRY_AGAIN if self.late else TELL_EVERY / 4)
            self.wanted.clear()
            try:
                self._tell_again()
                self._release()
            except Away:
                time.sleep(TRY_AGAIN)

    def _tell_again(self) -> None:
        """Within the lock, so that nothing is marked again that was released meanwhile."""
        with self.lock:
            for held, told_at in list(self.marks.items()):
                now = time.monotonic()
                if now - told_at >= TELL_EVERY:
                    self.server.run(mark, *_told(held, MARKS_LAST))
                    self.marks[held] = now

    def _release(self) -> None:
        while self.late:
            self.server.run(release, *_told(self.late[0]))
            with self.lock:
                self.late.pop(0)


def _begin(run: str, send: Send) -> None:
    epoch = int.from_bytes(os.urandom(7))
    send("EVAL", begin.source, len(begin.keys), *begin.keys, run, epoch, SETTLING, EVERYTHING)


def _told(mark: Mark, *seconds: float) -> tuple[Any, ...]:
    return (f"{mark.rows[0]:x}", *seconds, " ".join(map(str, mark.slots)))


def _epoch(number: int) -> int:
    return number >> CLOCK_BITS
