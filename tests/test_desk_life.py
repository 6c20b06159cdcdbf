"""The life of a piece, played in a browser: scheduled, corrected, withdrawn, moved."""

import re
import time
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.running import Running
from tests.windows import log_in, violations, window

pytestmark = pytest.mark.browser

AHEAD = timedelta(seconds=4)


def begin(page: Page, newsroom: Running, headline: str, slug: str) -> None:
    """Fill in what a piece must have at least."""
    log_in(page, newsroom, "editor")
    page.goto(f"{newsroom.url}/admin/articles/article/add/")
    page.get_by_label("Headline").fill(headline)
    page.keyboard.press("Tab")
    expect(page.get_by_label("Slug")).to_have_value(slug)
    page.locator(".tiptap").click()
    page.keyboard.type("The ferry sails on Monday.")
    page.get_by_label("Section").select_option(label="World")


def publish(page: Page, newsroom: Running, headline: str, slug: str) -> None:
    begin(page, newsroom, headline, slug)
    page.get_by_role("button", name="Save and publish").click()
    expect(page.get_by_text("Readers see it now")).to_be_visible()


def open_form(page: Page, newsroom: Running, headline: str) -> None:
    page.goto(f"{newsroom.url}/admin/articles/article/?q={headline}")
    page.get_by_role("link", name=headline, exact=True).click()


def status_of(page: Page, address: str) -> int:
    return page.request.get(address, max_redirects=0).status


def type_moment(page: Page, field: str, moment: datetime) -> None:
    group = page.get_by_role("group", name=field)
    group.get_by_label("Date:").fill(f"{moment:%Y-%m-%d}")
    group.get_by_label("Time:").fill(f"{moment:%H:%M:%S}")


def test_a_scheduled_piece_appears_at_its_moment_and_not_before(
    newsroom: Running, browser: Browser
) -> None:
    address = f"{newsroom.url}/articles/ferry-scheduled/"
    with window(browser) as page:
        begin(page, newsroom, "Ferry scheduled", "ferry-scheduled")
        zone = page.locator(".field-published_at .site-time").get_attribute("data-zone")
        assert zone
        moment = (datetime.now(ZoneInfo(zone)) + AHEAD).replace(microsecond=0)
        type_moment(page, "Publication time", moment)
        expect(page.get_by_role("button", name="Save and schedule")).to_be_visible()
        page.get_by_role("button", name="Save and schedule").click()
        expect(page.get_by_text(re.compile("Readers see it (from|now)"))).to_be_visible()
        answers: list[int] = []
        while not answers or (answers[-1] != 200 and datetime.now(moment.tzinfo) < moment + AHEAD):
            asked = datetime.now(moment.tzinfo)
            answers.append(status_of(page, address))
            if datetime.now(moment.tzinfo) < moment:
                assert answers[-1] == 404
            if asked >= moment:
                assert answers[-1] == 200
            time.sleep(0.05)
        assert answers[-1] == 200
        page.goto(f"{newsroom.url}/sections/world/")
        expect(page.get_by_role("link", name="Ferry scheduled")).to_be_visible()


def test_a_moment_is_told_in_utc_and_in_the_editors_own_time_while_it_is_typed(
    newsroom: Running, browser: Browser
) -> None:
    context = browser.new_context(timezone_id="America/New_York")
    page = context.new_page()
    log_in(page, newsroom, "editor")
    page.goto(f"{newsroom.url}/admin/articles/article/add/")
    field = page.locator(".field-published_at .site-time")
    result = field.get_by_role("status")
    expect(field.get_by_text("Time zone of the site:")).to_be_visible()
    expect(page.get_by_text("You are")).to_have_count(0)  # Django's own hint
    field.evaluate("field => { field.dataset.zone = 'Europe/Berlin'; }")
    for typed, told in [
        (datetime(2027, 7, 1, 14), "That is 12:00 UTC, and 08:00 where you are (America/New York)"),
        (datetime(2027, 7, 1, 1), "That is 30 June 2027 at 23:00 UTC, and 30 June 2027 at 19:00"),
        (datetime(2027, 1, 15, 14), "That is 13:00 UTC, and 08:00 where you are"),
        (datetime(2027, 3, 28, 2, 30), "There is no such time on this day"),
        (datetime(2027, 3, 28, 3, 30), "That is 01:30 UTC, and 27 March 2027 at 21:30 where"),
        (datetime(2027, 10, 31, 2, 30), "This time comes twice on this day"),
        (datetime(2020, 5, 1, 12), "It has passed"),
    ]:
        type_moment(page, "Publication time", typed)
        expect(result).to_contain_text(told)
    field.get_by_label("Date:").fill("")
    expect(field.locator(".site-time-result")).to_have_text("")
    context.close()


