"""The reply form in a browser: where it stands, what it remembers, counts and shows."""

import json
import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.running import Running
from tests.windows import violations, window

pytestmark = pytest.mark.browser

MAKE = """
from articles.models import Article
from comments.tests.factories import make_approved
article = Article.objects.published().filter(language="en").order_by("pk")[1]
first = make_approved(article=article, name="Maud <E> Ellery", text="The first of two.")
second = make_approved(article=article, parent=first, name="Ines", text="W" * 900)
print(article.get_absolute_url(), first.pk, second.pk)
"""
FIELDS = {"author": "Hana W.", "email": "hana@reader.example", "url": "https://hana.example/"}


@pytest.fixture(scope="session")
def piece(newsroom: Running) -> tuple[str, str, str]:
    """The address of a piece, and the numbers of a reply to it and of an answer to that."""
    path, first, second = newsroom.run(MAKE).split()
    return newsroom.url + path, first, second


def fill(page: Page, text: str = "A reply.", **fields: str) -> None:
    for name, value in (FIELDS | fields | {"comment": text}).items():
        page.locator(f"#{name}").fill(value)


def reply_link(page: Page, number: str):
    return page.locator(f"#comment-{number}").get_by_role("link", name="Reply")


def test_the_form_moves_under_the_reply_one_answers_and_back(piece, browser: Browser) -> None:
    address, first, second = piece
    with window(browser) as page:
        page.goto(address)
        page.locator("#comment").fill("Typed before.")
        reply_link(page, first).focus()
        page.keyboard.press("Enter")
        form = page.get_by_role("region", name="Leave a Reply to Maud <E> Ellery")
        expect(page.locator(f"#comment-{first} + #respond")).to_be_visible()
        expect(form.locator("#comment")).to_be_focused()
        expect(form.locator("#comment")).to_have_value("Typed before.")
        expect(form.locator("#comment")).to_have_accessible_description(
            re.compile("Leave a Reply to Maud <E> Ellery")
        )
        expect(form.locator("#parent")).to_have_value(first)
        assert page.url == address
        assert not violations(page)

        reply_link(page, second).click()
        expect(page.locator(f"#comment-{second} + #respond #parent")).to_have_value(second)
        page.get_by_role("link", name="Reply to the piece instead").click()
        expect(reply_link(page, second)).to_be_focused()
        expect(page.get_by_role("heading", name="Leave a Reply", exact=True)).to_be_visible()
        expect(page.locator("#parent")).to_have_value("")
        expect(page.locator("#comment")).to_have_value("Typed before.")
        expect(page.locator("section.replies #respond")).to_have_count(0)
        expect(page.locator("#comment")).not_to_have_accessible_description(re.compile("Maud|Ines"))


def test_escape_takes_the_form_back_while_nothing_was_typed(piece, browser: Browser) -> None:
    address, first, _ = piece
    with window(browser) as page:
        page.goto(address)
        reply_link(page, first).click()
        page.keyboard.type("x")
        page.keyboard.press("Escape")
        expect(page.locator("#parent")).to_have_value(first)
        page.keyboard.press("Backspace")
        page.keyboard.press("Escape")
        expect(page.locator("#parent")).to_have_value("")
        expect(reply_link(page, first)).to_be_focused()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_a_refused_reply_still_answers_the_same_one(piece, browser: Browser, scripts) -> None:
    address, first, _ = piece
    with window(browser, scripts=scripts) as page:
        page.goto(address)
        reply_link(page, first).click()
        if not scripts:
            expect(page).to_have_url(re.compile(rf"reply_to={first}#respond$"))
        expect(page.locator("#respond-heading")).to_have_text("Leave a Reply to Maud <E> Ellery")
        fill(page, author="", text=f"Kept with scripts: {scripts}")
        page.get_by_role("button", name="Post Comment").click()
        expect(page.get_by_role("alert")).to_contain_text("Please give a name.")
        expect(page.locator("#respond-heading")).to_have_text("Leave a Reply to Maud <E> Ellery")
        expect(page.locator("#comment")).to_have_value(f"Kept with scripts: {scripts}")
        expect(page.locator("#parent")).to_have_value(first)
        expect(page.locator(f"#comment-{first} + #respond")).to_have_count(int(scripts))
        page.locator("#author").fill("Hana W.")
        page.get_by_role("button", name="Post Comment").click()
        expect(page).to_have_url(re.compile("/comments/status/"))


