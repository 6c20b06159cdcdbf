"""A piece is published, a reader replies, a moderator lets it out: played in a browser."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.running import Running
from tests.windows import log_in, window

pytestmark = pytest.mark.browser

PIECE = "/articles/us-japan-alliance-pentagon-chief/"


def fill_reply(page: Page, *, text: str, name: str, email: str) -> None:
    page.get_by_label("Comment").fill(text)
    page.get_by_label("Name").fill(name)
    page.get_by_label("Email").fill(email)


def approve(page: Page, newsroom: Running, text: str) -> None:
    log_in(page, newsroom, "moderator")
    page.goto(f"{newsroom.url}/admin/")
    page.get_by_role("link", name=re.compile(r"\d+ repl(y|ies) waiting")).click()
    card = card_of(page, text)
    expect(card).to_contain_text("No reply of this sender was approved before.")
    with page.expect_response(lambda answer: answer.request.method == "POST") as decided:
        card.locator("button[value=approve]").click()
    assert decided.value.status < 400
    expect(card).to_have_count(0)


def card_of(page: Page, text: str) -> Locator:
    """In the queue, on whose first page the reply need not stand."""
    page.get_by_label("Text or name").fill(text)
    page.get_by_role("button", name="Show").click()
    return page.get_by_role("article").filter(has_text=text)


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_reply_is_seen_by_readers_once_a_moderator_approved_it(
    newsroom: Running, browser: Browser, scripts: bool
) -> None:
    text = f"Played from start to end, {'with' if scripts else 'without'} scripts."
    email = f"whole-way-{scripts}@reader.example"
    with window(browser, scripts=scripts) as page:
        page.goto(f"{newsroom.url}/")
        page.get_by_role("link", name=re.compile("Pentagon chief")).first.click()
        expect(page.get_by_role("heading", level=1)).to_contain_text("US–Japan alliance")
        expect(page.get_by_text("Source: AFP")).to_be_visible()
        expect(page.get_by_role("heading", name="Leave a Reply")).to_be_visible()

        page.get_by_label("Name").fill("Ines")
        page.get_by_label("Email").fill("not an address")
        page.get_by_role("button", name="Post Comment").click()
        summary = page.get_by_role("alert")
        expect(summary).to_contain_text("Please write your comment.")
        expect(summary).to_contain_text("Please give an email address like name@example.org.")
        expect(page.get_by_label("Name")).to_have_value("Ines")
        expect(page.get_by_label("Email")).to_have_value("not an address")
        summary.get_by_role("link", name="Comment").click()
        expect(page).to_have_url(re.compile("#comment$"))

        fill_reply(page, text=text, name="Ines", email=email)
        page.get_by_role("button", name="Post Comment").click()
        expect(page).to_have_url(re.compile("/comments/status/"))
        expect(page.get_by_text("Your reply is awaiting moderation.")).to_be_visible()
        expect(page.locator(".reply-text").get_by_text(text)).to_be_visible()
        status = page.url

        page.goto(newsroom.url + PIECE)
        expect(page.get_by_text(text)).to_have_count(0)
        with window(browser, scripts=scripts) as desk:
            approve(desk, newsroom, text)
        page.reload()
        expect(page.locator("#comments").get_by_text(text)).to_be_visible()
        page.goto(status)
        expect(page.get_by_text("Your reply is published.")).to_be_visible()
        assert email not in page.content()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_an_answer_stands_under_the_reply_it_answers(
    newsroom: Running, browser: Browser, scripts: bool
) -> None:
    text = f"An answer, {'with' if scripts else 'without'} scripts."
    with window(browser, scripts=scripts) as page:
        page.goto(newsroom.url + PIECE)
        page.get_by_role("link", name="Reply to Hana W.").click()
        expect(page.get_by_role("heading", name="Leave a Reply to Hana W.")).to_be_visible()
        fill_reply(page, text=text, name="Oskar", email=f"answer-{scripts}@reader.example")
        page.get_by_role("button", name="Post Comment").click()
        expect(page.get_by_text("awaiting moderation")).to_be_visible()
        with window(browser, scripts=scripts) as desk:
            approve(desk, newsroom, text)
        page.goto(newsroom.url + PIECE)
        thread = page.locator("#comments > ol > li").filter(has_text="Hana W.")
        expect(thread.locator("ol").get_by_text(text)).to_be_visible()


def test_a_reply_sent_twice_by_a_double_click_is_one_reply(
    newsroom: Running, browser: Browser
) -> None:
    text = "Clicked twice."
    with window(browser) as page:
        page.goto(newsroom.url + PIECE)
        fill_reply(page, text=text, name="Ines", email="double@reader.example")
        page.get_by_role("button", name="Post Comment").dblclick()
        expect(page.get_by_text("awaiting moderation")).to_be_visible()
        with window(browser) as desk:
            log_in(desk, newsroom, "moderator")
            desk.goto(f"{newsroom.url}/admin/comments/queue/")
            expect(card_of(desk, text)).to_have_count(1)


def test_the_form_is_filled_in_and_sent_from_the_keyboard_alone(
    newsroom: Running, browser: Browser
) -> None:
    with window(browser, width=360) as page:
        page.goto(f"{newsroom.url}{PIECE}#respond")
        page.get_by_label("Comment").focus()
        page.keyboard.type("Typed without a mouse.")
        page.keyboard.press("Tab")
        expect(page.locator("summary", has_text="Preview")).to_be_focused()
        for typed in ("Kei", "keyboard@reader.example", ""):
            page.keyboard.press("Tab")
            page.keyboard.type(typed)
        for box in ("answers", "all new replies", "Remember me"):
            page.keyboard.press("Tab")
            expect(page.get_by_label(box)).to_be_focused()
        page.keyboard.press("Tab")
        expect(page.get_by_role("button", name="Post Comment")).to_be_focused()
        page.keyboard.press("Enter")
        expect(page.get_by_text("awaiting moderation")).to_be_visible()


def test_an_editor_writes_a_piece_in_the_admin_and_finds_it_on_the_site(
    newsroom: Running, browser: Browser
) -> None:
    with window(browser) as page:
        log_in(page, newsroom, "editor")
        page.goto(f"{newsroom.url}/admin/articles/article/add/")
        page.get_by_label("Headline").press_sequentially("Ferry to run again")
        expect(page.get_by_label("Slug")).to_have_value("ferry-to-run-again")
        page.get_by_label("Standfirst").fill("After a winter ashore.")
        page.locator(".tiptap").click()
        page.keyboard.type("The ferry sails  on Monday.")
        page.get_by_label("Section").select_option(label="Newsroom")
        page.get_by_role("button", name="Save and publish").click()
        expect(page.get_by_text("was added successfully")).to_be_visible()
        page.goto(f"{newsroom.url}/")
        page.get_by_role("link", name="Ferry to run again").click()
        expect(page.get_by_text("The ferry sails on Monday.")).to_be_visible()
        expect(page.get_by_role("heading", level=1)).to_have_text("Ferry to run again")


def test_a_piece_dated_in_the_future_is_not_found_by_readers(
    newsroom: Running, browser: Browser
) -> None:
    with window(browser) as page:
        log_in(page, newsroom, "editor")
        page.goto(f"{newsroom.url}/admin/articles/article/add/")
        page.get_by_label("Headline").press_sequentially("Not yet")
        page.locator(".tiptap").click()
        page.keyboard.type("Later.")
        page.get_by_label("Section").select_option(label="World")
        moment = page.get_by_role("group", name="Publication time")
        moment.get_by_label("Date:").fill("2999-01-01")
        moment.get_by_label("Time:").fill("08:00")
        page.get_by_role("button", name="Save and publish").click()
        expect(page.get_by_text("Readers see it from 1 January 2999")).to_be_visible()
        answer = page.goto(f"{newsroom.url}/articles/not-yet/")
        assert answer and answer.status == 404
        page.goto(f"{newsroom.url}/")
        expect(page.get_by_role("link", name="Not yet")).to_have_count(0)
