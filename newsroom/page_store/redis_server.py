"""The Redis that several machines share: how it is asked, and when it is left in peace."""

import logging
import re
import threading
import time
from collections.abc import Callable
from hashlib import sha1
from typing import Any

from django.core.exceptions import ImproperlyConfigured

try:
    import redis
    from redis.backoff import NoBackoff
    from redis.maint_notifications import MaintNotificationsConfig
    from redis.retry import Retry
except ModuleNotFoundError as error:
    raise ImproperlyConfigured(
        "REDIS_URL needs Python's client of Redis: pip install '.[redis]'"
    ) from error

log = logging.getLogger(__name__)

type Send = Callable[..., Any]

PREFIX = "newsroom:"
TIMEOUT = 0.5  # seconds: longer no reader waits for it
REST = 2.0  # seconds without a question after it did not answer
RUN_ID = re.compile(rb"run_id:(\w+)")


class Away(Exception):
    """Redis does not answer, or not what it was asked for."""


class Script:
    """In Lua: Redis runs it as one, with nothing in between."""

    def __init__(self, source: str, *keys: str) -> None:
        self.source, self.keys = source, tuple(f"{PREFIX}{key}" for key in keys)
        self.digest = sha1(source.encode(), usedforsecurity=False).hexdigest()


class Server:
    """Connections to one Redis, a pool of them in each process, none before the first question.

    `greet` is called with the run id of the server on each new connection, before anything else is
    asked there, and with a function that sends a command: another id tells of a Redis that was
    started anew, or of the one that took its place, and nobody knows what either has lost.
    """

    def __init__(self, url: str) -> None:
        self.greet: Callable[[str, Send], None] = lambda run, send: None
        self.rests_until = 0.0
        self.lock = threading.Lock()
        self.client: Any = redis.Redis.from_url(
            url,
            socket_timeout=TIMEOUT,
            socket_connect_timeout=TIMEOUT,
            # Once more where the connection has ended meanwhile, and not where nothing comes.
            retry=Retry(NoBackoff(), 1, (redis.ConnectionError,)),
            redis_connect_func=self._connected,
            maint_notifications_config=MaintNotificationsConfig(enabled=False),
        )

    def ask(self, *command: Any, is_urgent: bool = False) -> Any:
        """The answer to a command. Raises Away; at once while it is left in peace."""
        if not is_urgent and not self._may_try():
            raise Away("it did not answer a moment ago")
        try:
            answer = self.client.execute_command(*command)
        except redis.exceptions.NoScriptError:
            self.rests_until = 0.0
            raise
        except redis.RedisError as error:
            raise self._away(error) from None
        if self.rests_until:
            self.rests_until = 0.0
            log.warning("Redis answers again.")
        return answer

    def run(self, script: Script, *arguments: Any, is_urgent: bool = False) -> Any:
        """What the script gives. Raises Away."""
        rest = (len(script.keys), *script.keys, *arguments)
        try:
            return self.ask("EVALSHA", script.digest, *rest, is_urgent=is_urgent)
        except redis.exceptions.NoScriptError:
            return self.ask("EVAL", script.source, *rest, is_urgent=is_urgent)

    @property
    def is_resting(self) -> bool:
        return time.monotonic() < self.rests_until

    def meet_again(self) -> None:
        """Greet it anew, before the next question: it has forgotten what it was told."""
        self.client.connection_pool.disconnect(inuse_connections=False)

    def _connected(self, connection: Any) -> None:
        connection.on_connect()

        def send(*command: Any) -> Any:
            connection.send_command(*command)
            return connection.read_response()

        found = RUN_ID.search(send("INFO", "server"))
        self.greet(found[1].decode() if found else "", send)

    def _may_try(self) -> bool:
        """When the rest is over, one tries, and the others wait for what it finds."""
        if not self.rests_until:
            return True
        with self.lock:
            now = time.monotonic()
            if now < self.rests_until:
                return False
            self.rests_until = now + REST
            return True

    def _away(self, error: redis.RedisError) -> Away:
        if not self.rests_until:
            log.warning("Redis does not answer: %s.", error)
        self.rests_until = time.monotonic() + REST
        return Away(f"{type(error).__name__}: {error}")