def test_without_scripts_nothing_is_offered_that_needs_them(piece, browser: Browser) -> None:
    with window(browser, scripts=False) as page:
        page.goto(piece[0])
        expect(page.locator("#remember, .preview, #comment-left")).to_have_count(0)
        expect(page.locator(".respond-cancel")).to_be_hidden()


def stored(page: Page) -> str | None:
    found: str | None = page.evaluate("localStorage.getItem('reply-sender')")
    return found


def test_the_browser_remembers_who_asked_for_it_and_nobody_else(piece, browser: Browser) -> None:
    address, _, _ = piece
    with window(browser) as page:
        page.goto(address)
        box = page.get_by_label("Remember me in this browser")
        expect(box).not_to_be_checked()
        fill(page, "Not to be remembered.")
        page.get_by_role("button", name="Post Comment").click()
        expect(page).to_have_url(re.compile("/comments/status/"))
        assert stored(page) is None

        page.goto(address)
        expect(page.locator("#author")).to_have_value("")
        fill(page, "To be remembered.", email="remembered@reader.example")
        box.check()
        assert stored(page) is None
        with page.expect_request(lambda request: request.method == "POST") as sent:
            page.get_by_role("button", name="Post Comment").click()
        assert "proof=&" in f"{sent.value.post_data}&"
        expect(page).to_have_url(re.compile("/comments/status/"))
        page.wait_for_load_state()
        token = page.url.rstrip("/").rpartition("/")[2]
        assert not page.context.cookies()

        page.goto(address)
        expect(page.locator("#author")).to_have_value("Hana W.")
        expect(page.locator("#email")).to_have_value("remembered@reader.example")
        expect(page.locator("#url")).to_have_value("https://hana.example/")
        expect(box).to_be_checked()
        expect(page.locator("#proof")).to_have_value("")
        page.locator("#comment").fill("")
        with page.expect_request(lambda request: request.method == "POST") as sent:
            page.get_by_role("button", name="Post Comment").click()
        assert f"proof={token}&" in f"{sent.value.post_data}&"

        expect(page.get_by_role("alert")).to_be_visible()
        box.uncheck()
        assert stored(page) is None
        page.goto(address)
        expect(page.locator("#author")).to_have_value("")
        expect(box).not_to_be_checked()


TURN_DOWN = """
from django.contrib.auth.models import User
from comments.status_address import comment_of
comment_of({!r}).reject(by=User.objects.get(username="moderator"))
"""


def test_the_proofs_are_of_the_latest_replies_that_were_not_turned_down(
    piece, browser: Browser, newsroom: Running
) -> None:
    with window(browser) as page:
        page.goto(piece[0])
        earlier = json.dumps({"author": "Ines", "proofs": ["a", "b", "c"]})
        page.evaluate("sender => localStorage.setItem('reply-sender', sender)", earlier)
        page.reload()
        fill(page, "Soon turned down.", email="turned-down@reader.example")
        page.get_by_role("button", name="Post Comment").click()
        expect(page).to_have_url(re.compile("/comments/status/"))
        page.wait_for_load_state()
        token = page.url.rstrip("/").rpartition("/")[2]
        assert json.loads(stored(page) or "")["proofs"] == [token, "a", "b"]
        page.reload()
        assert json.loads(stored(page) or "")["proofs"] == [token, "a", "b"]
        newsroom.run(TURN_DOWN.format(token))
        page.reload()
        assert json.loads(stored(page) or "")["proofs"] == ["a", "b"]


FORBIDDEN = "Object.defineProperty(window, 'localStorage', {get() { throw new Error('no') }})"
FULL = "Storage.prototype.setItem = () => { throw new Error('full') }"


@pytest.mark.parametrize(("storage", "boxes"), [(FORBIDDEN, 0), (FULL, 1)], ids=["none", "full"])
def test_a_browser_that_keeps_nothing_sends_the_reply_all_the_same(
    piece, browser: Browser, storage, boxes
) -> None:
    with window(browser) as page:
        page.add_init_script(storage)
        page.goto(piece[0])
        box = page.get_by_label("Remember me in this browser")
        expect(box).to_have_count(boxes)
        if boxes:
            box.check()
        fill(page, f"From a browser that keeps nothing {boxes}.", email=f"no{boxes}@r.example")
        page.get_by_role("button", name="Post Comment").click()
        expect(page).to_have_url(re.compile("/comments/status/"))


