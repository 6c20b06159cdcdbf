"""Pages of replies in a browser: from page to page, in either order, and into a long thread."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.running import Running
from tests.windows import violations_in_every_look, window

pytestmark = pytest.mark.browser

PIECE = "/articles/many-replies/"
THREADS, LONG = 120, 259
BUILD = f"""
from django.contrib.auth.models import User
from articles.models import Article, Section
from comments.models import Comment
from comments.tests.factories import make_many_approved
editor = User.objects.get(username="editor")
piece = Article.objects.create(
    headline="Many replies", slug="many-replies", body="<p>What was said.</p>",
    section=Section.objects.get(slug="world"), begun_by=editor,
)
piece.record(by=editor)
piece.publish(by=editor)
firsts = make_many_approved(piece, {THREADS})
long = make_many_approved(piece, {LONG}, parent=firsts[1], a_chain=True)
moderator = User.objects.get(username="moderator")
firsts[2].feature(by=moderator)
long[-1].feature(by=moderator)
make_many_approved(piece, 1, parent=firsts[3])
firsts[3].erase(by=moderator)
print(firsts[0].pk, firsts[1].pk, long[-1].pk, firsts[-1].pk)
"""


@pytest.fixture(scope="session")
def replies(newsroom: Running) -> list[int]:
    """The numbers of the first reply, of that of the long thread and its last, and of the last."""
    return [int(number) for number in newsroom.run(BUILD).split()]


def in_sight(page: Page, number: int) -> None:
    expect(page.locator(f"#comment-{number}")).to_be_in_viewport()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_readers_go_from_page_to_page_and_answer_from_any(
    newsroom: Running, browser: Browser, replies: list[int], scripts: bool
) -> None:
    first, _, _, last = replies
    with window(browser, scripts=scripts) as page:
        page.goto(newsroom.url + PIECE)
        expect(page.locator(".thread > li > .reply")).not_to_have_count(0)
        pages = page.get_by_role("navigation", name="Pages of replies")
        pages.get_by_role("link", name="Next page").click()
        page.wait_for_url("**/comments/2/#comments")
        pages.get_by_role("link", name="3", exact=True).click()
        page.wait_for_url("**/comments/3/#comments")
        expect(pages.get_by_role("link", name="3", exact=True)).to_have_attribute(
            "aria-current", "page"
        )
        expect(pages.get_by_role("link", name="Next page")).to_have_count(0)
        page.locator(f"#comment-{last}").get_by_role("link", name="Reply to").click()
        expect(page.get_by_role("heading", name="Leave a Reply to")).to_be_in_viewport()
        expect(page.locator("[name=parent]")).to_have_value(str(last))
        page.get_by_role("navigation", name="Order of replies").get_by_text("Newest first").click()
        page.wait_for_url(f"**{PIECE}?replies=newest#comments")
        expect(page.locator(f"#comment-{last}")).to_be_attached()
        expect(page.locator(f"#comment-{first}")).to_have_count(0)
        page.goto(f"{newsroom.url}/comments/{first}/")
        page.wait_for_url(f"**{PIECE}#comment-{first}")
        in_sight(page, first)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_readers_find_the_end_of_a_thread_that_is_cut(
    newsroom: Running, browser: Browser, replies: list[int], scripts: bool
) -> None:
    _, thread, end, _ = replies
    with window(browser, scripts=scripts) as page:
        page.goto(newsroom.url + PIECE)
        # The newest pick is the end of the thread, and leads there.
        page.get_by_role("region", name="Editors’ picks").get_by_role("link").first.click()
        page.wait_for_url(f"**/comments/{thread}/thread/2/#comment-{end}")
        in_sight(page, end)
        expect(page.locator(f"#comment-{end}")).to_contain_text("in reply to")
        page.get_by_role("link", name="Back to the piece").click()
        page.get_by_role("link", name="Show the whole thread (260 replies)").click()
        page.wait_for_url(f"**/comments/{thread}/thread/")
        expect(page.locator(".reply")).to_have_count(250)
        page.get_by_role("link", name="Next page").click()
        expect(page.locator(".reply")).to_have_count(10)


def test_axe_finds_nothing_on_pages_of_replies(
    newsroom: Running, browser: Browser, replies: list[int]
) -> None:
    with window(browser) as page:
        for path in (f"{PIECE}comments/3/", f"/comments/{replies[1]}/thread/2/"):
            page.goto(newsroom.url + path)
            assert violations_in_every_look(page) == []


def test_the_deepest_replies_fit_a_narrow_phone(
    newsroom: Running, browser: Browser, replies: list[int]
) -> None:
    with window(browser, width=320) as page:
        page.goto(newsroom.url + PIECE)
        assert page.evaluate("document.documentElement.scrollWidth") == 320
        deepest = page.locator(".thread .thread .thread .thread .reply").first
        box = deepest.bounding_box()
        assert box
        assert box["width"] > 200
