"""The generations of several machines, against a Redis that is killed, emptied and made to hang."""

import os
import signal
import subprocess
import sys
import time

import pytest
import redis as client_of_redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from newsroom.page_store import redis_generations, watching
from newsroom.page_store.generations import Proof, StoreAway, slots_of
from newsroom.page_store.redis_generations import RedisGenerations
from newsroom.page_store.redis_server import TIMEOUT, Server
from newsroom.page_store.watching import Watch
from tests.machine.redis import redis_server

pytestmark = pytest.mark.sqlite_only  # Django's database has no part in it
SECONDS = 20  # until a test gives up


@pytest.fixture(scope="module")
def one_server():
    with redis_server() as server:
        yield server


@pytest.fixture
def redis(one_server, monkeypatch):
    monkeypatch.setattr(redis_generations, "SETTLING", 0)
    monkeypatch.setattr(redis_generations, "LOOK_EVERY", 0)
    monkeypatch.setattr(redis_generations, "TRY_AGAIN", 0.02)
    monkeypatch.setattr("newsroom.page_store.redis_server.REST", 0.05)
    one_server.kill()
    one_server.start()
    return one_server


@pytest.fixture
def commands(redis):
    """Asks Redis itself."""
    return client_of_redis.Redis.from_url(redis.url)


def machine(redis):
    """The generations as one machine sees them, when an epoch is no longer new."""
    generations = RedisGenerations(Server(redis.url))
    until(lambda: generations.holds(drawn(generations)))
    return generations


def drawn(generations, *tags):
    return Proof(generations.clock(), slots_of(tags))


def until(is_so):
    give_up_at = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < give_up_at
        time.sleep(0.01)


def test_what_one_machine_changes_the_others_know_at_once(redis):
    one, other = machine(redis), machine(redis)
    front, piece = drawn(other, "front"), drawn(other, "piece", "replies:1")
    assert other.holds(front) and other.holds(piece)
    mark = one.mark(slots_of(["replies:1"]))
    assert not other.holds(piece) and other.holds(front)
    during = drawn(other, "replies:1")
    one.release(mark)
    assert not other.holds(piece) and not other.holds(during) and other.holds(front)
    assert other.holds(drawn(other, "replies:1"))


def test_what_two_are_changing_holds_when_both_are_done(redis):
    one, other = machine(redis), machine(redis)
    first, second = one.mark(slots_of(["a", "b"])), other.mark(slots_of(["b"]))
    one.release(first)
    assert one.holds(drawn(one, "a")) and not one.holds(drawn(one, "b"))
    other.release(second)
    assert one.holds(drawn(one, "b"))


def test_nothing_holds_after_all_is_forgotten(redis):
    one, other = machine(redis), machine(redis)
    proof = drawn(other, "a")
    one.forget_all()
    assert not other.holds(proof) and other.holds(drawn(other, "a"))


def test_what_holds_costs_one_question_a_request(redis, monkeypatch):
    generations = machine(redis)
    proof, asked = drawn(generations, "a", "b"), []
    ask = generations.server.ask

    def counted(*command, **options):
        asked.append(command)
        return ask(*command, **options)

    monkeypatch.setattr(generations.server, "ask", counted)
    for _ in range(3):
        assert generations.holds(proof)
    assert [len(command) for command in asked] == [7, 4, 4]


def test_what_a_page_is_made_of_is_asked_for_once_while_it_is_drawn(redis, monkeypatch):
    generations, other = machine(redis), machine(redis)
    value = drawn(generations, "a")
    with watching.watching(Watch(generations.clock())):
        assert generations.holds(value)
        other.release(other.mark(slots_of(["a"])))
        # The page that is drawn began before that, and won't hold itself.
        assert generations.holds(value)
    with watching.watching(Watch(generations.clock())):
        assert not generations.holds(value)


def test_a_change_that_cannot_be_told_is_refused(redis):
    generations = machine(redis)
    redis.kill()
    with pytest.raises(StoreAway, match="Redis"):
        generations.mark(slots_of(["a"]))
    with pytest.raises(StoreAway, match="Redis"):
        generations.forget_all()
    redis.start()
    generations.release(generations.mark(slots_of(["a"])))


def test_while_redis_is_away_nothing_holds_and_nobody_waits(redis):
    generations = machine(redis)
    proof = drawn(generations, "a")
    redis.kill()
    assert not generations.holds(proof)
    made_meanwhile = drawn(generations, "a")
    assert not generations.holds(made_meanwhile)
    redis.start()
    until(lambda: generations.holds(drawn(generations, "a")))
    assert not generations.holds(proof) and not generations.holds(made_meanwhile)


def test_a_redis_that_hangs_is_waited_for_once(redis, monkeypatch):
    monkeypatch.setattr("newsroom.page_store.redis_server.REST", 60)
    generations = machine(redis)
    proof = drawn(generations, "a")
    with redis.hanging():
        began = time.monotonic()
        assert not any(generations.holds(proof) for _ in range(100))
        assert generations.clock() == redis_generations.NO_PROOF
        assert time.monotonic() - began < TIMEOUT * 4  # and not a hundred times


def test_a_release_that_fails_is_told_later_and_until_then_the_tag_is_passed_by(redis):
    one, other = machine(redis), machine(redis)
    proof = drawn(other, "a")
    mark = one.mark(slots_of(["a"]))
    with redis.hanging():
        one.release(mark)
        assert one.keeper.late == [mark]
    until(lambda: other.holds(drawn(other, "a")))
    assert not other.holds(proof)
    until(lambda: not one.keeper.late)


