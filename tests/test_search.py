"""A reader searches: suggestions while typing, with the keyboard and with a pointer."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.running import Running
from tests.windows import window

pytestmark = pytest.mark.browser

PIECE = "How to read a wire story"


@pytest.fixture
def search(newsroom: Running, browser: Browser) -> Iterator[Page]:
    with window(browser) as page:
        page.goto(f"{newsroom.url}/search/")
        yield page


def test_suggestions_are_chosen_with_the_keyboard(search: Page) -> None:
    field = search.get_by_role("combobox", name="Words to look for")
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press_sequentially("how to re")
    option = search.get_by_role("listbox").get_by_role("option", name=PIECE)
    expect(option).to_be_visible()
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(search.get_by_role("status")).to_have_text("1 suggestion")
    field.press("ArrowDown")
    expect(option).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", str(option.get_attribute("id")))
    field.press("Escape")
    expect(option).to_be_hidden()
    expect(field).to_have_value("how to re")
    field.press("ArrowDown")
    field.press("Enter")
    expect(search).to_have_url(re.compile("/articles/how-to-read-a-wire-story/$"))


def test_suggestions_are_chosen_with_a_pointer_and_do_not_keep_from_searching(search: Page) -> None:
    field = search.get_by_role("combobox")
    field.press_sequentially("how to re")
    search.get_by_role("option", name=PIECE).wait_for()
    field.press("Enter")
    expect(search).to_have_url(re.compile(r"/search/\?q=how\+to\+re$"))
    search.get_by_role("combobox").fill("how to rea")
    search.get_by_role("option", name=PIECE).click()
    expect(search).to_have_url(re.compile("/articles/how-to-read-a-wire-story/$"))


def test_without_scripts_one_searches_all_the_same(newsroom: Running, browser: Browser) -> None:
    with window(browser, scripts=False) as page:
        page.goto(f"{newsroom.url}/search/")
        page.get_by_label("Words to look for").fill("wire")
        page.get_by_role("main").get_by_role("button", name="Search").click()
        expect(page.get_by_role("link", name=PIECE)).to_be_visible()
