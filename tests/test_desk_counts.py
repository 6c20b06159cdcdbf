"""How long a text is and what it lacks, told while it is written, in a browser."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.running import Running
from tests.test_desk_editor import fill, insert_picture, open_editor, type_keys
from tests.windows import log_in, window

pytestmark = pytest.mark.browser


def test_words_characters_and_reading_time_follow_the_typing(
    newsroom: Running, browser: Browser
) -> None:
    with window(browser) as page:
        log_in(page, newsroom, "editor")
        open_editor(page, newsroom)
        counts = page.locator("#body-count")
        expect(counts).to_have_text("0 words · 0 characters · 0 minutes to read")
        page.keyboard.type("The ferry sails on Monday.")
        expect(counts).to_have_text("5 words · 26 characters · 1 minute to read")
        type_keys(page, "Control+a")
        page.keyboard.insert_text("港のフェリーは月曜日に出ます。" * 50)
        expect(counts).to_contain_text("750 characters · 2 minutes to read")
        words = int(re.sub(r"\D", "", (counts.text_content() or "").partition("word")[0]))
        assert 300 <= words <= 600


def test_a_long_headline_and_a_picture_without_description_are_told_once(
    newsroom: Running, browser: Browser
) -> None:
    with window(browser) as page:
        log_in(page, newsroom, "editor")
        open_editor(page, newsroom)
        spoken = page.locator("#counts-news")
        headline = page.get_by_label("Headline")
        headline.fill("h" * 60)
        count = page.locator("#headline-count")
        expect(count).to_have_text("60 characters")
        headline.press_sequentially("ab")
        cut = "Search results cut a headline after 60 characters."
        expect(count).to_have_text(f"62 characters {cut}")
        expect(headline).to_have_accessible_description(re.compile("62 characters"))
        expect(spoken).to_have_text(cut)
        headline.press_sequentially("c")
        expect(count).to_contain_text("63 characters")
        expect(spoken).to_have_text("")  # it is known
        page.get_by_role("textbox", name="Body").click()
        insert_picture(page)
        fill(page, "Picture")
        missing = "1 picture in the text lacks its alternative text."
        expect(page.locator("#body-count")).to_contain_text(missing)
        expect(spoken).to_have_text(missing)
