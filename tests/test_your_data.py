"""A reader sees what is kept of them, takes it away and has it erased, all in a browser."""

import json
import re
import time
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.running import Running
from tests.windows import violations_in_every_look, window

pytestmark = pytest.mark.browser

REPLIES = """
from django.contrib.auth.models import User
from articles.models import Article
from comments.models import Comment
from comments.tests.factories import make_comment
piece = Article.objects.published().earliest("pk")
first = make_comment(article=piece, email={email!r}, name="Hana", text="Rain, {number}.")
first.approve(by=User.objects.get(username="moderator"))
Comment.objects.filter(pk=first.pk).update(submitted_at="2026-01-01T12:00Z")
make_comment(article=piece, email={email!r}, name="Hana", text="Still waiting, {number}.")
"""


def mailed_link(newsroom: Running, address: str) -> str:
    """What the mail worker has mailed there, once it has."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for file in Path(newsroom.state / "mail").iterdir():
            mail = message_from_bytes(file.read_bytes(), policy=policy.default)
            body = mail.get_body(("plain",))
            text = body.get_content() if mail["To"] == address and body else ""
            if link := re.search(r"http\S+/comments/your-data/\S+", text):
                return link[0]
        time.sleep(0.1)
    raise AssertionError("no mail came")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_reader_sees_takes_away_and_erases_what_is_kept(
    newsroom: Running, browser: Browser, scripts: bool
) -> None:
    address = f"hana.{scripts}@reader.example".lower()
    number = int(scripts)  # no text stands twice
    newsroom.run(REPLIES.format(email=address, number=number))
    with window(browser, scripts=scripts) as page:
        page.goto(newsroom.url)
        page.get_by_role("contentinfo").get_by_role("link", name="Your data").click()
        page.get_by_label("Email").fill("no address")
        page.get_by_role("button", name="Mail me the link").click()
        expect(page.get_by_role("alert")).to_contain_text("Your request was not sent")
        page.get_by_label("Email").fill(address)
        page.get_by_role("button", name="Mail me the link").click()
        expect(page.get_by_role("heading", name="Look into your mailbox")).to_be_visible()
        assert page.url == f"{newsroom.url}/comments/your-data/asked/"
        assert address not in page.content()
        assert page.context.cookies() == []

        page.goto(mailed_link(newsroom, address))
        own = page.url
        expect(page.get_by_role("heading", name="2 replies")).to_be_visible()
        assert address not in page.content()
        if scripts:
            assert violations_in_every_look(page) == []
        with page.expect_download() as downloading:
            page.get_by_role("link", name="Download everything").click()
        data = json.loads(downloading.value.path().read_text())
        assert [reply["text"] for reply in data["replies"]][0] == f"Still waiting, {number}."

        page.get_by_role("link", name="What became of it").first.click()
        expect(page.get_by_text("awaiting moderation")).to_be_visible()
        page.goto(own)
        page.get_by_role("link", name="Erase this reply").first.click()
        expect(page.get_by_text("Nobody can undo this.")).to_be_visible()
        if scripts:
            assert violations_in_every_look(page) == []
        page.get_by_role("link", name="No, back to your data").click()
        expect(page.get_by_role("heading", name="2 replies")).to_be_visible()
        page.get_by_role("link", name="Erase this reply").first.click()
        page.get_by_role("button", name="Erase this reply").click()
        expect(page.get_by_role("heading", name="1 reply")).to_be_visible()
        expect(page.get_by_text(f"Still waiting, {number}.")).not_to_be_visible()

        page.get_by_role("link", name="Erase everything").click()
        page.get_by_role("button", name="Erase everything").click()
        expect(page.get_by_role("heading", name="Everything is erased")).to_be_visible()
        page.goto(own)
        expect(page.get_by_role("heading", name="This link has expired")).to_be_visible()
        if scripts:
            assert violations_in_every_look(page) == []
