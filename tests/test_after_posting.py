"""What authors do after they have posted: look, change, take back, ask again; and the newsroom
answers. Played in a browser."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.running import Running
from tests.windows import log_in, violations, window

pytestmark = pytest.mark.browser

PIECE = "/articles/us-japan-alliance-pentagon-chief/"
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])


def post(page: Page, newsroom: Running, text: str, email: str) -> str:
    """Leave a reply, and come to its page; the number of the reply."""
    page.goto(newsroom.url + PIECE)
    page.get_by_label("Comment").fill(text)
    page.get_by_label("Name").fill("Ines")
    page.get_by_label("Email").fill(email)
    page.get_by_role("button", name="Post Comment").click()
    expect(page).to_have_url(re.compile("/comments/status/"))
    return page.url.split("/status/")[1].partition(".")[0]


def decide(newsroom: Running, number: str, verb: str, reason: str = "") -> None:
    newsroom.run(
        "from comments.models import Comment\n"
        "from django.contrib.auth.models import User\n"
        "moderator = User.objects.get(username='moderator')\n"
        f"Comment.objects.get(pk={number}).{verb}(by=moderator, reason={reason!r})"
    )


@SCRIPTS
def test_an_author_changes_a_reply_and_takes_it_back(
    newsroom: Running, browser: Browser, scripts: bool
) -> None:
    with window(browser, scripts=scripts, width=360) as page:
        post(page, newsroom, "First words of all.", f"after-{scripts}@reader.example")
        status = page.url
        expect(page.get_by_text("First replies are read before they appear.")).to_be_visible()
        left = page.get_by_text(re.compile(r"Minutes left: [34]"))
        expect(left).to_have_count(1 if scripts else 0)

        page.get_by_label("Comment").fill("")
        page.get_by_role("button", name="Save the change").click()
        summary = page.get_by_role("alert")
        expect(summary).to_contain_text("Please write your comment.")
        if scripts:
            expect(summary).to_be_focused()
        summary.get_by_role("link", name="Comment").click()
        page.get_by_label("Comment").fill("Better words.\nOn two lines.")
        page.get_by_role("button", name="Save the change").click()
        expect(page.locator(".reply-text")).to_have_text(re.compile("Better words"))
        expect(page.locator("#saved")).to_be_visible()
        assert page.url.partition("#")[0] == status

        page.get_by_role("link", name="Take it back").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Take your reply back?")
        page.get_by_role("link", name="No, leave it").click()
        expect(page.get_by_text("Your reply is awaiting moderation.")).to_be_visible()
        page.get_by_role("link", name="Take it back").click()
        page.get_by_role("button", name="Yes, take it back").click()
        expect(page.get_by_text("You have taken your reply back.")).to_be_visible()
        expect(page.get_by_text("Better words.")).to_have_count(0)
        assert page.url == status


@SCRIPTS
def test_an_author_asks_for_a_second_look_and_another_moderator_takes_it(
    newsroom: Running, browser: Browser, scripts: bool
) -> None:
    text = f"Looked at twice, {'with' if scripts else 'without'} scripts."
    with window(browser, scripts=scripts) as page:
        number = post(page, newsroom, text, f"twice-{scripts}@reader.example")
        newsroom.run(
            "from comments.models import Comment\n"
            "from django.contrib.auth.models import User\n"
            "first, _ = User.objects.get_or_create(username='first')\n"
            f"Comment.objects.get(pk={number}).reject(by=first, reason='Not about the piece.')"
        )
        page.reload()
        expect(page.get_by_text("Not about the piece.")).to_be_visible()
        page.get_by_label("What should the moderator know?").fill("It is about the piece.")
        page.get_by_role("button", name="Ask for a second look").click()
        expect(page.get_by_text("It is waiting for a moderator")).to_be_visible()

        with window(browser, scripts=scripts) as desk:
            log_in(desk, newsroom, "moderator")
            desk.goto(f"{newsroom.url}/admin/comments/comment/?second_look=waiting")
            row = desk.get_by_role("row").filter(has_text=text)
            expect(row).to_contain_text("Second look asked for")
            row.get_by_role("link", name=re.compile(r"\d\d:\d\d")).click()
            expect(desk.get_by_text("It is about the piece.")).to_be_visible()
            desk.get_by_label(re.compile("Reason")).fill("It is indeed.")
            desk.get_by_role("button", name="Approve", exact=True).click()
            expect(desk.get_by_text("1 reply decided.")).to_be_visible()

        page.reload()
        expect(page.get_by_text("the decision was reversed")).to_be_visible()
        expect(page.get_by_text("It is indeed.")).to_have_count(0)
        page.get_by_role("link", name="See it on the page").click()
        expect(page.locator("#comments").get_by_text(text)).to_be_visible()


def test_an_author_changes_a_reply_that_appeared_at_once(
    newsroom: Running, browser: Browser
) -> None:
    newsroom.run(
        "from comments.models import Policy\n"
        "policy = Policy.objects.current()\n"
        "policy.replies, policy.hold_first = 'open', 0\n"
        "policy.save()"
    )
    try:
        with window(browser) as page:
            page.goto(newsroom.url + PIECE)
            page.get_by_label("Comment").fill("The museum opens at ten on Sundays.")
            page.get_by_label("Name").fill("Ines")
            page.get_by_label("Email").fill("at-once@reader.example")
            page.wait_for_timeout(2100)  # whoever answers sooner is held
            page.get_by_role("button", name="Post Comment").click()
            expect(page).to_have_url(re.compile(r"#comment-\d+$"))
            reply = page.locator(".reply:target")
            reply.get_by_role("button", name="Change it or take it back").click()
            expect(page).to_have_url(re.compile("/comments/status/"))
            expect(page.get_by_text("Your reply is published.")).to_be_visible()
            page.get_by_label("Comment").fill("The museum opens at eleven on Sundays.")
            page.get_by_role("button", name="Save the change").click()
            page.get_by_role("link", name="See it on the page").click()
            expect(page.get_by_text("opens at eleven")).to_be_visible()
            expect(page.get_by_role("button", name="Change it or take it back")).to_have_count(0)
    finally:
        newsroom.run("from comments.models import Policy; Policy.objects.all().delete()")


def test_the_newsroom_answers_a_reader(newsroom: Running, browser: Browser) -> None:
    question, answer = "Where does this figure come from?", "From the ministry's own table."
    with window(browser) as page:
        number = post(page, newsroom, question, "question@reader.example")
        decide(newsroom, number, "approve")
        with window(browser) as desk:
            log_in(desk, newsroom, "moderator")
            desk.goto(f"{newsroom.url}/admin/comments/comment/{number}/change/")
            desk.get_by_role("link", name="Answer as the newsroom").click()
            expect(desk.get_by_role("heading", name="Answer Ines")).to_be_visible()
            desk.get_by_role("textbox", name="Answer").fill(answer)
            desk.get_by_role("button", name="Publish the answer").click()
            expect(desk.get_by_text("Your answer is published")).to_be_visible()
        page.goto(f"{newsroom.url}/comments/{number}/")
        expect(page.locator("#comments").get_by_text(answer)).to_be_visible()


def test_axe_finds_nothing_after_posting(newsroom: Running, browser: Browser) -> None:
    with window(browser, width=320) as page:
        number = post(page, newsroom, "Read by axe again.", "axe-after@reader.example")
        status = page.url
        page.goto(f"{status}taking-back/")
        found = violations(page)
        decide(newsroom, number, "reject", "Off topic.")
        page.goto(status)
        found += violations(page)
        page.get_by_label("What should the moderator know?").fill("me@reader.example")
        page.get_by_role("button", name="Ask for a second look").click()
        page.get_by_role("alert").wait_for()
        found += violations(page)
        with window(browser) as desk:
            log_in(desk, newsroom, "moderator")
            for path in (f"{number}/change/", "piece/1/?to=1"):
                desk.goto(f"{newsroom.url}/admin/comments/comment/{path}")
                found += violations(desk)
    assert found == []
