"""Copies from Word and Google Docs, pasted into the editor in a browser and saved."""

import os

import pytest
from playwright.sync_api import Browser, Page, expect

from articles.body_html import clean
from articles.tests.test_pasting import SAMPLES, expected
from tests.running import Running
from tests.test_desk_editor import open_editor, save, stored, type_keys
from tests.windows import log_in, settle, window

pytestmark = pytest.mark.browser

PICTURE = "/media/0123456789abcdef0123456789abcdef-1-wide1200.jpg"
PASTE = """(box, html) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/html", html);
    clipboardData.setData("text/plain", "the same as text");
    const options = { clipboardData, bubbles: true, cancelable: true };
    box.dispatchEvent(new ClipboardEvent("paste", options));
}"""


def paste(page: Page, html: str) -> str:
    """Paste into the editor; what is in its field then."""
    page.get_by_role("textbox", name="Body").evaluate(PASTE, html)
    settle(page)
    return page.locator("#id_body").input_value()


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.stem)
def test_a_copy_from_a_word_processor_is_plain_paragraphs_at_once_and_when_saved(
    newsroom: Running, browser: Browser, sample
) -> None:
    with window(browser) as page:
        log_in(page, newsroom, "editor")
        open_editor(page, newsroom)
        field = paste(page, sample.read_text())
        for left_over in ("mso", "Mso", "style", "span", "docs-internal", "o:p", "<p></p>"):
            assert left_over not in field
        assert clean(field) == expected(sample)
        save(page, f"Pasted {os.urandom(4).hex()}")
        assert stored(page) == expected(sample)


COPIES = [
    ("<b style='font-weight:normal'><p>a</p><p>b</p></b>", "<p>a</p><p>b</p>"),
    ("<span style='font-weight:700'>a</span> b", "<p><strong>a</strong> b</p>"),
    ("<h1><b>a</b></h1><p>b</p>", "<h2>a</h2><p>b</p>"),
    ("<p>a</p><p>&nbsp;</p><p><br></p><p>b</p>", "<p>a</p><p>b</p>"),
    ("<p>a <img src='https://a.example/pixel.gif'> b</p>", "<p>a b</p>"),
    ("<p>a <a href='javascript:x()' onclick='x()'>b</a></p>", "<p>a b</p>"),
    ("<p>a</p><script>x()</script><iframe src='//a.example'></iframe>", "<p>a</p>"),
    (
        "<blockquote><p>Be</p><cite>Hamlet</cite></blockquote><p>b</p>",
        "<blockquote><p>Be</p><cite>Hamlet</cite></blockquote><p>b</p>",
    ),
    (
        "<aside><a href='https://a.example/'>Card</a></aside><p>b</p>",
        '<aside><a href="https://a.example/">Card</a></aside><p>b</p>',
    ),
    (
        f"<aside><a href='https://a.example/'><img src='{PICTURE}'>Card</a></aside><p>b</p>",
        f'<aside><img src="{PICTURE}" alt=""><a href="https://a.example/">Card</a></aside><p>b</p>',
    ),
]


def test_a_copy_from_elsewhere_brings_what_a_body_may_contain(
    newsroom: Running, browser: Browser
) -> None:
    with window(browser) as page:
        log_in(page, newsroom, "editor")
        open_editor(page, newsroom)
        found = []
        for html, _pasted in COPIES:
            found.append((html, paste(page, html)))
            type_keys(page, "Control+a", "Delete")
            expect(page.locator("#id_body")).to_have_value("")
        assert found == COPIES


def test_what_is_copied_in_the_editor_is_pasted_as_it_was(
    newsroom: Running, browser: Browser
) -> None:
    with window(browser) as page:
        log_in(page, newsroom, "editor")
        text = open_editor(page, newsroom)
        before = paste(page, "<ul><li><b>a</b></li></ul><p>b</p>")
        type_keys(page, "Control+a")
        copied = text.evaluate(
            """box => {
                const clipboardData = new DataTransfer();
                const options = { clipboardData, bubbles: true, cancelable: true };
                box.dispatchEvent(new ClipboardEvent("copy", options));
                return clipboardData.getData("text/html");
            }"""
        )
        assert "data-pm-slice" in copied
        type_keys(page, "Control+a", "Delete")
        expect(text).to_have_text("")
        assert paste(page, copied) == before
