"""Pictures, played in a browser: dropped, chosen, focused, withdrawn."""

import base64
import io
import os
import re

import pytest
from PIL import Image
from playwright.sync_api import Browser, FilePayload, Locator, Page, expect

from tests.running import Running
from tests.windows import log_in, violations, window

pytestmark = pytest.mark.browser

LIBRARY = "/admin/articles/image/"
MADE_WITHIN = 60_000  # milliseconds: the worker looks for work each second

FILES = """files => {
    const transfer = new DataTransfer();
    for (const { name, content } of files) {
        const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
        transfer.items.add(new File([bytes], name));
    }
    return transfer;
}"""
PASTE = """(element, clipboardData) => element.dispatchEvent(
    new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true })
)"""


def picture(size: tuple[int, int] = (1300, 900)) -> bytes:
    """One that nobody has uploaded yet: its left half in a colour of chance, the other blue."""
    image = Image.new("RGB", size, "blue")
    image.paste((200, *os.urandom(2)), (0, 0, size[0] // 2, size[1]))
    image.putpixel((0, 0), tuple(os.urandom(3)))
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def transfer(page: Page, **files: bytes) -> object:
    coded = [
        {"name": name.replace("_", "."), "content": base64.b64encode(content).decode()}
        for name, content in files.items()
    ]
    return page.evaluate_handle(FILES, coded)


def drop(page: Page, on: Locator, **files: bytes) -> None:
    on.dispatch_event("drop", {"dataTransfer": transfer(page, **files)})


def write_piece(page: Page, newsroom: Running, headline: str) -> None:
    """A new piece, its form left open."""
    page.goto(f"{newsroom.url}/admin/articles/article/add/")
    page.get_by_label("Headline", exact=False).first.fill(headline)
    page.get_by_label("Section:").select_option(index=1)
    page.locator(".ProseMirror").click()
    page.keyboard.type("The boats came in.")


def test_a_picture_goes_from_the_drop_to_the_page_and_is_withdrawn(
    newsroom: Running, browser: Browser
) -> None:
    with window(browser) as page:
        log_in(page, newsroom, "editor")
        page.goto(newsroom.url + LIBRARY)
        area = page.locator("form.picture-drop")
        drop(
            page,
            area,
            Quay_png=picture(),
            Fraud_jpg=b"<html><script>alert(1)</script>",
            Ferry_png=picture(),
        )
        lines = page.locator(".uploads li")
        expect(lines).to_have_count(3)
        expect(lines.nth(0)).to_contain_text("is in")
        expect(lines.nth(1)).to_contain_text("This is no JPEG, PNG, WebP, AVIF or GIF picture.")
        expect(lines.nth(2)).to_contain_text("is in")
        assert violations(page) == []

        # The focal point: with the mouse, with the keys, and the crop follows.
        lines.nth(0).get_by_role("link", name="Quay").click()
        page.get_by_label("Alternative text").fill("Boats at the quay")
        page.get_by_label("Credit").fill("M. Ellery")
        stage = page.locator("button.picture-stage")
        box = stage.bounding_box()
        assert box
        stage.click(position={"x": box["width"] * 0.25, "y": box["height"] * 0.5})
        across = page.get_by_label("Focal point from the left")
        expect(across).to_have_value("25")
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("Shift+ArrowLeft")
        expect(across).to_have_value("14")
        expect(page.get_by_role("status").last).to_contain_text("14 % from the left, 50 % from")
        assert violations(page) == []
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_text("was changed successfully")).to_be_visible()

        write_piece(page, newsroom, "Boats at the quay")
        page.get_by_role("button", name="Choose picture").click()
        dialog = page.get_by_role("dialog", name="Choose a picture")
        expect(dialog.get_by_role("button", name="Quay").first).to_be_visible()
        assert violations(page) == []
        dialog.get_by_role("searchbox").fill("at the quay")
        dialog.get_by_role("button", name="Quay").first.click()
        expect(dialog).to_have_count(0)
        expect(page.locator("#id_lead_alt")).to_have_value("Boats at the quay")
        expect(page.locator("#id_lead_credit")).to_have_value("M. Ellery")
        page.locator("#id_lead_caption").fill("At dawn")
        page.get_by_role("button", name="Save and publish").click()
        expect(page.get_by_text("was added successfully")).to_be_visible()

        with window(browser) as reader:
            reader.goto(f"{newsroom.url}/articles/boats-at-the-quay/")
            lead = reader.locator(".lead-picture img")
            expect(lead).to_have_attribute("alt", "Boats at the quay")
            expect(reader.locator(".lead-picture figcaption")).to_have_text(re.compile("At dawn"))
            until_made(reader)
            shown = reader.evaluate("document.querySelector('.lead-picture img').currentSrc")
            assert shown.endswith(".avif")
            assert violations(reader) == []

            withdraw(page, newsroom, "Quay")
            assert reader.request.get(shown).status == 410
            reader.reload()
            expect(reader.get_by_text("The boats came in.")).to_be_visible()
            expect(reader.locator(".lead-picture")).to_have_count(0)


def until_made(reader: Page) -> None:
    """Once the worker has made the sizes, the page names them."""

    def reloaded() -> bool:
        reader.reload()
        return reader.locator(".lead-picture source").count() == 1

    for _ in range(MADE_WITHIN // 500):
        if reloaded():
            break
        reader.wait_for_timeout(500)
    loaded = "document.querySelector('.lead-picture img').naturalWidth > 0"
    reader.wait_for_function(loaded)


def withdraw(page: Page, newsroom: Running, name: str) -> None:
    page.goto(f"{newsroom.url}{LIBRARY}?q={name}")
    page.locator(".picture-tile", has_text=name).first.click()
    expect(page.locator(".picture-uses")).to_contain_text("Boats at the quay")
    page.get_by_role("link", name="Withdraw it from every use").click()
    expect(page.locator(".picture-uses")).to_contain_text("Boats at the quay")
    assert violations(page) == []
    page.get_by_label("Reason").fill("The agency killed it")
    page.get_by_role("button", name="Withdraw from every use").click()
    expect(page.get_by_text("The picture is withdrawn from every use.")).to_be_visible()
    assert violations(page) == []


def test_a_picture_is_pasted_into_the_chooser_and_is_the_lead(
    newsroom: Running, browser: Browser
) -> None:
    with window(browser, width=360) as page:
        log_in(page, newsroom, "editor")
        write_piece(page, newsroom, "A pasted picture")
        page.get_by_role("button", name="Choose picture").focus()
        page.keyboard.press("Enter")
        dialog = page.get_by_role("dialog", name="Choose a picture")
        expect(dialog.get_by_role("searchbox")).to_be_focused()
        expect(dialog.get_by_text("Upload pictures")).to_be_visible()
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        expect(page.get_by_role("button", name="Choose picture")).to_be_focused()
        page.keyboard.press("Enter")
        expect(dialog.get_by_text("Upload pictures")).to_be_visible()
        dialog.evaluate(PASTE, transfer(page, Pasted_png=picture()))
        expect(dialog).to_have_count(0)
        expect(page.get_by_role("img", name="Picture: Pasted")).to_be_visible()
        expect(page.get_by_text("Chosen: Pasted")).to_be_visible()
        page.get_by_role("button", name="Remove picture").click()
        expect(page.get_by_role("img", name="Picture: Pasted")).to_have_count(0)


def test_pictures_are_uploaded_without_scripts(newsroom: Running, browser: Browser) -> None:
    with window(browser, scripts=False) as page:
        log_in(page, newsroom, "editor")
        page.goto(newsroom.url + LIBRARY)
        files: list[FilePayload] = [
            {"name": name, "mimeType": "image/png", "buffer": content}
            for name, content in [
                ("Plain one.png", picture()),
                ("No picture.png", b"<svg/>"),
                ("Plain two.png", picture()),
            ]
        ]
        page.get_by_label("Upload pictures").set_input_files(files)
        page.get_by_role("button", name="Upload", exact=True).click()
        expect(page.get_by_text("2 pictures are in.")).to_be_visible()
        expect(page.get_by_text("“No picture.png”: This is no JPEG")).to_be_visible()
        expect(page.locator(".picture-tile", has_text="Plain one")).to_be_visible()


@pytest.mark.parametrize("width", [1280, 360])
def test_a_page_does_not_move_when_its_pictures_come(
    newsroom: Running, browser: Browser, width: int
) -> None:
    with window(browser, width=width) as page:
        page.add_init_script(
            "window.moved = 0; new PerformanceObserver((list) => { for (const each of"
            " list.getEntries()) window.moved += each.value; })"
            ".observe({ type: 'layout-shift', buffered: true });"
        )
        with window(browser) as desk:
            log_in(desk, newsroom, "editor")
            write_piece(desk, newsroom, f"Still at {width}")
            desk.get_by_role("button", name="Choose picture").click()
            dialog = desk.get_by_role("dialog", name="Choose a picture")
            expect(dialog.get_by_text("Upload pictures")).to_be_visible()
            drop(desk, dialog, Still_png=picture())
            expect(dialog).to_have_count(0)
            desk.get_by_role("button", name="Save and publish").click()
            expect(desk.get_by_text("was added successfully")).to_be_visible()
        for path in (f"/articles/still-at-{width}/", "/"):
            page.goto(newsroom.url + path, wait_until="networkidle")
            assert page.locator("main img").count() >= 1
            assert page.evaluate("window.moved") < 0.01
