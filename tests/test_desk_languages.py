"""The scripts of the desk speak the language of the site."""

import pytest
from playwright.sync_api import Browser, expect

from tests.running import Running
from tests.windows import log_in, window

pytestmark = pytest.mark.browser


def test_the_scripts_of_a_japanese_desk_speak_japanese(
    newsroom: Running, in_japanese: Running, browser: Browser
) -> None:
    with window(browser) as page:
        log_in(page, newsroom, "editor")
        page.goto(f"{in_japanese.url}/admin/articles/article/add/")
        page.locator("#id_headline").fill("渡し船の再開")
        expect(page.locator("#headline-count")).to_have_text("6字")
        tools = page.get_by_role("toolbar", name="本文のツール")
        tools.get_by_role("button", name="表", exact=True).click()
        expect(page.get_by_role("dialog").get_by_label("行数")).to_be_visible()
        page.keyboard.press("Escape")
        page.get_by_role("button", name="画像を選ぶ").click()
        expect(page.get_by_role("dialog", name="画像を選ぶ")).to_be_visible()
