"""The whole desk, as an editor works at it: a piece with pictures from blank to published."""

import re

import pytest
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from tests.running import Running
from tests.test_desk_editor import ADD, fill, insert_picture, type_keys, use
from tests.test_desk_pictures import picture
from tests.windows import log_in, window

pytestmark = pytest.mark.browser

HEADLINE = "The lighthouse keeps its lamp"
PIECE = "/articles/the-lighthouse-keeps-its-lamp/"


def is_loaded(image: Locator) -> None:
    """Not an empty frame: the file has come and is a picture."""
    image.scroll_into_view_if_needed()
    expect(image).to_be_visible()
    expect(image).to_have_js_property("complete", True)
    assert image.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0


def upload_lead(page: Page) -> None:
    page.get_by_role("button", name="Choose picture").click()
    chooser = page.get_by_role("dialog", name="Choose a picture")
    file: FilePayload = {"name": "Lighthouse.png", "mimeType": "image/png", "buffer": picture()}
    chooser.locator("input[type=file]").set_input_files(file)
    expect(chooser).to_have_count(0)
    expect(page.get_by_text("Chosen: Lighthouse")).to_be_visible()
    page.locator("#id_lead_alt").fill("A lighthouse at dusk")
    page.locator("#id_lead_caption").fill("Since 1868")
    page.locator("#id_lead_credit").fill("M. Ellery")


def write(page: Page, newsroom: Running) -> None:
    """Every part of a piece, in the form for a new one."""
    log_in(page, newsroom, "editor")
    page.goto(newsroom.url + ADD)
    expect(page.locator(".tiptap")).to_be_visible()
    page.get_by_label("Headline").press_sequentially(HEADLINE)
    expect(page.get_by_label("Slug")).to_have_value("the-lighthouse-keeps-its-lamp")
    page.get_by_label("Standfirst").fill("The harbour board has changed its mind.")
    page.get_by_role("textbox", name="Body").click()
    type_keys(page, " The lamp stays.", "Enter")
    use(page, "Heading")
    type_keys(page, " Why it stays", "Enter")
    type_keys(page, " It is loved.", "Enter", " It has always burnt")
    use(page, "Quotation")
    type_keys(page, "Enter", "Enter", " The keeper", "Enter")
    insert_picture(page)
    fill(page, "Picture", Alternative_text="The lamp room", Caption="Seen from inside")
    upload_lead(page)
    page.get_by_label("Section").select_option(label="World")
    page.get_by_label("Topics").select_option(label="Japan")
    page.get_by_label("Dateline").fill("CALA NERA")
    page.get_by_label("Author:").first.select_option(label="Maud Ellery")


def is_all_there(page: Page) -> None:
    """What was written, as readers find it."""
    expect(page.get_by_role("heading", level=1)).to_have_text(HEADLINE)
    for words in ("The harbour board has changed its mind.", "The lamp stays.", "It is loved."):
        expect(page.get_by_text(words)).to_be_visible()
    expect(page.get_by_role("heading", level=2, name="Why it stays")).to_be_visible()
    quotation = page.locator(".body blockquote")
    expect(quotation).to_contain_text("It has always burnt")
    expect(quotation.locator("cite")).to_have_text("The keeper")
    expect(page.locator(".byline")).to_contain_text("Maud Ellery")
    expect(page.locator(".dateline")).to_have_text("CALA NERA")
    expect(page.locator(".topics").get_by_role("link", name="Japan")).to_be_visible()
    expect(page.locator(".kicker").first).to_have_text("World")
    lead = page.get_by_role("img", name="A lighthouse at dusk")
    is_loaded(lead)
    expect(page.locator(".lead-picture figcaption")).to_have_text(
        re.compile("Since 1868.*M. Ellery", re.DOTALL)
    )
    is_loaded(page.get_by_role("img", name="The lamp room"))
    expect(page.locator(".body figcaption")).to_have_text("Seen from inside")


def test_a_piece_with_pictures_goes_from_blank_to_published(
    newsroom: Running, browser: Browser
) -> None:
    with window(browser) as page, window(browser) as reader:
        write(page, newsroom)
        page.get_by_role("button", name="Save and continue editing").click()
        expect(page.get_by_text("was added successfully")).to_be_visible()

        with page.expect_popup() as opened:
            page.get_by_role("link", name="Preview").click()
        preview = opened.value
        framed = preview.frame_locator("iframe[title='The piece on a phone']")
        expect(framed.get_by_role("heading", level=1)).to_have_text(HEADLINE)
        is_loaded(framed.get_by_role("img", name="A lighthouse at dusk"))
        preview.get_by_role("button", name="Make a link to version 1").click()
        address = preview.get_by_label("Address of the link to version 1").input_value()
        preview.close()

        # Nobody finds it yet, nor its picture, but whoever has the link.
        answer = reader.goto(newsroom.url + PIECE)
        assert answer and answer.status == 404
        reader.goto(address)
        is_all_there(reader)
        expect(reader.get_by_text("Not published yet")).to_be_visible()
        shown = reader.locator(".lead-picture img").evaluate("image => image.currentSrc")
        assert "?preview=" in shown
        assert reader.request.get(shown).status == 200
        assert reader.request.get(shown.partition("?")[0]).status == 404

        page.get_by_role("button", name="Save and publish").click()
        expect(page.get_by_text("was changed successfully")).to_be_visible()

        reader.goto(newsroom.url)
        reader.get_by_role("link", name=HEADLINE).first.click()
        expect(reader).to_have_url(newsroom.url + PIECE)
        is_all_there(reader)
        shown = reader.locator(".lead-picture img").evaluate("image => image.currentSrc")
        assert "?preview=" not in shown
        assert reader.request.get(shown).status == 200


def tab_to(page: Page, element: Locator) -> None:
    """With the Tab key alone."""
    for _ in range(80):
        if element.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"The Tab key does not lead to {element}")


def test_a_piece_is_written_and_published_from_the_keyboard_alone(
    newsroom: Running, browser: Browser
) -> None:
    with window(browser) as page:
        page.goto(f"{newsroom.url}/admin/login/")
        tab_to(page, page.get_by_label("Username"))
        page.keyboard.type("editor")
        page.keyboard.press("Tab")
        page.keyboard.type(newsroom.password)
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Desk")).to_be_visible()
        pieces = page.get_by_role("link", name="Add", exact=False).and_(
            page.locator(f"a[href='{ADD}']")
        )
        tab_to(page, pieces.first)
        page.keyboard.press("Enter")

        expect(page.locator(".tiptap")).to_be_visible()
        tab_to(page, page.get_by_label("Headline"))
        page.keyboard.type("Written by hand alone")
        tab_to(page, page.get_by_label("Standfirst"))
        page.keyboard.type("No mouse was near.")
        tab_to(page, page.get_by_role("textbox", name="Body"))
        type_keys(page, " Every key was pressed.", "Escape")
        tab_to(page, page.get_by_label("Section"))
        page.keyboard.type("World")
        tab_to(page, page.get_by_role("button", name="Save and publish"))
        page.keyboard.press("Enter")
        expect(page.get_by_text("was added successfully")).to_be_visible()
        page.goto(f"{newsroom.url}/articles/written-by-hand-alone/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Written by hand alone")
        expect(page.get_by_text("Every key was pressed.")).to_be_visible()
        expect(page.locator(".kicker").first).to_have_text("World")
