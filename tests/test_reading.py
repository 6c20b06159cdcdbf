"""What a reader's browser does with the pages: nothing jumps, nothing is fetched elsewhere, and
each choice of theirs is kept."""

import re
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.running import Running, manage
from tests.windows import window

pytestmark = pytest.mark.browser

PIECE = "/articles/us-japan-alliance-pentagon-chief/"
JUMPS = """
window.jumps = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) jumps += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
SCROLL_ON = """() => {
  scrollBy(0, innerHeight);
  return scrollY + innerHeight >= document.documentElement.scrollHeight - 1;
}"""
# A piece with pictures, which stands in World and on the front page.
ILLUSTRATED = "/articles/the-bay/"
BUILD = """
from django.contrib.auth.models import User
from articles.models import Article, Section
from bench.showcase import picture
editor = User.objects.get(username="editor")
image = picture(3, "Bay", editor)
text = "<p>" + "The bay lies still. " * 60 + "</p>"
piece = Article.objects.create(
    headline="The bay", slug="the-bay", standfirst="It lies still.", begun_by=editor,
    section=Section.objects.get(slug="world"), lead_image=image, lead_alt="A bay",
    body=f'{text * 5}<figure><img src="{image.src}" alt="A bay"></figure>{text * 5}',
)
piece.record(by=editor)
piece.publish(by=editor)
"""


@pytest.fixture(scope="session")
def illustrated(newsroom: Running) -> None:
    manage(newsroom, "shell", "-v0", "-c", BUILD)


@pytest.mark.parametrize("width", [1280, 360])
def test_nothing_jumps_and_all_comes_from_the_site(
    newsroom: Running, browser: Browser, illustrated: None, width: int
) -> None:
    with window(browser, width=width) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        page.add_init_script(JUMPS)
        for path in ("/", ILLUSTRATED, "/sections/world/"):
            page.goto(newsroom.url + path)
            while not page.evaluate(SCROLL_ON):
                page.wait_for_load_state("networkidle")
            assert page.locator("main picture").count() > 0
            assert page.evaluate("jumps") == 0
        assert {urlsplit(url).netloc for url in asked} == {urlsplit(newsroom.url).netloc}


def test_everything_is_there_without_scripts(newsroom: Running, browser: Browser) -> None:
    with window(browser, scripts=False) as page:
        page.goto(newsroom.url + PIECE)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        expect(page.get_by_label("Comment")).to_be_editable()
        expect(page.get_by_role("searchbox")).to_be_editable()
        # What only a script can do is not offered.
        expect(page.get_by_text("Copy link")).to_be_hidden()
        expect(page.get_by_text("Colours")).to_be_hidden()


def background(page: Page) -> str:
    return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))


def test_the_choice_of_colours_is_remembered(newsroom: Running, browser: Browser) -> None:
    with window(browser) as page:
        page.add_init_script(
            "addEventListener('DOMContentLoaded',"
            " () => window.first = getComputedStyle(document.documentElement).colorScheme)"
        )
        page.goto(newsroom.url)
        light = background(page)
        choice = page.get_by_role("group", name="Colours")
        choice.get_by_label("Dark").check()
        assert background(page) != light
        page.goto(newsroom.url + PIECE)
        assert page.evaluate("first") == "dark"
        expect(choice.get_by_label("Dark")).to_be_checked()
        choice.get_by_label("Dark").press("ArrowUp")  # the keys of any radio group
        expect(choice.get_by_label("Light")).to_be_checked()
        choice.get_by_label("As on this device").check()
        page.emulate_media(color_scheme="dark")
        assert background(page) != light
        page.emulate_media(color_scheme="light")
        assert background(page) == light


def test_a_link_is_copied_and_said_to_be(newsroom: Running, browser: Browser) -> None:
    with window(browser) as page:
        page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page.goto(f"{newsroom.url}{PIECE}?utm_source=x#comments")
        page.get_by_role("button", name="Copy link").click()
        expect(page.get_by_role("status").filter(has_text="Link copied")).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == newsroom.url + PIECE


def test_the_devices_own_sheet_is_offered_where_there_is_one(
    newsroom: Running, browser: Browser
) -> None:
    with window(browser) as page:
        page.goto(newsroom.url + PIECE)
        expect(page.get_by_role("button", name="Share")).to_be_hidden()
        page.add_init_script("navigator.share = async (data) => { window.shared = data; }")
        page.reload()
        page.get_by_role("button", name="Share").click()
        headline = page.get_by_role("heading", level=1).inner_text()
        shared = page.evaluate("shared")
        assert shared["url"] == newsroom.url + PIECE
        assert shared["title"].split() == headline.split()


def test_the_first_keys_lead_past_what_stands_on_every_page(
    newsroom: Running, browser: Browser
) -> None:
    with window(browser) as page:
        page.goto(newsroom.url + PIECE)
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the content")).to_be_in_viewport()
        page.keyboard.press("Tab")
        expect(page.get_by_role("link", name="Skip to the replies")).to_be_in_viewport()
        page.keyboard.press("Enter")
        expect(page).to_have_url(re.compile("#comments$"))
        page.keyboard.press("Tab")
        assert page.evaluate("!!document.activeElement.closest('#comments')")


def test_on_paper_is_the_piece_alone_and_on_white(newsroom: Running, browser: Browser) -> None:
    with window(browser) as page:
        page.goto(newsroom.url + PIECE)
        page.get_by_role("group", name="Colours").get_by_label("Dark").check()
        page.emulate_media(media="print", color_scheme="dark")
        assert background(page) == "rgb(255, 255, 255)"
        for gone in ("nav", "form", "button", "#comments", ".skip"):
            expect(page.locator(f"{gone}:visible")).to_have_count(0)
        short = page.locator(".on-paper").inner_text()
        assert re.fullmatch(re.escape(newsroom.url) + r"/p/\d+/", short)
        address = "getComputedStyle(document.querySelector('.source a'), '::after').content"
        assert "https://www.afp.com/" in page.evaluate(address)
        for there in (".masthead-name", ".byline", ".piece-meta time", ".body", ".source"):
            expect(page.locator(there).first).to_be_visible()
        page.goto(short)
        expect(page).to_have_url(newsroom.url + PIECE)


@pytest.mark.parametrize("width", [1280, 320])
def test_what_is_pressed_is_large_enough(newsroom: Running, browser: Browser, width: int) -> None:
    with window(browser, width=width) as page:
        for path in ("/", PIECE, "/sections/readers/", "/archive/", "/popular/", "/search/?q=a"):
            page.goto(newsroom.url + path)
            found = Axe().run(page, options={"runOnly": ["target-size"]}).response
            assert found["violations"] == [], path
            assert found["passes"]
