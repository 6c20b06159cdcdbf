"""A page that was read says so, once a visit, and leaves nothing with the reader."""

import pytest
from playwright.sync_api import Browser, Request, expect

from tests.running import Running

pytestmark = pytest.mark.browser

PIECE = "/articles/how-to-read-a-wire-story/"
READER = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


def test_a_piece_in_view_for_five_seconds_is_told_of_once_a_visit(
    browser: Browser, newsroom: Running
) -> None:
    context = browser.new_context(user_agent=READER)
    try:
        page = context.new_page()
        page.clock.install()
        told: list[Request] = []
        page.on("request", lambda each: told.append(each) if "/read/" in each.url else None)
        page.goto(newsroom.url + PIECE)
        page.clock.fast_forward(4000)
        assert told == []
        with page.expect_response(f"**{PIECE}read/") as answer:
            page.clock.fast_forward(2000)
        assert answer.value.status == 204
        assert (told[0].method, told[0].post_data) == ("POST", None)
        page.reload()
        page.clock.fast_forward(10_000)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert len(told) == 1
        assert context.cookies() == []
    finally:
        context.close()
