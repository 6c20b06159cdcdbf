"""Mail about replies as readers meet it: asked for, confirmed, ended, and a letter answered."""

import re
from email import message_from_string, policy
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, expect

from tests.running import Running
from tests.windows import log_in, violations_in_every_look, window

pytestmark = pytest.mark.browser

PIECE = "/articles/us-japan-alliance-pentagon-chief/"
# The question leaves six minutes after the reply.
SOONER = """
from django.utils import timezone
from comments.models import Mail
Mail.objects.waiting().update(due_at=timezone.now())
Mail.objects.wake_worker(at=timezone.now())
"""
BOTH = pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])


def mail_to(newsroom: Running, address: str, subject: str) -> EmailMessage:
    """The newest mail to this address; the worker writes them to files while there is no server."""
    found = newsroom.run(
        f"""
import pathlib, time
from django.conf import settings
deadline = time.monotonic() + 20
while time.monotonic() < deadline:
    files = sorted(settings.STATE.mail.glob("*.log"), key=lambda file: file.stat().st_mtime)
    mails = [mail for file in files for mail in file.read_text().split("-" * 79)]
    mails = [mail for mail in mails if {address!r} in mail and {subject!r} in mail]
    if mails:
        print(mails[-1].lstrip())
        break
    time.sleep(0.2)
"""
    )
    assert found.strip(), f"no mail to {address}"
    message = message_from_string(found, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def link_in(message: EmailMessage, kind: str) -> str:
    plain = message.get_body(("plain",))
    assert plain
    found = re.search(rf"http://\S+/comments/{kind}/\S+", plain.get_content())
    assert found
    return found[0]


@BOTH
def test_a_reader_asks_for_mail_confirms_it_and_ends_it(
    newsroom: Running, browser: Browser, scripts: bool
) -> None:
    address = f"notices-{'with' if scripts else 'without'}@reader.example"
    with window(browser, scripts=scripts) as page:
        page.goto(newsroom.url + PIECE)
        answers = page.get_by_label("Mail me about answers and what becomes of my reply")
        expect(answers).not_to_be_checked()
        answers.check()
        page.locator("#comment").fill(f"Mail me, please: scripts {scripts}.")
        page.locator("#author").fill("Ines")
        page.locator("#email").fill(address)
        page.get_by_role("button", name="Post Comment").click()
        expect(page).to_have_url(re.compile("/comments/status/"))

        newsroom.run(SOONER)
        page.goto(link_in(mail_to(newsroom, address, "Do you want mail"), "subscriptions"))
        expect(page.get_by_role("heading", name="Please confirm")).to_be_visible()
        if scripts:
            assert violations_in_every_look(page) == []
        page.get_by_role("button", name="Yes, mail me about these").click()
        expect(page.get_by_role("heading", name="You get mail about")).to_be_visible()
        expect(page.get_by_role("heading", name="Please confirm")).to_have_count(0)
        page.get_by_role("button", name=re.compile("^End ?: ")).click()
        expect(page.get_by_role("button", name=re.compile("^Begin again ?: "))).to_be_visible()
        page.get_by_role("button", name="End all mail").click()
        expect(page.get_by_text("You get no mail from us at all.")).to_be_visible()
        if scripts:
            assert violations_in_every_look(page) == []
        page.get_by_role("button", name="Allow mail again").click()
        expect(page.get_by_text("You get no mail from us at all.")).to_have_count(0)


@BOTH
def test_a_moderator_writes_to_a_reader_who_answers(
    newsroom: Running, browser: Browser, scripts: bool
) -> None:
    address = f"letters-{'with' if scripts else 'without'}@reader.example"
    number = newsroom.run(
        f"""
from articles.models import Article
from comments.models import Comment
from comments.posting import Draft
article = Article.objects.get(slug={PIECE.split("/")[2]!r})
draft = Draft(article=article, name="Ines", email={address!r}, text="For {address[:12]}.")
print(Comment.objects.submit(draft).comment.pk)
"""
    ).strip()
    with window(browser, scripts=scripts) as desk:
        log_in(desk, newsroom, "moderator")
        desk.goto(f"{newsroom.url}/admin/comments/comment/{number}/change/")
        desk.get_by_role("link", name="Write to the author").click()
        desk.get_by_label("Letter").fill("Where did you see it?")
        if scripts:
            assert violations_in_every_look(desk) == []
        desk.get_by_role("button", name="Send the letter").click()
        expect(desk.get_by_text("The letter is on its way.")).to_be_visible()
        assert address not in desk.content()

        letter = link_in(mail_to(newsroom, address, "A letter from"), "letters")
        with window(browser, scripts=scripts) as page:
            page.goto(letter)
            expect(page.get_by_text("Where did you see it?")).to_be_visible()
            page.get_by_role("button", name="Send the answer").click()
            expect(page.get_by_role("alert")).to_contain_text("Please write your answer.")
            if scripts:
                assert violations_in_every_look(page) == []
            page.get_by_role("textbox", name="Your answer").fill("In the harbour.")
            page.get_by_role("button", name="Send the answer").click()
            expect(page.get_by_text("You have answered.")).to_be_visible()
            if scripts:
                assert violations_in_every_look(page) == []

        desk.reload()
        expect(desk.get_by_text("In the harbour.")).to_be_visible()
