"""The rules for replies in a browser: tried before they count; what readers see of a closing."""

import pytest
from playwright.sync_api import Browser, expect

from tests.running import Running
from tests.windows import log_in, violations, window

pytestmark = pytest.mark.browser

SET_UP = """
from articles.models import Article
from articles.tests.factories import make_article
from comments.tests.factories import make_comment

if not Article.objects.filter(slug="rules-tried").exists():
    make_comment(article=make_article(slug="rules-tried"), text="A casino by the harbour.")
"""
CLOSE = """
from articles.models import Article

Article.objects.filter(slug="rules-tried").update(replies="closed")
"""


def test_rules_are_tried_before_they_count(newsroom: Running, browser: Browser) -> None:
    newsroom.run(SET_UP)
    with window(browser) as page:
        log_in(page, newsroom, "moderator")
        page.goto(f"{newsroom.url}/admin/comments/policy/")
        page.get_by_label("Watched words").fill("casin*")
        page.get_by_role("button", name="Try on the last 1,000 replies").click()
        result = page.get_by_role("region", name="These rules on the last")
        expect(result).to_contain_text("A casino by the harbour.")
        expect(result.locator("mark").first).to_have_text("casino")
        expect(page.get_by_label("Watched words")).to_have_value("casin*")
        assert violations(page) == []
        page.goto(f"{newsroom.url}/admin/comments/policy/")
        expect(page.get_by_label("Watched words")).to_have_value("")


def test_a_closed_piece_says_so_and_has_no_form(newsroom: Running, browser: Browser) -> None:
    newsroom.run(SET_UP)
    newsroom.run(CLOSE)
    with window(browser) as page:
        page.goto(f"{newsroom.url}/articles/rules-tried/")
        expect(page.get_by_role("heading", name="Replies are closed")).to_be_visible()
        expect(page.get_by_role("button", name="Post Comment")).to_have_count(0)
        assert violations(page) == []