def test_a_correction_stands_at_the_top_with_its_date_and_on_the_page_of_all(
    newsroom: Running, browser: Browser
) -> None:
    text = "It sails on Tuesday, not on Monday."
    with window(browser) as page:
        publish(page, newsroom, "Ferry corrected", "ferry-corrected")
        open_form(page, newsroom, "Ferry corrected")
        page.get_by_role("link", name="Corrections", exact=True).click()
        page.get_by_role("radio", name=re.compile("^Correction")).focus()
        page.keyboard.press("Space")
        page.keyboard.press("Tab")
        page.keyboard.type(text)
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_text("Readers see it in the piece from now on.")).to_be_visible()
        assert violations(page) == []

        page.goto(f"{newsroom.url}/articles/ferry-corrected/")
        box = page.get_by_role("region", name="Corrections")
        expect(box).to_contain_text(text)
        expect(box.locator("time")).to_contain_text(f"{datetime.now():%Y}")
        foot = page.get_by_text("The ferry sails on Monday.")
        above, below = box.bounding_box(), foot.bounding_box()
        assert above and below and above["y"] < below["y"]
        assert violations(page) == []
        page.goto(f"{newsroom.url}/corrections/")
        page.get_by_role("link", name="Ferry corrected").first.click()
        expect(page).to_have_url(re.compile(r"/articles/ferry-corrected/#correction-\d+$"))

        page.go_back()
        assert violations(page) == []
        open_form(page, newsroom, "Ferry corrected")
        page.get_by_role("link", name="Corrections", exact=True).click()
        page.locator("summary", has_text="Take back").click()
        page.get_by_role("textbox", name="Reason").fill("It was right after all.")
        page.get_by_role("button", name="Take it back").click()
        expect(page.get_by_text("Taken back: readers see it no longer.")).to_be_visible()
        page.goto(f"{newsroom.url}/articles/ferry-corrected/")
        expect(page.get_by_text(text)).to_have_count(0)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_withdrawn_piece_says_why_it_is_gone_until_it_is_back(
    newsroom: Running, browser: Browser, scripts: bool
) -> None:
    headline = f"Ferry withdrawn {'twice' if scripts else 'once'}"
    slug = headline.lower().replace(" ", "-")
    address = f"{newsroom.url}/articles/{slug}/"
    with window(browser) as page:
        publish(page, newsroom, headline, slug)
    with window(browser, scripts=scripts) as page:
        log_in(page, newsroom, "editor")
        open_form(page, newsroom, headline)
        form = page.url
        page.get_by_role("link", name="Withdraw…").click()
        page.get_by_role("button", name="Withdraw the piece").click()
        expect(page.get_by_text("This field is required.")).to_be_visible()
        assert status_of(page, address) == 200
        page.get_by_label("Reason for readers").fill("The ferry does not run.")
        page.get_by_label("Note for the desk").fill("The harbour called.")
        page.get_by_role("button", name="Withdraw the piece").click()
        expect(page.get_by_text("The piece is withdrawn.")).to_be_visible()
        expect(page.locator(".history")).to_contain_text("The harbour called.")

        answer = page.goto(address)
        assert answer and answer.status == 410
        expect(page.get_by_text("The ferry does not run.")).to_be_visible()
        expect(page.get_by_text(headline)).to_have_count(0)
        if scripts:
            assert violations(page) == []
        page.goto(f"{newsroom.url}/")
        expect(page.get_by_role("link", name=headline)).to_have_count(0)

        page.goto(form)
        page.get_by_role("link", name="Bring back…").click()
        expect(page.get_by_text("The ferry does not run.")).to_be_visible()
        page.get_by_role("button", name="Bring it back").click()
        expect(page.get_by_text("The piece is back.")).to_be_visible()
        assert status_of(page, address) == 200


def test_the_old_address_of_a_piece_leads_to_the_new_one(
    newsroom: Running, browser: Browser
) -> None:
    with window(browser) as page:
        publish(page, newsroom, "Ferry moved", "ferry-moved")
        for slug in ("ferry-moved-once", "ferry-moved-twice"):
            open_form(page, newsroom, "Ferry moved")
            page.get_by_label("Slug").fill(slug)
            page.get_by_role("button", name="Save", exact=True).click()
            expect(page.get_by_text("was changed successfully")).to_be_visible()
        for old in ("ferry-moved", "ferry-moved-once"):
            page.goto(f"{newsroom.url}/articles/{old}/?reply_to=1")
            expect(page).to_have_url(f"{newsroom.url}/articles/ferry-moved-twice/?reply_to=1")
            expect(page.get_by_role("heading", level=1)).to_have_text("Ferry moved")
        page.goto(f"{newsroom.url}/admin/articles/article/add/")
        page.get_by_label("Headline").fill("Ferry moved")
        page.keyboard.press("Tab")
        expect(page.get_by_label("Slug")).to_have_value("ferry-moved")
        page.get_by_label("Section").select_option(label="World")
        page.get_by_role("button", name="Save and publish").click()
        expect(page.get_by_text("leads readers to “Ferry moved”")).to_be_visible()