def test_a_release_that_redis_did_not_hear_leaves_the_tag_marked(redis, monkeypatch):
    one, other = machine(redis), machine(redis)
    mark = one.mark(slots_of(["a"]))
    monkeypatch.setattr(one.keeper, "release_later", lambda mark: None)
    monkeypatch.setattr(
        one.server, "client", client_of_redis.Redis(port=1, retry=Retry(NoBackoff(), 0))
    )
    one.release(mark)
    assert not other.holds(drawn(other, "a"))
    assert other.holds(drawn(other, "b"))


@pytest.mark.parametrize("saved", [False, True], ids=["empty", "as it was saved"])
def test_a_redis_that_was_started_anew_revives_nothing(redis, commands, saved):
    generations = machine(redis)
    proof = drawn(generations, "a")
    assert generations.holds(proof)
    if saved:
        commands.save()
    generations.release(generations.mark(slots_of(["a"])))  # lost
    redis.kill()
    redis.start()
    assert bool(commands.exists("newsroom:generations")) is saved
    until(lambda: generations.holds(drawn(generations, "a")))
    assert not generations.holds(proof)
    (redis.room / "dump.rdb").unlink(missing_ok=True)


def test_a_redis_that_takes_over_revives_nothing(redis, commands):
    generations = machine(redis)
    proof = drawn(generations, "a")
    with redis_server() as second:
        commands.config_set("repl-diskless-sync-delay", "0")
        other = client_of_redis.Redis.from_url(second.url)
        other.replicaof("127.0.0.1", redis.port)
        until(lambda: other.exists("newsroom:generations"))
        other.replicaof("NO", "ONE")
        generations.release(generations.mark(slots_of(["a"])))  # the second never hears of it
        after = machine(second)
        assert not after.holds(proof)


def test_a_redis_that_is_emptied_begins_anew(redis, commands):
    generations = machine(redis)
    proof = drawn(generations, "a")
    mark = generations.mark(slots_of(["a"]))
    commands.flushall()
    assert not generations.holds(proof)
    generations.release(mark)
    until(lambda: generations.holds(drawn(generations, "a")))
    assert not generations.holds(proof)


def test_nothing_holds_in_a_new_epoch_while_lost_marks_may_be_committed(redis, monkeypatch):
    generations = machine(redis)
    monkeypatch.setattr(redis_generations, "SETTLING", 0.5)
    redis.kill()
    redis.start()
    until(lambda: generations.clock() != redis_generations.NO_PROOF)
    began = time.monotonic()
    proof = drawn(generations, "a")
    assert not generations.holds(proof)
    until(lambda: generations.holds(drawn(generations, "a")))
    assert time.monotonic() - began > 0.3
    assert not generations.holds(proof)


MARK_AND_DIE = """
import django, os, signal, sys
django.setup()
from newsroom.page_store import redis_generations
redis_generations.MARKS_LAST = 0.5
from newsroom.page_store.generations import slots_of
from newsroom.page_store.redis_server import Server
generations = redis_generations.RedisGenerations(Server(sys.argv[1]))
generations.mark(slots_of(["a"]))
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_marks_of_a_process_that_was_killed_come_to_an_end(redis, commands):
    generations = machine(redis)
    proof = drawn(generations, "a")
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "newsroom.settings"}
    killed = subprocess.run([sys.executable, "-c", MARK_AND_DIE, redis.url], env=environment)
    assert killed.returncode == -signal.SIGKILL
    assert commands.hlen("newsroom:marks") == 1
    until(lambda: generations.holds(drawn(generations, "a")))
    assert not generations.holds(proof)
    assert commands.hlen("newsroom:marks") == 0


def test_a_mark_lasts_as_long_as_its_process_commits(redis, monkeypatch):
    monkeypatch.setattr(redis_generations, "MARKS_LAST", 0.3)
    monkeypatch.setattr(redis_generations, "TELL_EVERY", 0.05)
    one, other = machine(redis), machine(redis)
    mark = one.mark(slots_of(["a"]))
    give_up_at = time.monotonic() + 1
    while time.monotonic() < give_up_at:
        assert not other.holds(drawn(other, "a"))
        time.sleep(0.02)
    one.release(mark)
    assert other.holds(drawn(other, "a"))


def test_a_mark_whose_table_was_thrown_away_comes_to_an_end(redis, commands):
    generations = machine(redis)
    mark = generations.mark(slots_of(["a"]))
    generations.keeper.end(mark)
    commands.delete("newsroom:marks")
    assert not generations.holds(drawn(generations, "a"))
    until(lambda: generations.holds(drawn(generations, "a")))


def test_only_words_that_name_nobody_are_sent(redis, commands):
    generations = machine(redis)
    generations.mark(slots_of(["replies:1"]))
    assert set(commands.keys()) == {b"newsroom:generations", b"newsroom:marks"}
    fields = set(commands.hkeys("newsroom:generations")) - {b"run", b"epoch", b"clock"}
    assert all(field.isdigit() for field in fields)


def test_operators_are_told_what_is_wrong(redis, commands):
    generations = machine(redis)
    assert generations.trouble() == ""
    commands.config_set("maxmemory", "100mb")
    commands.config_set("maxmemory-policy", "allkeys-lru")
    assert "allkeys-lru" in generations.trouble()
    redis.kill()
    assert "does not answer" in generations.trouble()
