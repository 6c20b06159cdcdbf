import asyncio

from django.db import connections


def _connection(loop):
    """The connection of a thread in which this event loop runs, or none."""
    before = asyncio._get_running_loop()
    asyncio._set_running_loop(loop)
    try:
        return connections["default"]
    finally:
        asyncio._set_running_loop(before)


def test_a_running_event_loop_has_the_connection_of_the_tests():
    loop = asyncio.new_event_loop()
    assert _connection(loop) is _connection(None)
    loop.close()
