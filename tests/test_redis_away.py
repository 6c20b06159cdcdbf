"""A newsroom on Redis, as it runs for its users, while Redis is stopped and started again."""

import http.cookiejar
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass

import lxml.html
import pytest

from bench.posting import SET_UP, SLUG, Posted, form_of, post
from comments.moderation.rules import FASTEST_READER
from tests.machine.redis import Redis, redis_server
from tests.running import FirstStart, Running

pytestmark = pytest.mark.sqlite_only
PIECE = f"/articles/{SLUG}/"
LONGEST = 3.0  # seconds for an answer while Redis is away, on a busy machine


@dataclass
class Answer:
    status: int
    text: str
    seconds: float
    retry: str | None


class Visitor:
    """A browser without scripts."""

    def __init__(self, newsroom: Running) -> None:
        self.newsroom = newsroom
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(cookies)

    def ask(self, path: str, fields: dict[str, str] | None = None) -> Answer:
        data = urllib.parse.urlencode(fields).encode() if fields else None
        headers = {"Sec-Fetch-Site": "same-origin", "Origin": self.newsroom.url}
        request = urllib.request.Request(f"{self.newsroom.url}{path}", data, headers)
        began = time.monotonic()
        try:
            answer = self.opener.open(request)
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            text = answer.read().decode()
        retry = answer.headers["Retry-After"]
        return Answer(answer.status, text, time.monotonic() - began, retry)

    def send(self, page: str, path: str, **fields: str) -> Answer:
        """The form of the page that has these fields, filled in."""
        form = next(
            form
            for form in lxml.html.fromstring(page).forms
            if form.method == "POST" and fields.keys() <= set(form.fields) | {"decision"}
        )
        given = {name: value or "" for name, value in form.fields.items()}
        return self.ask(path, given | fields)

    def log_in(self, username: str) -> Answer:
        password = self.newsroom.password
        page = self.ask("/admin/login/").text
        return self.send(page, "/admin/login/", username=username, password=password)


@pytest.fixture(scope="module")
def redis() -> Iterator[Redis]:
    with redis_server() as server:
        yield server


@pytest.fixture(scope="module")
def newsroom(
    redis: Redis, first_start: FirstStart, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Running]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("REDIS_URL", redis.url)  # also for what is run in it
        with first_start.again(tmp_path_factory.mktemp("on-redis"), WORKERS="2") as started:
            started.run(SET_UP)
            yield started


@pytest.fixture(autouse=True)
def redis_answers(redis: Redis) -> Iterator[None]:
    yield
    if redis.process is None:
        redis.start()


def set_policy(newsroom: Running, first_held: int) -> None:
    code = (
        "from comments.models import Policy; Policy.objects.update(replies='open', hold_first={})"
    )
    newsroom.run(code.format(first_held))


def say(newsroom: Running, text: str, *, by: str, form: dict[str, str] | None = None) -> Posted:
    fields = {"author": by, "email": f"{by.lower()}@example.org", "comment": text}
    return post(newsroom, (form or form_of(newsroom)) | fields)


def form_of_a_slow_reader(newsroom: Running) -> dict[str, str]:
    """Drawn long enough ago that nobody takes who sends it for a machine."""
    form = form_of(newsroom)
    time.sleep(FASTEST_READER + 1)
    return form


def held(newsroom: Running, text: str) -> int:
    code = f"""
from comments.models import Comment
print(*Comment.objects.filter(body={text!r}, status="held").values_list("pk", flat=True))
"""
    return int(newsroom.run(code))


def readyz(newsroom: Running) -> dict[str, str]:
    told = json.loads(Visitor(newsroom).ask("/readyz").text)
    of_pages: dict[str, str] = told["checks"]["pages"]
    return of_pages | {"state": told["state"]}


def test_a_newsroom_on_redis_while_redis_is_away(newsroom: Running, redis: Redis) -> None:
    reader, moderator = Visitor(newsroom), Visitor(newsroom)
    set_policy(newsroom, 1)
    assert say(newsroom, "Held, and to be approved.", by="Anna").status == 303
    assert moderator.log_in("moderator").status == 200
    number = held(newsroom, "Held, and to be approved.")
    card = f"/admin/comments/queue/{number}/"
    shown = moderator.ask(card).text
    assert readyz(newsroom)["details"] == "shared through Redis"
    assert "Held, and" not in reader.ask(PIECE).text

    redis.kill()
    # Reading goes on.
    for _ in range(5):
        answer = reader.ask(PIECE)
        assert answer.status == 200 and answer.seconds < LONGEST
    assert readyz(newsroom)["state"] == "degraded"
    assert "nothing that readers see can be changed" in readyz(newsroom)["details"]
    # What readers would see is refused, and nothing typed is lost.
    refused = moderator.send(shown, card, decision="approve", note="Well said.")
    assert refused.status == 503 and refused.retry == "60"
    assert "Nothing has been changed" in refused.text and "Well said." in refused.text
    assert held(newsroom, "Held, and to be approved.") == number
    # What they don't see goes on: a reply that is held, and logging in.
    assert say(newsroom, "Held meanwhile.", by="Berta").status == 303
    assert held(newsroom, "Held meanwhile.")
    assert Visitor(newsroom).log_in("editor").status == 200
    assert moderator.ask("/admin/comments/queue/").status == 200

    redis.start()
    again = moderator.send(refused.text, card, note="Well said.")
    deadline = time.monotonic() + 20
    while again.status == 503 and time.monotonic() < deadline:
        time.sleep(0.2)
        again = moderator.send(again.text, card, note="Well said.")
    assert again.status == 200
    for _ in range(4):  # whichever process answers
        assert "Held, and to be approved." in reader.ask(PIECE).text
    assert "Traceback" not in newsroom.printed and "Internal Server" not in newsroom.printed


def test_a_reply_that_would_be_public_comes_back_with_its_text(
    newsroom: Running, redis: Redis
) -> None:
    set_policy(newsroom, 0)
    form = form_of_a_slow_reader(newsroom)
    assert say(newsroom, "At once.", by="Clara", form=form).status == 303
    assert "At once." in Visitor(newsroom).ask(PIECE).text
    redis.kill()
    refused = say(newsroom, "Public at once & not now.", by="Dora", form=form)
    assert refused.status == 503 and refused.seconds < LONGEST
    assert "Public at once &amp; not now.</textarea>" in refused.page
    redis.start()
    assert "Public at once" not in Visitor(newsroom).ask(PIECE).text
    assert say(newsroom, "Public at once & not now.", by="Dora", form=form).status == 303
    assert "Public at once &amp; not now" in Visitor(newsroom).ask(PIECE).text


def test_what_one_process_changes_all_show_at_once(newsroom: Running) -> None:
    reader, change = Visitor(newsroom), "Article.objects.filter(slug={!r}).update(headline={!r})"
    code = f"from articles.models import Article; {change}"
    for headline in ("First", "Second", "Third"):
        for _ in range(4):
            reader.ask(PIECE)
        newsroom.run(code.format(SLUG, f"{headline} headline"))
        assert all(f"{headline} headline" in reader.ask(PIECE).text for _ in range(6))
