"""The store of several machines: REDIS_URL names the Redis that they share."""

from pathlib import Path

from newsroom.page_store.build import build_name
from newsroom.page_store.redis_generations import RedisGenerations
from newsroom.page_store.redis_pages import RedisShelf, RedisTurns
from newsroom.page_store.redis_server import Server


def parts(url: str, *, folder: Path, limit: int) -> tuple[RedisGenerations, RedisShelf, RedisTurns]:
    """Generations, shelf and turns. Nothing is asked yet."""
    server, release = Server(url), build_name()
    return (
        RedisGenerations(server),
        RedisShelf(server, release, limit),
        RedisTurns(folder / "turns", server, release),
    )
