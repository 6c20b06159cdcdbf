"""Link cards in the rich text editor, played in a browser."""

import os
import re
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

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


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


def test_a_link_card_gets_a_picture_and_loses_it_from_the_keyboard_too(
    newsroom: Running, browser: Browser
) -> None:
    with window(browser) as page:
        log_in(page, newsroom, "editor")
        text = open_editor(page, newsroom)
        use(page, "Link card")
        fill(page, "Link card", Title="The report", Address="https://www.example.org/a")
        type_keys(page, " After.")
        body = page.locator("#id_body")
        link = '<a href="https://www.example.org/a">The report</a>'
        with_picture = re.compile(f'^<aside><img src="/media/[^"]+" alt="">{link}</aside><p>After')
        remove = text.get_by_role("button", name="Remove picture")
        expect(remove).to_be_hidden()
        text.get_by_role("button", name="Picture …").click()
        choose_picture(page, "Quay")
        expect(body).to_have_value(with_picture)
        first = body.input_value()
        remove.press("Enter")
        expect(body).to_have_value(f"<aside>{link}</aside><p>After.</p>")
        for name in ("Quay", "Bridge"):
            text.get_by_role("button", name="Picture …").press("Enter")
            choose_picture(page, name)
        expect(body).to_have_value(with_picture)
        expect(body).not_to_have_value(first)
        text.get_by_role("button", name="Edit").click()
        fill(page, "Link card", Title="The full report")  # leaves the picture where it is
        assert violations(page) == []

        save(page, f"Card with picture {os.urandom(4).hex()}")
        before = stored(page)
        assert with_picture.match(before.replace("full report", "report"))
        page.locator(".tiptap > p").last.click()
        type_keys(page, "End", " !")
        page.get_by_role("button", name="Save and publish").first.click()
        expect(page.get_by_text("Readers see it now")).to_be_visible()
        page.goto(newsroom.url)
        page.get_by_role("link", name=re.compile("^Card with picture ")).first.click()
        card = page.locator(".body .link-card")
        expect(card.get_by_role("link", name="The full report example.org")).to_be_visible()
        shown = card.locator("img")
        expect(shown).to_have_attribute("alt", "")
        assert shown.evaluate("img => img.decode().then(() => img.naturalWidth)") > 0
        beside, words = shown.bounding_box(), card.locator(".link-card-words").bounding_box()
        assert beside and words
        assert beside["x"] + beside["width"] < words["x"]
        assert violations(page) == []
