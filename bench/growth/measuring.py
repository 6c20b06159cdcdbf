"""Measures one newspaper, in a process of its own; prints what each page took, as JSON.

NEWSROOM_STATE=… DJANGO_SETTINGS_MODULE=newsroom.settings python -m bench.growth.measuring
"""

import argparse
import gzip
import io
import json
import secrets
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from statistics import median
from time import process_time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import django
import lxml.html
from django.conf import settings

if TYPE_CHECKING:
    from bench.growth.addresses import Address

HEADERS = {
    "HTTP_HOST": "localhost",
    "HTTP_USER_AGENT": "Mozilla/5.0 (bench)",
    "HTTP_ACCEPT_ENCODING": "gzip",
    "HTTP_SEC_FETCH_SITE": "same-origin",
    "REMOTE_ADDR": "127.0.0.1",
}
# Whoever may have a page of their own passes by the store.
PAST_THE_STORE = {"HTTP_AUTHORIZATION": "Bearer bench"}
WARM = 3
POSTED_TO = "replies-100"


@dataclass(frozen=True)
class Took:
    """Medians: milliseconds of a processor, queries, and bytes as they are sent."""

    what: str
    by: str
    cpu: float
    least: float
    queries: int
    size: int
    why: str = ""


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


class Newspaper:
    """Asked as the web server asks it."""

    def __init__(self) -> None:
        from django.test import Client  # noqa: PLC0415 - the settings are there only now

        from newsroom.wsgi import application  # noqa: PLC0415

        self.application, self.client = application, Client
        self.headers: dict[str, dict[str, str]] = {"reader": PAST_THE_STORE}
        for name, username in (("editor", "editor-0"), ("moderator", "moderator-0")):
            self.headers[name] = {"HTTP_COOKIE": f"sessionid={self._session(username)}"}

    def _session(self, username: str) -> str:
        from django.contrib.auth.models import User  # noqa: PLC0415

        client = self.client(SERVER_NAME="localhost")
        client.force_login(User.objects.get(username=username))
        return client.cookies[settings.SESSION_COOKIE_NAME].value

    def ask(self, path: str, by: str, posted: dict[str, str] | None = None) -> Answer:
        path, _, query = path.partition("?")
        sent = urlencode(posted or {}).encode()
        environ = {
            "REQUEST_METHOD": "GET" if posted is None else "POST",
            "PATH_INFO": path,
            "QUERY_STRING": query,
            "SCRIPT_NAME": "",
            "SERVER_NAME": "localhost",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "CONTENT_TYPE": "application/x-www-form-urlencoded",
            "CONTENT_LENGTH": str(len(sent)),
            "wsgi.version": (1, 0),
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(sent),
            "wsgi.errors": sys.stderr,
            "wsgi.multithread": True,
            "wsgi.multiprocess": True,
            "wsgi.run_once": False,
        }
        told: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], *_: Any) -> None:
            told[:] = status, headers

        response: Any = self.application(
            environ | HEADERS | self.headers[by],
            start,
        )
        body = b"".join(response)
        if close := getattr(response, "close", None):
            close()
        return Answer(int(told[0].split()[0]), dict(told[1]), body)


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(";")[0])
    parser.add_argument("--times", type=int, default=7)
    parser.add_argument("--only", default="", help="pages in whose name this stands")
    given = parser.parse_args()
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    from bench.growth.addresses import addresses  # noqa: PLC0415
    from newsroom.static_files import collect_if_changed  # noqa: PLC0415

    call_command("make_keys")
    collect_if_changed()
    newspaper = Newspaper()
    took = [
        _measured(newspaper, each, given.times) for each in addresses() if given.only in each.what
    ]
    if not given.only:
        took += list(_writing(newspaper, given.times))
    print(json.dumps([asdict(each) for each in took]))
    return 0


def _measured(newspaper: Newspaper, address: "Address", times: int) -> Took:
    def ask() -> Answer:
        answer = newspaper.ask(address.path, address.by)
        assert answer.status == address.status, (address, answer.status)
        return answer

    return _medians(address.what, address.by, address.why, times, lambda: ask)


def _medians(
    what: str, by: str, why: str, times: int, prepared: Callable[[], Callable[[], Answer]]
) -> Took:
    """What `prepared` gives is done and timed; to prepare it is not."""
    from django.db import connection  # noqa: PLC0415

    from bench.measure import QueryLog  # noqa: PLC0415

    for _ in range(WARM):
        answer = prepared()()
    queries, do = list[str](), prepared()
    with connection.execute_wrapper(QueryLog(queries)):
        answer = do()
    worked = []
    for _ in range(times):
        do, start = prepared(), process_time()
        do()
        worked.append((process_time() - start) * 1000)
    print(f"{median(worked):9.2f} ms {len(queries):4} queries  {what}", file=sys.stderr)
    return Took(what, by, median(worked), min(worked), len(queries), len(answer.body), why)


def _writing(newspaper: Newspaper, times: int) -> Iterator[Took]:
    """These change the newspaper: a few replies more, and a few less that wait."""
    from django.contrib.auth.models import User  # noqa: PLC0415

    from comments.models import Comment, Policy  # noqa: PLC0415

    Policy.objects.update_or_create(pk=1, defaults={"most_posts_a_minute": 0})
    moderator = User.objects.get(username="moderator-0")
    fields = _form(newspaper.ask(f"/articles/{POSTED_TO}/", "reader"))
    held = iter(Comment.objects.held().order_by("-pk")[100 : 200 + 2 * times])

    def post() -> Callable[[], Answer]:
        own = secrets.token_hex(8)
        filled = fields | {
            "comment": f"The ferry {own} will sail at nine again.",
            "author": f"Reader {own}",
            "email": f"reader-{own}@example.org",
        }

        def send() -> Answer:
            answer = newspaper.ask(f"/articles/{POSTED_TO}/comments/", "reader", filled)
            assert answer.status == 303, (answer.status, answer.body[:200])
            return answer

        return send

    def approve() -> Callable[[], Answer]:
        reply = next(held)

        def decide() -> Answer:
            reply.approve(by=moderator)
            return Answer(200, {}, b"")

        return decide

    yield _medians("taking in a reply", "reader", "", times, post)
    yield _medians("approving a reply", "moderator", "", times, approve)


def _form(page: Answer) -> dict[str, str]:

    is_packed = page.headers.get("Content-Encoding") == "gzip"
    text = gzip.decompress(page.body) if is_packed else page.body
    forms = lxml.html.fromstring(text.decode()).forms
    form = next(each for each in forms if "comment" in each.fields)
    return {name: value or "" for name, value in form.fields.items()}


if __name__ == "__main__":
    sys.exit(main())
