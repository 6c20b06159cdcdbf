"""The preview of a piece at two widths, and a link for somebody without an account."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.running import Running
from tests.windows import log_in, window

pytestmark = pytest.mark.browser


# What the shell of the running newsroom is told, to have a draft of the editor's.
DRAFT = """
from django.contrib.auth.models import User
from articles.models import Article, Section
headline, text = {words!r}
article = Article.objects.create(
    headline=headline,
    slug=headline.lower().replace(" ", "-"),
    body=f"<p>{{text}}</p>",
    section=Section.objects.first(),
)
article.record(by=User.objects.get(username="editor"))
print(article.pk)
"""


def write(page: Page, newsroom: Running, headline: str, text: str) -> None:
    """A draft, whose preview is opened."""
    printed = newsroom.run(DRAFT.format(words=(headline, text)))
    log_in(page, newsroom, "editor")
    page.goto(f"{newsroom.url}/admin/articles/article/{printed.split()[-1]}/preview/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Preview")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_frames_are_as_wide_as_a_phone_and_a_desktop_screen(
    newsroom: Running, browser: Browser, scripts: bool
) -> None:
    headline = f"Seen at two widths {'with' if scripts else 'without'} scripts"
    with window(browser, scripts=scripts) as page:
        write(page, newsroom, headline, "The tide comes in.")
        widths = {"The piece on a phone": 390, "The piece on a desktop screen": 1280}
        for title, width in widths.items():
            frame = page.frame_locator(f"iframe[title='{title}']")
            expect(frame.get_by_role("heading", level=1)).to_have_text(headline)
            expect(frame.get_by_text("The tide comes in.")).to_be_attached()
            expect(frame.get_by_text("Not published yet")).to_be_attached()
            element = page.locator(f"iframe[title='{title}']").element_handle()
            inner = element.content_frame() if element else None
            assert inner
            assert inner.evaluate("document.documentElement.clientWidth") == width
            # What stands there is told that it is so wide, and drawn accordingly.
            wide = inner.evaluate("matchMedia('(min-width: 62em)').matches")
            assert wide == (width == 1280)


def test_what_is_typed_and_not_saved_is_previewed_in_another_tab(
    newsroom: Running, browser: Browser
) -> None:
    with window(browser) as page:
        write(page, newsroom, "As it is saved", "Nothing new.")
        page.get_by_role("link", name="Write").click()
        expect(page.locator(".tiptap")).to_be_visible()
        page.get_by_label("Standfirst").fill("Typed a moment ago.")
        expect(page.locator("#autosave-status")).to_contain_text(
            "All you typed is kept", timeout=30_000
        )
        with page.expect_popup() as opened:
            page.get_by_role("link", name="Preview").click()
        preview = opened.value
        expect(preview.get_by_text("not saved")).to_be_visible()
        phone = preview.frame_locator("iframe[title='The piece on a phone']")
        expect(phone.get_by_text("Typed a moment ago.")).to_be_visible()
        expect(page.get_by_label("Standfirst")).to_have_value("Typed a moment ago.")


def test_the_wide_screen_is_drawn_smaller_until_it_fits(
    newsroom: Running, browser: Browser
) -> None:
    with window(browser, width=360) as page:
        write(page, newsroom, "Seen on a small screen", "The tide goes out.")
        frame = page.locator("iframe[title='The piece on a desktop screen']")
        frame.scroll_into_view_if_needed()
        box = frame.bounding_box()
        assert box and 250 < box["width"] <= 360
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 360


def test_one_of_the_screens_is_chosen_from_the_keyboard(
    newsroom: Running, browser: Browser
) -> None:
    with window(browser) as page:
        write(page, newsroom, "Chosen by a key", "Up and down.")
        phone = page.locator("iframe[title='The piece on a phone']")
        desktop = page.locator("iframe[title='The piece on a desktop screen']")
        page.get_by_role("radio", name="Both").focus()
        page.keyboard.press("ArrowDown")
        expect(desktop).to_be_hidden()
        expect(phone).to_be_visible()
        page.keyboard.press("ArrowDown")
        expect(phone).to_be_hidden()
        expect(desktop).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_link_shows_its_version_to_a_stranger_until_it_is_revoked(
    newsroom: Running, browser: Browser, scripts: bool
) -> None:
    headline = f"For the lawyer {'with' if scripts else 'without'} scripts"
    with window(browser, scripts=scripts) as page:
        write(page, newsroom, headline, "Nobody knows it yet.")
        page.get_by_label("Good for").select_option(label="1 day")
        page.get_by_role("button", name="Make a link to version 1").click()
        address = page.get_by_label("Address of the link to version 1").input_value()
        if scripts:
            page.context.grant_permissions(["clipboard-read", "clipboard-write"])
            page.get_by_role("button", name="Copy").click()
            expect(page.get_by_role("button", name="Copied")).to_be_visible()
            assert page.evaluate("navigator.clipboard.readText()") == address
        with window(browser) as stranger:
            answer = stranger.goto(address)
            assert answer and answer.status == 200
            expect(stranger.get_by_role("heading", level=1)).to_have_text(headline)
            expect(stranger.get_by_role("note")).to_contain_text("not for publication")
            expect(stranger.get_by_text("Nobody knows it yet.")).to_be_visible()
            page.get_by_role("button", name="Revoke the link to version 1").click()
            expect(page.get_by_text("The link is revoked")).to_be_visible()
            answer = stranger.reload()
            assert answer and answer.status == 410
            expect(stranger.get_by_role("heading", level=1)).to_have_text("This preview has ended")


def test_the_keyboard_does_not_reach_the_form_in_a_preview(
    newsroom: Running, browser: Browser
) -> None:
    with window(browser) as page:
        write(page, newsroom, "Out of reach", "Nothing to be sent.")
        page.get_by_role("button", name="Make a link to version 1").click()
        address = page.get_by_label("Address of the link to version 1").input_value()
        with window(browser) as stranger:
            stranger.goto(address)
            for _ in range(60):
                stranger.keyboard.press("Tab")
                assert stranger.evaluate("document.activeElement.form ?? null") is None
            expect(stranger.locator("textarea")).to_be_attached()
