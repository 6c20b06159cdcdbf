"""Readers report a reply in a browser, and learn what became of it."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.running import Running
from tests.windows import violations_in_every_look, window

pytestmark = pytest.mark.browser

REPLIES = """
from django.contrib.auth.models import User
from articles.tests.factories import make_article
from comments.models import Policy
from comments.status_address import status_url
from comments.tests.factories import make_comment
moderator = User.objects.get(username="moderator")
piece = make_article(by=User.objects.get(username="editor"), replies="held")
Policy.objects.get_or_create(pk=1)
reply, own = (make_comment(article=piece, name=name) for name in ("Ken", "Hana"))
for each in (reply, own):
    each.approve(by=moderator)
print(piece.get_absolute_url(), reply.pk, status_url(own))
"""
OF_REPLY = """
from comments.models import Comment
reply = Comment.objects.get(pk={number})
print(*sorted(each.reader for each in reply.reports.all()))
"""
REJECT = """
from django.contrib.auth.models import User
from comments.models import Comment
Comment.objects.get(pk={number}).reject(by=User.objects.get(username="moderator"))
"""
REMEMBERED = "([name, proof]) => localStorage.setItem(name, JSON.stringify({proofs: [proof]}))"


def link_of(page: Page, name: str) -> Locator:
    return page.get_by_role("link", name=re.compile(f"^Report ?: {name}$"))


def report(page: Page, reason: str) -> None:
    link_of(page, "Ken").click()
    expect(page.get_by_role("heading", name="Report a reply")).to_be_visible()
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("alert")).to_contain_text("Your report was not sent")
    page.get_by_role("link", name="What is wrong with it?").click()
    page.get_by_label(reason).check()
    page.get_by_role("button", name="Send the report").click()
    page.wait_for_url(re.compile("/comments/reports/"))
    expect(page.locator(".state")).to_have_text("Thank you. Your report waits for a moderator.")


def test_readers_report_a_reply_and_learn_the_outcome(newsroom: Running, browser: Browser) -> None:
    piece, number, status = newsroom.run(REPLIES).split()
    with window(browser, scripts=False) as stranger:
        stranger.goto(newsroom.url + piece)
        report(stranger, "It is advertising or spam")
        with window(browser, width=360) as known:
            known.goto(newsroom.url + piece)
            known.evaluate(REMEMBERED, ["reply-sender", status.split("/")[-2]])
            report(known, "It insults or threatens somebody")
            assert violations_in_every_look(known) == []
        assert newsroom.run(OF_REPLY.format(number=number)).split() == ["anybody", "known"]
        newsroom.run(REJECT.format(number=number))
        stranger.reload()
        expect(stranger.locator(".state")).to_contain_text("and took it away. Thank you.")
        stranger.goto(newsroom.url + piece)
        expect(link_of(stranger, "Ken")).to_have_count(0)
        expect(link_of(stranger, "Hana")).to_have_count(1)
