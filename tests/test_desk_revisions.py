"""Versions of a piece in a browser: the second of five restored, readers told what changed."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.running import Running
from tests.windows import log_in, violations_in_every_look, window

pytestmark = pytest.mark.browser


def write(page: Page, newsroom: Running, headline: str, text: str) -> None:
    page.goto(f"{newsroom.url}/admin/articles/article/add/")
    page.get_by_label("Headline:", exact=True).press_sequentially(headline)
    type_body(page, text)
    page.get_by_label("Section").select_option(label="Newsroom")
    page.get_by_role("button", name="Save and publish", exact=True).click()
    page.get_by_role("link", name=headline, exact=True).first.click()


def type_body(page: Page, text: str) -> None:
    page.locator(".field-body .tiptap").click()
    page.keyboard.press("Control+a")
    page.keyboard.type(text)


def save(page: Page, text: str, *, minor: bool = False) -> None:
    """Another version, in the form that is open."""
    type_body(page, text)
    if minor:
        page.get_by_label("Minor change").check()
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()


def text_of_piece(page: Page, newsroom: Running, slug: str) -> str:
    page.goto(f"{newsroom.url}/articles/{slug}/")
    return page.locator("article.piece .body").inner_text()


def test_the_second_of_five_versions_is_restored_and_none_is_lost(
    newsroom: Running, browser: Browser
) -> None:
    days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]
    with window(browser) as page:
        log_in(page, newsroom, "editor")
        write(page, newsroom, "Kiosk to reopen", f"The kiosk reopens on {days[0]}.")
        for day in days[1:]:
            save(page, f"The kiosk reopens on {day}.")
        page.get_by_role("link", name="Versions").click()
        rows = page.locator("tbody tr")
        expect(rows).to_have_count(5)

        page.get_by_label("Version 2 on the left").check()
        page.get_by_role("button", name="Compare the two chosen").click()
        expect(page.locator("del.change")).to_contain_text("Tuesday")
        expect(page.locator("ins.change")).to_contain_text("Friday")

        page.get_by_role("link", name="Restore version 2").click()
        expect(page.get_by_text("Readers see it at once.")).to_be_visible()
        page.get_by_role("button", name="Restore version 2").click()
        expect(page.get_by_text("The piece is again what version 2 held.")).to_be_visible()
        expect(rows).to_have_count(6)

        page.goto(f"{page.url.rstrip('/')}/compare/?from=2&to=6")
        expect(page.get_by_text("Both hold the same.")).to_be_visible()
        for number, day in enumerate(days, start=1):
            page.goto(f"{page.url.partition('?')[0]}?to={number}")
            expect(page.locator(".revision-field-body .beside-after")).to_contain_text(day)
        assert "Tuesday" in text_of_piece(page, newsroom, "kiosk-to-reopen")


def test_readers_see_what_changed_and_not_what_was_closed(
    newsroom: Running, browser: Browser
) -> None:
    with window(browser) as page:
        log_in(page, newsroom, "editor")
        write(page, newsroom, "Clock stands still", "The clock stopped at noon.")
        save(page, "The clock was broken by a drunken mayor.")
        save(page, "The clock stopped at three.")
        save(page, "The clock stopped at three!", minor=True)
        versions = page.url.replace("/change/", "/revisions/")
        with window(browser, scripts=False) as readers, window(browser, width=360) as phone:
            readers.goto(f"{newsroom.url}/articles/clock-stands-still/")
            readers.get_by_role("link", name="see what changed").click()
            expect(readers.get_by_role("heading", name="What changed")).to_be_visible()
            entries = readers.locator(".timeline-entry")
            expect(entries).to_have_count(4)
            expect(entries.nth(1)).to_contain_text("drunken mayor")

            minor = readers.locator("details")
            expect(minor).to_contain_text("Minor change")
            expect(minor.locator("ins.change")).to_be_hidden()
            minor.locator("summary").press("Enter")
            expect(minor.locator("ins.change")).to_be_visible()

            page.goto(f"{versions}2/close/")
            page.get_by_label("Reason").fill("Unproven, and withdrawn by the newsroom")
            page.get_by_role("button", name="Close to readers").click()
            expect(page.get_by_text("1 version is closed.")).to_be_visible()

            readers.reload()
            expect(entries.nth(2)).to_contain_text("Unproven, and withdrawn by the newsroom")
            assert "drunken" not in readers.content()
            expect(entries.nth(1).locator("del.change")).to_contain_text("noon")
            expect(entries.nth(1).locator("ins.change")).to_contain_text("three")

            phone.goto(readers.url)
            before, after = (
                phone.locator(f".timeline-entry:nth-child(2) .beside-{side}").bounding_box()
                for side in ("before", "after")
            )
            assert before and after
            assert before["y"] + before["height"] <= after["y"]
            assert phone.evaluate("document.scrollingElement.scrollWidth") <= 360


def test_a_version_is_restored_without_scripts_and_from_the_keyboard(
    newsroom: Running, browser: Browser
) -> None:
    with window(browser) as page:
        log_in(page, newsroom, "editor")
        write(page, newsroom, "Pier is painted", "The pier is green.")
        save(page, "The pier is blue.")
        versions = page.url.replace("/change/", "/revisions/")
    with window(browser, scripts=False) as page:
        log_in(page, newsroom, "editor")
        page.goto(versions)
        page.get_by_role("link", name=re.compile("Restore version 1")).press("Enter")
        page.get_by_role("button", name="Restore version 1").press("Enter")
        expect(page.get_by_text("The piece is again what version 1 held.")).to_be_visible()
        assert "green" in text_of_piece(page, newsroom, "pier-is-painted")


def test_axe_finds_nothing_where_texts_stand_beside_each_other(
    newsroom: Running, browser: Browser
) -> None:
    with window(browser) as page:
        log_in(page, newsroom, "editor")
        write(page, newsroom, "Bell rings", "The bell rings at noon.")
        for text in ("The bell rang at noon.", "The bell rang at one.", "The bell rings at two."):
            save(page, text)
        versions = page.url.replace("/change/", "/revisions/")
        page.goto(f"{versions}2/close/")
        found = violations_in_every_look(page, widths=[1280])
        page.get_by_label("Reason").fill("Unproven")
        page.get_by_role("button", name="Close to readers").click()
        for path in ("", "compare/?from=1&to=4", "compare/?to=2", "1/restore/", "2/reopen/"):
            page.goto(f"{versions}{path}")
            found += violations_in_every_look(page, widths=[1280])
        page.goto(f"{newsroom.url}/articles/bell-rings/changes/")
        found += violations_in_every_look(page)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert page.evaluate("document.scrollingElement.scrollWidth") <= 320
    assert found == []
