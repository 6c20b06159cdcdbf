"""A recording in a text, in the editor of the desk: nothing is lost of it, and it has a caption."""

import pytest
from playwright.sync_api import Page, expect

from tests.running import Running
from tests.test_desk_editor import ADD, fill, open_editor, save, stored
from tests.windows import log_in, violations_in_every_look, window

pytestmark = pytest.mark.browser
SOUND = f"/media/{'0a' * 16}.mp3"
FILM = f"/media/{'0b' * 16}.mp4"
BODY = (
    f'<p>Before.</p><figure><audio controls="" preload="metadata" src="{SOUND}"></audio>'
    "<figcaption>The harbour at night</figcaption></figure><p>Between.</p>"
    f'<figure><video controls="" preload="metadata" src="{FILM}"></video></figure>'
)


@pytest.fixture
def piece(browser, newsroom: Running) -> str:
    """The address of the form of a piece with BODY, which was written without scripts."""
    with window(browser, scripts=False) as page:
        log_in(page, newsroom, "editor")
        page.goto(newsroom.url + ADD)
        page.locator("#id_body").fill(BODY)
        save(page, "Sounds of the harbour")
        return page.url.removeprefix(newsroom.url)


def play(page: Page, newsroom: Running, piece: str) -> None:
    open_editor(page, newsroom, piece)
    text = page.get_by_role("textbox", name="Body")
    expect(text.locator("audio")).to_have_attribute("src", SOUND)
    expect(text.locator("video")).to_have_attribute("src", FILM)
    expect(text.get_by_text("The harbour at night")).to_be_visible()
    assert violations_in_every_look(page) == []
    text.get_by_role("button", name="Caption").nth(1).click()
    fill(page, "Recording", Caption="The film")
    page.get_by_role("button", name="Save and continue editing").first.click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    film = "</video><figcaption>The film</figcaption></figure>"
    assert stored(page).rstrip() == BODY.replace("</video></figure>", film)
    text.get_by_role("button", name="Remove").first.click()
    page.get_by_role("button", name="Save and continue editing").first.click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    assert SOUND not in stored(page) and FILM in stored(page)


def test_the_editor_keeps_recordings_and_lets_them_be_described(browser, newsroom, piece):
    with window(browser) as page:
        log_in(page, newsroom, "editor")
        play(page, newsroom, piece)
