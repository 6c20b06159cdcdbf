"""axe finds nothing on any page, in light and in dark, wide and narrow, in both languages.

`make test` looks at each page while it is narrow, and at some of them while they are wide. Of the
Japanese pages, which differ in words alone, it looks at some.
"""

import json
import re

import pytest
from playwright.sync_api import Browser

from tests.running import Running
from tests.soak import some_of
from tests.windows import log_in, violations_in_every_look, window

pytestmark = pytest.mark.browser

PIECE = "/articles/us-japan-alliance-pentagon-chief/"
THREAD = "/comments/1/thread/"  # below that piece
MONTH = "/archive/2025/10/"
READERS = [
    "/",
    PIECE,
    f"{PIECE}changes/",
    f"{PIECE}?replies=newest",
    THREAD,
    "/sections/readers/",
    "/topics/japan/",
    "/authors/maud-ellery/",
    "/sources/afp/",
    "/search/",
    "/search/?q=wire&order=newest&section=nowhere",
    "/search/?q=nothing-has-this-word",
    "/privacy/",
    "/corrections/",
    "/archive/",
    MONTH,
    "/popular/",
    "/about/moderation/",
    "/comments/1/report/",
    "/comments/999999/report/",
    "/comments/your-data/",
    "/comments/your-data/asked/",
    "/comments/your-data/erased/",
    "/no-such-page/",
    "/admin/login/",
    "/admin/password_reset/",
]
EDITORS = [
    "/admin/",
    "/admin/articles/article/",
    "/admin/articles/article/?state=scheduled",
    "/admin/articles/frontplace/",
    "/admin/articles/article/add/",
    "/admin/articles/article/1/change/",
    "/admin/articles/formerslug/",
    "/admin/articles/movereport/",
    "/admin/articles/standingpage/1/change/",
    "/admin/articles/image/",
    "/admin/articles/image/add/",
    "/admin/articles/wireitem/1/change/",
    "/admin/articles/wireitem/1/compare/",
    "/admin/articles/wireitem/2/change/",
    "/admin/newsroom/sitesettings/1/change/",
]
MODERATORS = [
    "/admin/",
    "/admin/comments/comment/",
    "/admin/comments/comment/1/change/",
    "/admin/comments/queue/",
    "/admin/comments/queue/?tab=all&section=1",
    "/admin/comments/queue/1/",
    "/admin/comments/queue/1/text/",
    "/admin/comments/queue/1/sender/",
    "/admin/comments/queue/batches/",
    "/admin/comments/queue/batches/new/?tab=all&decision=reject",
    "/admin/comments/dashboard/",
    "/admin/comments/learned/",
    "/admin/comments/log/",
    "/admin/comments/your-mail/",
    "/admin/comments/senders/1/",
    "/admin/comments/lists/banned_words/",
    "/admin/comments/cannedreason/1/change/",
]


@pytest.fixture(scope="session")
def everything(newsroom: Running) -> dict[str, list[str]]:
    """The pages about pieces on which everything has happened, of readers and of the desk."""
    return built(newsroom, "en")


@pytest.fixture(scope="session")
def everything_in_japanese(newsroom: Running) -> dict[str, list[str]]:
    return built(newsroom, "ja")


def built(newsroom: Running, language: str) -> dict[str, list[str]]:
    build = f"from tests.full_desk import build; build({language!r})"
    found: dict[str, list[str]] = json.loads(newsroom.run(build).splitlines()[-1])
    return found


@pytest.mark.soak
def test_axe_finds_nothing_on_readers_pages(
    newsroom: Running, browser: Browser, everything: dict[str, list[str]]
) -> None:
    found = []
    paths = [*READERS, *everything["readers"]]
    wide = some_of(paths)
    with window(browser) as page:
        for path in paths:
            page.goto(newsroom.url + path)
            found += violations_in_every_look(page, widths=[1280, 320] if path in wide else [320])
    assert found == []