def test_the_counter_counts_as_the_site_does(piece, browser: Browser) -> None:
    with window(browser) as page:
        page.goto(piece[0])
        left, text = page.locator("#comment-left"), page.locator("#comment")
        said = page.locator("#respond .left-said")
        expect(left).to_have_text("Characters left: 5,000")
        text.fill("日本語\n👩🏽 " + "e\u0301")
        expect(left).to_have_text("Characters left: 4,992")
        expect(said).to_have_text("")
        text.fill("👍" * 4900)
        expect(left).to_have_text("Characters left: 100")
        expect(said).to_have_text("Characters left: 100")
        text.fill("👍" * 5001)
        expect(left).to_have_text("Characters too many: 1")
        page.get_by_role("button", name="Post Comment").click()
        expect(page.get_by_role("alert")).to_contain_text("5000")
        expect(text).to_have_value("👍" * 5001)


def test_the_preview_is_what_the_site_makes_of_the_text(piece, browser: Browser) -> None:
    with window(browser) as page:
        page.goto(piece[0])
        page.locator("#comment").fill("")
        page.get_by_text("Preview").click()
        seen = page.get_by_role("region", name="Preview")
        page.locator("#email").fill("hana@reader.example")
        typed = "A <b>bold</b> <img src=x onerror=alert(1)>word\n\nand www.example.org."
        with page.expect_request("**/comments/preview/") as asked:
            page.locator("#comment").fill(typed)
        assert "hana" not in (asked.value.post_data or "")
        expect(seen.locator("b")).to_have_text("bold")
        expect(seen.get_by_role("link")).to_have_attribute("href", "https://www.example.org/")
        expect(seen.locator("p")).to_have_count(2)
        expect(seen.locator("img")).to_have_count(0)
        assert not violations(page)
        page.locator("#comment").fill("<i></i>")
        expect(seen).to_have_text("Please write your comment.")
        page.route("**/comments/preview/", lambda route: route.abort())
        page.locator("#comment").fill("x")
        expect(seen).to_contain_text("can’t be shown")


def test_a_very_long_word_breaks_and_the_page_does_not(piece, browser: Browser) -> None:
    address, _, second = piece
    with window(browser) as page:
        page.set_viewport_size({"width": 320, "height": 700})
        page.goto(address)
        reply_link(page, second).click()
        page.get_by_text("Preview").click()
        page.locator("#comment").fill("https://example.org/" + "y" * 900)
        expect(page.get_by_role("region", name="Preview")).to_contain_text("yyy")
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


ASK_FOR_WORK = """
from django.contrib.auth.models import User
from comments.models import Policy
policy = Policy.objects.current()
policy.proof_of_work = {!r}
policy.adopt(by=User.objects.filter(is_superuser=False, is_staff=True).order_by("pk")[0])
"""
FINDINGS = """
from comments.models import Comment
reply = Comment.objects.get(body={!r})
print([finding.rule for finding in reply.findings.all()])
"""


def test_the_browser_solves_a_sum_while_the_site_asks_for_one(
    piece, browser: Browser, newsroom: Running
) -> None:
    newsroom.run(ASK_FOR_WORK.format("always"))
    try:
        with window(browser) as page:
            asked = []
            page.on("request", lambda request: asked.append(request.url))
            page.goto(piece[0])
            assert not [url for url in asked if "proof-of-work" in url or "challenge" in url]
            fill(page, "With a sum.", email="sum@reader.example")
            expect(page.locator("#work")).not_to_have_value("", timeout=20_000)
            page.get_by_role("button", name="Post Comment").click()
            expect(page).to_have_url(re.compile("/comments/status/"))
        with window(browser) as page:
            page.route("**/comments/challenge/", lambda route: route.abort())
            page.goto(piece[0])
            fill(page, "Without a sum.", email="no-sum@reader.example")
            page.get_by_role("button", name="Post Comment").click()
            expect(page).to_have_url(re.compile("/comments/status/"))
    finally:
        newsroom.run(ASK_FOR_WORK.format("attack"))
    with_sum = newsroom.run(FINDINGS.format("With a sum."))
    without_sum = newsroom.run(FINDINGS.format("Without a sum."))
    assert "no_proof_of_work" in without_sum
    assert "no_proof_of_work" not in with_sum
