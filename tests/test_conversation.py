"""A conversation in a newsroom that runs as it does for its users, with its own mail worker and a
mail server: in the browser, and afterwards in the bytes of its database."""

import re
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from newsroom.tests.mail import MailServer, mail_server
from tests.leak.database_file import of_database
from tests.leak.findings import report
from tests.leak.scanner import Leak, Scanner, Secret
from tests.running import FirstStart, Running, manage
from tests.test_whole_way import PIECE, approve, fill_reply
from tests.windows import window

pytestmark = pytest.mark.browser

WAYS = {True: "with scripts", False: "without scripts"}
ASKERS = {True: "Canary.k7q2x9w4@leak-test.example", False: "Linnet.p5r8s3d6@song-test.example"}
ANSWERERS = {
    True: "Toucan.b4n8t1v6@else-test.example",
    False: "Plover.c6m2f9z1@nest-test.example",
}

READER = "Siskin.d9r4w7k2@field-test.example"  # who asks for the data kept of him

# The mails that wait are due now; the worker is woken, and sends them.
SEND_NOW = """
from django.utils import timezone
from comments.models import Mail
from comments.tasks import send_due_mail
Mail.objects.waiting().update(due_at=timezone.now())
send_due_mail.enqueue()
"""
# What came in can't be taken back any more; until then nobody is mailed a link to their data.
LONG_AGO = """
from datetime import timedelta
from django.db.models import F
from comments.models import Comment
Comment.objects.update(submitted_at=F("submitted_at") - timedelta(hours=1))
"""


@pytest.fixture(scope="module")
def server() -> Iterator[MailServer]:
    with mail_server() as server:
        yield server


@pytest.fixture(scope="module")
def newsroom(
    tmp_path_factory: pytest.TempPathFactory, first_start: FirstStart, server: MailServer
) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("conversation")
    with first_start.again(folder, SMTP_URL=server.url, LOG_LEVEL="DEBUG") as started:
        yield started


def wait_until(happened: Callable[[], object]) -> None:
    deadline = time.monotonic() + 30
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def mailed_to(server: MailServer, address: str, subject: str) -> list[str]:
    """The plain texts of the mails to this address, each of which went to it alone."""
    found = [message for to, message in server.received if to == [address]]
    texts = [message.get_body(("plain",)) for message in found if subject in message["Subject"]]
    return [text.get_content() for text in texts if text]


def link_in(text: str, kind: str) -> str:
    found = re.search(rf"http://\S+/comments/{kind}/\S*", text)
    assert found, text
    return found[0]


def post(page: Page) -> None:
    page.get_by_role("button", name="Post Comment").click()
    expect(page).to_have_url(re.compile("/comments/status/"))
    expect(page.get_by_text("Your reply is awaiting moderation.")).to_be_visible()


