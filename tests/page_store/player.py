"""A process of a newsroom that plays what it is told, a line of JSON each, and answers so, too.

It reads pages through the WSGI application, and compares each with what Django draws of it without
any store. Run as `python -m tests.page_store.player`, with NEWSROOM_STATE set.
"""

import json
import os
import random
import re
import sys
import time
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any

import time_machine

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")

from newsroom.wsgi import application  # noqa: E402 - the settings come first

# isort: split
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db.backends.base.base import BaseDatabaseWrapper  # noqa: E402

from articles import most_read  # noqa: E402
from comments import email_privacy  # noqa: E402
from newsroom.page_store import redis_generations, remembering, shared_table  # noqa: E402
from newsroom.page_store.declared import declared_at  # noqa: E402
from newsroom.page_store.store import store  # noqa: E402
from newsroom.tests.asking import Answer, ask  # noqa: E402
from tests.page_store import acts, mistakes  # noqa: E402
from tests.page_store.reading import address  # noqa: E402

# Differs with each drawing: when the form was drawn, signed.
DRAWN = re.compile(r'(name="drawn"[^>]* value=")[^"]*')
OF_THE_STORE = {"etag", "last-modified", "vary", "content-encoding", "content-length"}


@contextmanager
def _nothing_remembered() -> Iterator[None]:
    kept, remembering._values = remembering._values, OrderedDict()
    try:
        yield
    finally:
        remembering._values = kept


def read(seed: int) -> dict[str, Any]:
    """Whether the answer is that of a drawing from scratch, and else how they differ."""
    rng = random.Random(seed)
    path = address(rng)
    encoding = rng.choice(["br", "gzip", "identity"])
    given = ask(application, path, accept_encoding=encoding)
    with _nothing_remembered():
        drawn = ask(application.django, _as_the_view_is_asked(path))
    told = [_comparable(answer) for answer in (given, drawn)]
    if told[0] == told[1]:
        return {"path": path, "status": given.code, "differs": None}
    return {"path": path, "status": given.code, "differs": [_first_difference(*told)]}


def _as_the_view_is_asked(address: str) -> str:
    path, _, query = address.partition("?")
    declared = declared_at(path)
    return f"{path}?{declared.canonical(query)}" if declared else address


def _comparable(answer: Answer) -> list[str]:
    headers = {name: value for name, value in answer.headers.items() if name not in OF_THE_STORE}
    lines = [answer.status, *(f"{name}: {value}" for name, value in sorted(headers.items()))]
    return lines + DRAWN.sub(r"\1", answer.text).split("\n")


def _first_difference(given: list[str], drawn: list[str]) -> str:
    for one, other in zip(given, drawn, strict=False):
        if one != other:
            return f"{one.strip()!r} for {other.strip()!r}"
    return f"{len(given)} lines for {len(drawn)}"


@contextmanager
def stopping_at_commit() -> Iterator[None]:
    """Say so before and after the first commit within and amid its release, and wait each time
    for a line."""
    wrapper: Any = BaseDatabaseWrapper
    table: Any = store().generations
    # Redis releases in one step, and before it somebody may die as well.
    step = "release" if settings.REDIS_URL else "_raise"
    commit, raising = wrapper._commit, getattr(table, step)

    def slowly(self: Any) -> None:
        wrapper._commit = commit
        _stand("before")
        commit(self)
        _stand("after")
        setattr(table, step, release)

    def release(told: Any) -> None:
        setattr(table, step, raising)
        _stand("release")
        raising(told)

    wrapper._commit = slowly
    try:
        yield
    finally:
        wrapper._commit = commit
        setattr(table, step, raising)


def _stand(where: str) -> None:
    _say({"stands": where})
    sys.stdin.readline()


def play(told: dict[str, Any]) -> dict[str, Any]:
    match told["do"]:
        case "begin":
            settings.STATE.prepare()
            email_privacy.make_keys(settings.STATE.keys / "address-private.pem")
            call_command("migrate", verbosity=0, skip_checks=True)
            acts.begin()
            return {}
        case "act":
            with stopping_at_commit() if told["slowly"] else nullcontext():
                return {"done": acts.act(told["name"], random.Random(told["seed"]))}
        case "read":
            return read(told["seed"])
        case "err":
            mistakes.make(told["name"])
            return {}
        case "settle" if settings.REDIS_URL:
            time.sleep(redis_generations.MARKS_LAST)
            return {}
        case "settle":  # as if the time had passed
            shared_table.SETTLED, shared_table.LOOK_EVERY = -1, -1.0
            return {}
    raise ValueError(told["do"])


def _say(answer: dict[str, Any]) -> None:
    print(json.dumps(answer), flush=True)


def main() -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES["staticfiles"]["BACKEND"] = (
        "django.contrib.staticfiles.storage.StaticFilesStorage"
    )
    if settings.REDIS_URL:
        # Its clock goes on while these stand still: what is to be waited for comes soon.
        redis_generations.SETTLING, redis_generations.MARKS_LAST = 0.2, 2.0
        redis_generations.TELL_EVERY = 0.5
    most_read._ranked = lambda period, number: []  # it may lag
    for line in sys.stdin:
        told = json.loads(line)
        with time_machine.travel(datetime.fromtimestamp(told["now"], UTC), tick=False):
            _say(play(told))


if __name__ == "__main__":
    main()