@pytest.mark.soak
def test_axe_finds_nothing_on_readers_pages_in_japanese(
    in_japanese: Running, browser: Browser, everything_in_japanese: dict[str, list[str]]
) -> None:
    found = []
    with window(browser) as page:
        for path in some_of([*READERS, *everything_in_japanese["readers"]]):
            page.goto(in_japanese.url + path)
            is_english = path.startswith((PIECE, THREAD, "/comments/1/"))
            assert page.get_attribute("html", "lang") == ("en-gb" if is_english else "ja"), path
            found += violations_in_every_look(page, widths=[320])
    assert found == []


def test_axe_finds_nothing_on_the_way_of_a_reply(newsroom: Running, browser: Browser) -> None:
    with window(browser) as page:
        page.goto(f"{newsroom.url}{PIECE}?reply_to=1#respond")
        found = violations_in_every_look(page)
        page.get_by_label("Email").fill("no address")
        page.get_by_role("button", name="Post Comment").click()
        page.get_by_role("alert").wait_for()
        found += violations_in_every_look(page)
        page.get_by_label("Comment").fill("Read by axe.")
        page.get_by_label("Name").fill("Axe")
        page.get_by_label("Email").fill("axe@reader.example")
        page.get_by_role("button", name="Post Comment").click()
        page.wait_for_url(re.compile("/comments/status/"))
        found += violations_in_every_look(page)
    assert found == []


def test_axe_finds_nothing_on_the_way_of_a_reply_in_japanese(
    newsroom: Running, browser: Browser, everything_in_japanese: dict[str, list[str]]
) -> None:
    with window(browser) as page:
        page.goto(f"{newsroom.url}{everything_in_japanese['readers'][0]}#respond")
        page.get_by_role("button", name="コメントを送信").click()
        page.get_by_role("alert").wait_for()
        found = violations_in_every_look(page, widths=[320])
        page.locator("textarea[name=comment]").fill("axeが読みました。")
        page.get_by_label("名前").fill("アックス")
        page.get_by_label("メールアドレス").fill("axe-ja@reader.example")
        page.get_by_role("button", name="コメントを送信").click()
        page.wait_for_url(re.compile("/comments/status/"))
        found += violations_in_every_look(page, widths=[320])
    assert found == []


WHO_SEES_WHAT = pytest.mark.parametrize(
    ("username", "paths"), [("editor", EDITORS), ("moderator", MODERATORS)]
)


@pytest.mark.soak
@WHO_SEES_WHAT
def test_axe_finds_nothing_on_the_desks_pages(
    newsroom: Running,
    browser: Browser,
    everything: dict[str, list[str]],
    username: str,
    paths: list[str],
) -> None:
    found = []
    with window(browser) as page:
        log_in(page, newsroom, username)
        of_pieces = everything["desk"] if username == "editor" else []
        wide = some_of([*paths, *of_pieces])
        for path in [*paths, *of_pieces]:
            answer = page.goto(newsroom.url + path)
            assert answer and answer.status == 200, path
            found += violations_in_every_look(page, widths=[1280, 360] if path in wide else [360])
    assert found == []


@pytest.mark.soak
@WHO_SEES_WHAT
def test_axe_finds_nothing_on_the_desks_pages_in_japanese(
    newsroom: Running,
    in_japanese: Running,
    browser: Browser,
    everything_in_japanese: dict[str, list[str]],
    username: str,
    paths: list[str],
) -> None:
    found = []
    with window(browser) as page:
        log_in(page, newsroom, username)
        of_pieces = everything_in_japanese["desk"] if username == "editor" else []
        for path in some_of([*paths, *of_pieces]):
            page.goto(in_japanese.url + path)
            assert page.get_attribute("html", "lang") == "ja", path
            found += violations_in_every_look(page, widths=[360])
    assert found == []


def test_nothing_scrolls_sideways_on_a_small_phone_with_large_text(
    newsroom: Running, browser: Browser, everything: dict[str, list[str]]
) -> None:
    paths = [path for path in READERS if not path.startswith("/admin/")] + everything["readers"]
    too_wide = []
    with window(browser, width=320) as page:
        for path in paths:
            page.goto(newsroom.url + path)
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            if page.evaluate("document.scrollingElement.scrollWidth") > 320:
                too_wide.append(path)
    assert too_wide == []