@pytest.mark.parametrize("scripts", WAYS, ids=list(WAYS.values()))
def test_a_reply_is_changed_let_out_answered_and_its_author_is_mailed_until_it_ends(
    newsroom: Running, server: MailServer, browser: Browser, scripts: bool
) -> None:
    asker, answerer = ASKERS[scripts], ANSWERERS[scripts]
    first = f"What is known so far, {WAYS[scripts]}?"
    changed, answer = first.replace("so far", "by now"), f"Nothing yet, {WAYS[scripts]}."
    with window(browser, scripts=scripts) as page:
        page.goto(newsroom.url + PIECE)
        fill_reply(page, text=first, name="Hanabi", email=asker)
        page.get_by_label("Mail me about answers and what becomes of my reply").check()
        post(page)
        page.get_by_label("Comment").fill(changed)
        page.get_by_role("button", name="Save the change").click()
        expect(page.locator(".reply-text").get_by_text(changed)).to_be_visible()
        status = page.url

        newsroom.run(SEND_NOW)
        wait_until(lambda: mailed_to(server, asker, "Do you want mail"))
        page.goto(link_in(mailed_to(server, asker, "Do you want mail")[0], "subscriptions"))
        page.get_by_role("button", name="Yes, mail me about these").click()
        expect(page.get_by_role("heading", name="You get mail about")).to_be_visible()

        with window(browser, scripts=scripts) as desk:
            approve(desk, newsroom, changed)
        newsroom.run(SEND_NOW)
        wait_until(lambda: mailed_to(server, asker, "is published"))
        page.goto(status)
        expect(page.get_by_text("Your reply is published.")).to_be_visible()

        with window(browser, scripts=scripts) as other:
            other.goto(newsroom.url + PIECE)
            theirs = other.get_by_role("article").filter(has_text=changed)
            theirs.get_by_role("link", name=re.compile("^Reply")).click()
            expect(other.get_by_role("heading", name="Leave a Reply to Hanabi")).to_be_visible()
            fill_reply(other, text=answer, name="Stranger", email=answerer)
            post(other)
        with window(browser, scripts=scripts) as desk:
            approve(desk, newsroom, answer)
        assert mailed_to(server, asker, "An answer to your reply") == []
        newsroom.run(SEND_NOW)
        wait_until(lambda: mailed_to(server, asker, "An answer to your reply"))
        [text] = mailed_to(server, asker, "An answer to your reply")
        assert "Stranger has answered your reply" in text
        page.goto(link_in(text, r"\d+"))
        expect(page.locator("#comments").get_by_text(answer)).to_be_visible()

        page.goto(link_in(text, "subscriptions"))
        page.get_by_role("button", name="End all mail").click()
        expect(page.get_by_text("You get no mail from us at all.")).to_be_visible()
        assert asker not in page.content()


def test_afterwards_no_address_stands_in_the_files_of_the_database_nor_in_the_log(
    newsroom: Running, server: MailServer, browser: Browser
) -> None:
    """After a reply, failing forms, a question for one's data, and new keys as well."""
    asker = READER
    with window(browser) as page:
        page.goto(newsroom.url + PIECE)
        fill_reply(page, text="How long is this kept?", name="Siskin", email=asker)
        post(page)
        page.goto(newsroom.url + PIECE)
        page.get_by_label("Email").fill(asker)
        page.get_by_label("Name").fill(asker)
        page.get_by_role("button", name="Post Comment").click()
        expect(page.get_by_role("alert")).to_contain_text("This would publish your email address.")
        newsroom.run(LONG_AGO)
        page.goto(f"{newsroom.url}/comments/your-data/")
        page.get_by_label("Email").fill(asker)
        page.get_by_role("button", name="Mail me the link").click()
        expect(page.get_by_role("heading", name="Look into your mailbox")).to_be_visible()
        wait_until(lambda: mailed_to(server, asker, "Your data at"))
        page.goto(link_in(mailed_to(server, asker, "Your data at")[0], "your-data"))
        expect(page.get_by_role("link", name="Download everything (JSON)")).to_be_visible()
    assert leaks_in(newsroom) == []
    key = newsroom.state / "keys" / "address-private.pem"
    told = manage(newsroom, "rotate_keys", others={"ADDRESS_PRIVATE_KEY_FILE": str(key)})
    assert "New keys are in place" in told
    leaks = leaks_in(newsroom)
    assert not leaks, report(leaks)
    assert {to for recipients, _ in server.received for to in recipients} <= {*known()}


def known() -> list[str]:
    """Those who asked for mail. Answerers did not."""
    return [READER, *ASKERS.values()]


def leaks_in(newsroom: Running) -> list[Leak]:
    everybody = [*known(), *ANSWERERS.values()]
    scanner = Scanner([Secret.address(address, address) for address in everybody])
    files = dict(of_database(newsroom.state / "db.sqlite3"))
    assert {"db.sqlite3", "db.sqlite3-wal"} <= set(files)
    # What the process said of its start, its requests and its tasks.
    files["the log"] = newsroom.printed.encode()
    return [leak for where, data in files.items() for leak in scanner.leaks(where, data)]
