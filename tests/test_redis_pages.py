"""Finished pages in Redis, as two machines with the same release share them."""

import threading
import time

import pytest
import redis as client_of_redis

from newsroom.page_store import redis_pages
from newsroom.page_store.generations import Proof, Slot
from newsroom.page_store.pages import BROTLI, page_of
from newsroom.page_store.redis_pages import RedisShelf, RedisTurns
from newsroom.page_store.redis_server import Server
from tests.machine.redis import redis_server

pytestmark = pytest.mark.sqlite_only  # Django's database has no part in it
MEGABYTE = 1_000_000
SEARCH = "https://news.example.org/search/?q=a+name"


@pytest.fixture(scope="module")
def redis():
    with redis_server() as server:
        yield server


@pytest.fixture
def commands(redis):
    client = client_of_redis.Redis.from_url(redis.url)
    client.flushall()
    return client


def shelf(redis, *, release="one", limit=MEGABYTE):
    return RedisShelf(Server(redis.url), release, limit)


def page(text="<p>News</p>", *, lasts=float("inf")):
    now = time.time()
    proof = Proof(5 << 48 | 7, (Slot(1), Slot(9)))
    headers = [("Content-Type", "text/html; charset=utf-8")]
    return page_of(
        text.encode(), headers, BROTLI, begun=now, ends=now + lasts, proof=proof, tags=("a",)
    )


def test_a_page_that_one_machine_has_drawn_the_others_send_as_it_is(redis, commands):
    drawn = page()
    shelf(redis).put("key", drawn)
    found = shelf(redis).get("key")
    assert (found.text(), found.digest) == (drawn.text(), drawn.digest)
    assert (found.headers, found.tags) == (drawn.headers, drawn.tags)
    assert (found.proof, found.begun, found.ends) == (drawn.proof, drawn.begun, drawn.ends)


def test_two_releases_dont_mix(redis, commands):
    shelf(redis).put("key", page())
    assert shelf(redis, release="two").get("key") is None


def test_the_names_tell_nothing_of_what_readers_asked_for(redis, commands):
    shelf(redis).put(SEARCH, page())
    names = [name for name in commands.scan_iter() if name.startswith(b"newsroom:page:one:")]
    assert len(names) == 1 and b"search" not in names[0]
    assert {name.split(b":")[0] for name in commands.scan_iter()} == {b"newsroom"}


def test_the_pages_unused_longest_go_first(redis, commands):
    small = shelf(redis, limit=1500)
    for number in range(8):
        small.put(f"{number}", page("x" * 400 + str(number)))
    sizes = {name: int(size) for name, size in commands.hgetall("newsroom:sizes").items()}
    total = sizes.pop(b"total")
    assert total == sum(sizes.values()) <= 1500
    assert len(commands.keys("newsroom:page:*")) == len(sizes) == commands.zcard("newsroom:used")
    kept = [number for number in range(8) if small.get(f"{number}")]
    assert 2 <= len(kept) < 8 and len(kept) == len(sizes)


def test_a_page_that_is_used_stays(redis, commands):
    whole = shelf(redis)
    whole.put("a", page())
    whole.put("b", page())
    for name in commands.zrange("newsroom:used", 0, -1):
        commands.zadd("newsroom:used", {name: 1_000_000_000})
    commands.expire(f"{redis_pages.PAGE}{whole._name('a')}", 100)
    whole.touch("a")
    whole.touch("nobody has this")
    assert commands.zscore("newsroom:used", whole._name("a")) > 1_000_000_000
    assert commands.ttl(f"{redis_pages.PAGE}{whole._name('a')}") == redis_pages.KEPT
    whole.put("c", page())  # and with it goes what was unused for a day
    assert whole.get("a") and whole.get("c") and not whole.get("b")


def test_a_page_that_is_put_again_counts_once(redis, commands):
    whole, drawn = shelf(redis), page()
    whole.put("a", drawn)
    drawn.add("gzip")
    whole.put("a", drawn)
    assert set(whole.get("a").bodies) == {"br", "gzip"}
    assert commands.zcard("newsroom:used") == 1


def test_only_pages_may_be_thrown_away(redis, commands):
    """Under volatile-lru Redis throws away what expires."""
    whole = shelf(redis)
    whole.put("a", page())
    whole.put("soon another", page(lasts=90.0))
    pages = sorted(commands.ttl(name) for name in commands.keys("newsroom:page:*"))
    assert 89 <= pages[0] <= 91 and pages[1] == redis_pages.KEPT
    others = [name for name in commands.scan_iter() if not name.startswith(b"newsroom:page:")]
    assert others and all(commands.ttl(name) == -1 for name in others)


def test_what_is_no_page_is_as_good_as_none(redis, commands, caplog):
    whole = shelf(redis)
    whole.put("a", page())
    commands.set(f"{redis_pages.PAGE}{whole._name('a')}", b'{"key": "a"}\n')
    assert whole.get("a") is None
    assert "cannot be read" in caplog.text


def test_while_redis_is_away_the_shelf_is_empty():
    with redis_server() as server:
        whole = shelf(server)
        whole.put("a", page())
        server.kill()
        assert whole.get("a") is None
        whole.put("a", page())
        whole.touch("a")
        assert "does not answer" in whole.trouble()


def test_a_memory_too_small_for_the_pages_is_told(redis, commands):
    commands.config_set("maxmemory", "1mb")
    try:
        assert "too little" in shelf(redis, limit=50 * MEGABYTE).trouble()
        assert shelf(redis, limit=MEGABYTE // 10).trouble() == ""
    finally:
        commands.config_set("maxmemory", "0")
    assert shelf(redis, limit=50 * MEGABYTE).trouble() == ""


def turns(redis, folder):
    return RedisTurns(folder, Server(redis.url), "one")


def test_of_several_machines_one_draws_and_the_others_get_it_from_that_one(
    redis, commands, tmp_path
):
    drawn, got = [], []

    def ask(number):
        own, machine = shelf(redis), turns(redis, tmp_path / f"{number % 4}")
        with machine.turn("key"):
            if own.get("key") is None:
                drawn.append(number)
                time.sleep(0.05)
                own.put("key", page())
            got.append(own.get("key").text())

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(drawn) == 1 and len(got) == 12
    assert commands.keys("newsroom:turn:*") == []


def test_a_machine_that_died_while_it_drew_holds_nobody_up_for_long(
    redis, commands, tmp_path, monkeypatch
):
    monkeypatch.setattr(redis_pages, "WAIT", 0.2)
    died = turns(redis, tmp_path / "died")
    assert died._take(f"{redis_pages.TURN}one:{redis_pages._digest('key')}", "token", 0)
    began = time.monotonic()
    with turns(redis, tmp_path / "other").turn("key"):
        assert time.monotonic() - began < 1


def test_nobody_ends_the_turn_of_another(redis, commands, tmp_path):
    own = turns(redis, tmp_path)
    assert own._take("newsroom:turn:one:key", "own", 0)
    own._leave("newsroom:turn:one:key", "another's")
    assert not own._take("newsroom:turn:one:key", "third", 0)
    own._leave("newsroom:turn:one:key", "own")
    assert own._take("newsroom:turn:one:key", "third", 0)


def test_while_redis_is_away_nobody_waits_for_a_turn(tmp_path):
    with redis_server() as server:
        own = turns(server, tmp_path)
        server.kill()
        with own.turn("key"):
            began = time.monotonic()
            with own.turn("key"):
                assert time.monotonic() - began < 0.2
