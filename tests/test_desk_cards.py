"""Link cards in the rich text editor, played in a browser."""

import os
import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.running import Running
from tests.test_desk_editor import (
    fill,
    open_editor,
    save,
    stored,
    type_keys,
    use,
)
from tests.test_desk_pictures import picture
from tests.windows import log_in, violations, window

pytestmark = pytest.mark.browser


def test_a_link_card_is_inserted_and_edited_and_names_its_site_to_readers(
    newsroom: Running, browser: Browser
) -> None:
    with window(browser) as page:
        log_in(page, newsroom, "editor")
        text = open_editor(page, newsroom)
        type_keys(page, " Before.")
        use(page, "Link card")
        fill(page, "Link card", Title="The report", Address="https://www.example.org/a")
        type_keys(page, " After.")
        text.get_by_role("button", name="Edit").click()
        fill(page, "Link card", Title="The full report")
        save(page, f"Card {os.urandom(4).hex()}", "Save and publish")
        page.goto(newsroom.url)
        page.get_by_role("link", name=re.compile("^Card ")).first.click()
        expect(page.locator(".body > *")).to_have_text(
            ["Before.", "The full report example.org", "After."]
        )
        card = page.get_by_role("link", name="The full report example.org")
        expect(card).to_have_attribute("href", "https://www.example.org/a")


def choose_picture(page: Page, name: str) -> None:
    chooser = page.get_by_role("dialog", name="Choose a picture")
    file: Any = {"name": f"{name}.png", "mimeType": "image/png", "buffer": picture((90, 60))}
    chooser.locator("input[type=file]").set_input_files(file)
    expect(chooser).to_have_count(0)


LINK = '<a href="https://www.example.org/a">The report</a>'
WITH_PICTURE = re.compile(f'^<aside><img src="/media/[^"]+" alt="">{LINK}</aside><p>After')


@pytest.fixture
def editor(newsroom: Running, browser: Browser) -> Iterator[Page]:
    """Writes a piece of a link card and what follows it."""
    with window(browser) as page:
        log_in(page, newsroom, "editor")
        open_editor(page, newsroom)
        use(page, "Link card")
        fill(page, "Link card", Title="The report", Address="https://www.example.org/a")
        type_keys(page, " After.")
        yield page


def test_a_link_card_gets_a_picture_and_loses_it_from_the_keyboard_too(editor: Page) -> None:
    text, body = editor.get_by_role("textbox", name="Body"), editor.locator("#id_body")
    choose = text.get_by_role("button", name="Picture …")
    remove = text.get_by_role("button", name="Remove picture")
    expect(remove).to_be_hidden()
    choose.click()
    choose_picture(editor, "Quay")
    expect(body).to_have_value(WITH_PICTURE)
    first = body.input_value()
    remove.press("Enter")
    expect(body).to_have_value(f"<aside>{LINK}</aside><p>After.</p>")
    for name in ("Quay", "Bridge"):
        choose.press("Enter")
        choose_picture(editor, name)
    expect(body).to_have_value(WITH_PICTURE)
    expect(body).not_to_have_value(first)
    assert violations(editor) == []


def test_readers_see_the_picture_of_a_link_card_beside_its_words(
    newsroom: Running, editor: Page
) -> None:
    text = editor.get_by_role("textbox", name="Body")
    text.get_by_role("button", name="Picture …").click()
    choose_picture(editor, "Quay")
    text.get_by_role("button", name="Edit").click()
    fill(editor, "Link card", Title="The full report")  # leaves the picture where it is
    save(editor, f"Card with picture {os.urandom(4).hex()}")
    assert WITH_PICTURE.match(stored(editor).replace("full report", "report"))
    text.locator("> p").last.click()
    type_keys(editor, "End", " !")
    editor.get_by_role("button", name="Save and publish").first.click()
    expect(editor.get_by_text("Readers see it now")).to_be_visible()
    editor.goto(newsroom.url)
    editor.get_by_role("link", name=re.compile("^Card with picture ")).first.click()
    card = editor.locator(".body .link-card")
    expect(card.get_by_role("link", name="The full report example.org")).to_be_visible()
    shown = card.locator("img")
    expect(shown).to_have_attribute("alt", "")
    assert shown.evaluate("img => img.decode().then(() => img.naturalWidth)") > 0
    beside, words = shown.bounding_box(), card.locator(".link-card-words").bounding_box()
    assert beside and words
    assert beside["x"] + beside["width"] < words["x"]
    assert violations(editor) == []
