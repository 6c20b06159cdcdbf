"""A moderator decides on many replies at once, in a browser, with scripts and without."""

import pytest
from playwright.sync_api import Browser, expect

from tests.running import Running
from tests.windows import log_in, violations_in_every_look, window

pytestmark = pytest.mark.browser

SECONDS = 60_000  # that the worker may take, in milliseconds
MAKE = """
from django.contrib.auth.models import User
from articles.models import Section
from articles.tests.factories import make_article
from comments.tests.factories import make_comment
editor, section = User.objects.get(username="editor"), Section.objects.first()
piece = make_article(by=editor, slug={slug!r}, section=section)
for number in range(6):
    make_comment(article=piece, email=f"{slug}-{{number}}@example.org", text=f"I think {{number}}.")
print(piece.pk)
"""
STATES = """
from comments.models import Comment
rows = Comment.objects.filter(article={piece}).order_by("pk").values_list("status", flat=True)
print(" ".join(rows))
"""


def make_replies(newsroom: Running, slug: str) -> int:
    """The piece to which there are six held replies."""
    return int(newsroom.run(MAKE.format(slug=slug)).split()[-1])


def states(newsroom: Running, piece: int) -> list[str]:
    return newsroom.run(STATES.format(piece=piece)).split()


def test_a_range_is_selected_with_shift_decided_on_and_taken_back(
    newsroom: Running, browser: Browser
) -> None:
    piece = make_replies(newsroom, "many-with-scripts")
    with window(browser) as page:
        log_in(page, newsroom, "moderator")
        page.goto(f"{newsroom.url}/admin/comments/queue/?article={piece}")
        boxes = page.locator('.card input[name="reply"]')
        expect(boxes).to_have_count(6)
        boxes.nth(1).click()
        boxes.nth(4).click(modifiers=["Shift"])
        expect(page.locator("#bulk-count")).to_have_text("4 selected")
        page.get_by_role("button", name="Spam…").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Mark 4 replies as spam?")
        assert states(newsroom, piece) == ["held"] * 6
        page.get_by_role("button", name="Mark 4 replies as spam").click()
        batch = page.locator("#batch")
        expect(batch).to_have_attribute("data-state", "done", timeout=SECONDS)
        expect(page.locator("#batch-live")).to_have_text("Decided: 4 of 4")
        assert states(newsroom, piece) == ["held", "spam", "spam", "spam", "spam", "held"]
        assert violations_in_every_look(page) == []
        page.get_by_role("button", name="Take all 4 decisions back").click()
        expect(batch).to_have_attribute("data-state", "undone", timeout=SECONDS)
        assert states(newsroom, piece) == ["held"] * 6


def test_without_scripts_the_page_draws_itself_again_until_all_is_decided(
    newsroom: Running, browser: Browser
) -> None:
    piece = make_replies(newsroom, "many-without-scripts")
    with window(browser, scripts=False) as page:
        log_in(page, newsroom, "moderator")
        page.goto(f"{newsroom.url}/admin/comments/queue/?article={piece}")
        page.locator("#bulk-details summary").click()
        page.get_by_label("all 6 that match this filter").check()
        page.get_by_role("button", name="Approve…").click()
        page.get_by_role("button", name="Approve 6 replies").click()
        expect(page.locator("#batch")).to_have_attribute("data-state", "done", timeout=SECONDS)
        expect(page.locator("progress")).to_have_attribute("value", "6")
        assert states(newsroom, piece) == ["approved"] * 6
