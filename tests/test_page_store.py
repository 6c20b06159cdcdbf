"""Whatever happens in a newsroom, and in whichever order: readers get what stands there."""

import os
import secrets
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from tests.machine.redis import redis_server
from tests.page_store.mistakes import MISTAKES
from tests.page_store.playing import NOON, Stale, acts_often, two_players
from tests.soak import SEED, size

pytestmark = pytest.mark.soak


@contextmanager
def database_of_its_own():
    """On the server that the tests use: its DATABASE_URL."""
    url, name = os.environ["DATABASE_URL"], f"players_{secrets.token_hex(6)}"
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlunsplit(urlsplit(url)._replace(path=f"/{name}"))
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def walk(play, *, rounds, steps):
    """Two processes act and read in turn; some of what they read while a commit is under way. Now
    and then one of them is killed before its commit, after it, or while it tells of it."""
    for where in ("before", "after", "release") * rounds:
        play.go_on(steps)
        play.kill_at(where, "edit")
        play.players[0].do(do="settle", now=NOON)
    assert play.seen["read 200"] > play.step / 4, "most of it reaches readers"
    print(f"seed {SEED}, {play.step} steps: {dict(sorted(play.seen.items()))}")


@pytest.mark.sqlite_only
def test_every_answer_is_what_a_drawing_from_scratch_gives(tmp_path):
    with two_players(tmp_path / "state", SEED, acts=acts_often()) as play:
        walk(play, rounds=size(1, 40), steps=size(75, 830))


@pytest.mark.sqlite_only
def test_and_so_it_is_with_the_pages_in_redis(tmp_path):
    state = tmp_path / "state"
    with (
        redis_server() as redis,
        two_players(state, SEED, acts=acts_often(), REDIS_URL=redis.url) as play,
    ):
        walk(play, rounds=size(1, 20), steps=size(25, 330))


if connection.vendor == "postgresql":

    def test_and_so_it_is_on_postgresql(tmp_path):
        state = tmp_path / "state"
        with (
            database_of_its_own() as url,
            two_players(state, SEED, acts=acts_often(), DATABASE_URL=url) as play,
        ):
            walk(play, rounds=size(1, 20), steps=size(25, 330))


@pytest.mark.sqlite_only
@pytest.mark.parametrize("mistake", [*MISTAKES][: size(1, len(MISTAKES))])
def test_a_mistake_in_the_store_is_found_out(tmp_path, mistake):
    with two_players(tmp_path / "state", SEED, acts=acts_often()) as play:
        for player in play.players:
            player.do(do="err", name=mistake, now=NOON)
        with pytest.raises(Stale):
            play.go_on(5000)
