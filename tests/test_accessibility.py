"""axe finds nothing on any page, in light and in dark, wide and narrow."""

import json
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.running import Running, manage

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

PIECE = "/articles/us-japan-alliance-pentagon-chief/"
READERS = [
    "/",
    PIECE,
    f"{PIECE}changes/",
    "/sections/readers/",
    "/topics/japan/",
    "/authors/maud-ellery/",
    "/sources/afp/",
    "/privacy/",
    "/corrections/",
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
    "/admin/articles/standingpage/1/change/",
    "/admin/articles/image/",
    "/admin/articles/image/add/",
    "/admin/newsroom/sitesettings/1/change/",
]
MODERATORS = ["/admin/", "/admin/comments/comment/", "/admin/comments/comment/1/change/"]


@pytest.fixture(scope="module")
def everything(newsroom: Running) -> dict[str, list[str]]:
    """The pages about pieces on which everything has happened, of readers and of the desk."""
    build = "from tests.full_desk import build; build()"
    found: dict[str, list[str]] = json.loads(
        manage(newsroom, "shell", "-v0", "-c", build).splitlines()[-1]
    )
    return found


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [
        f"{page.url}: {each['id']} at {[node['html'][:200] for node in each['nodes']]}"
        for each in found
    ]


@pytest.mark.parametrize("width", [1280, 320])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_readers_pages(
    newsroom: Running,
    browser: Browser,
    everything: dict[str, list[str]],
    scheme: str,
    width: int,
) -> None:
    page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 800})  # type: ignore[arg-type]
    found = []
    for path in [*READERS, *everything["readers"]]:
        page.goto(newsroom.url + path)
        found += violations(page)
    page.close()
    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_the_way_of_a_reply(
    newsroom: Running, browser: Browser, scheme: str
) -> None:
    page = browser.new_page(color_scheme=scheme)  # type: ignore[arg-type]
    page.goto(f"{newsroom.url}{PIECE}?reply_to=1#respond")
    found = violations(page)
    page.get_by_label("Email").fill("no address")
    page.get_by_role("button", name="Post Comment").click()
    page.get_by_role("alert").wait_for()
    found += violations(page)
    page.get_by_label("Comment").fill(f"Read by axe in {scheme}.")
    page.get_by_label("Name").fill("Axe")
    page.get_by_label("Email").fill(f"axe-{scheme}@reader.example")
    page.get_by_role("button", name="Post Comment").click()
    page.wait_for_url(re.compile("/comments/status/"))
    found += violations(page)
    page.close()
    assert found == []


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("username", "paths"), [("editor", EDITORS), ("moderator", MODERATORS)])
def test_axe_finds_nothing_on_the_desks_pages(
    newsroom: Running,
    browser: Browser,
    everything: dict[str, list[str]],
    username: str,
    paths: list[str],
    scheme: str,
    width: int,
) -> None:
    page = browser.new_page(color_scheme=scheme, viewport={"width": width, "height": 800})  # type: ignore[arg-type]
    page.goto(f"{newsroom.url}/admin/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password").fill(newsroom.password)
    page.get_by_role("button", name="Log in").click()
    found = []
    for path in [*paths, *(everything["desk"] if username == "editor" else [])]:
        answer = page.goto(newsroom.url + path)
        assert answer and answer.status == 200, path
        found += violations(page)
    page.close()
    assert found == []


@pytest.mark.parametrize("path", ["/", PIECE, "/sections/readers/", "/privacy/"])
def test_nothing_scrolls_sideways_on_a_small_phone_with_large_text(
    newsroom: Running, browser: Browser, path: str
) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 640})
    page.goto(newsroom.url + path)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.scrollingElement.scrollWidth") <= 320
    page.close()
