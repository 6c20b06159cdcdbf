import asyncio

from django.db import connections


async def _connection():
    return connections["default"]


def test_a_running_event_loop_has_the_connection_of_the_tests():
    assert asyncio.run(_connection()) is connections["default"]
