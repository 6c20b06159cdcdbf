"""A moderator clears the queue with the keyboard alone, while another works in it."""

import json
import statistics
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.running import Running
from tests.windows import log_in, violations, window

pytestmark = pytest.mark.browser

QUEUE = "/admin/comments/queue/"
REPLIES = 100
AT_ONCE = 100  # milliseconds from the key to the next card

# So many held replies to a piece of their own, each by somebody else; and a second moderator.
MAKE = """
from datetime import timedelta
from django.contrib.auth.models import Group, User
from django.utils import timezone
from articles.models import Article, Section
from comments.models import Comment, Commenter, Decision
editor = User.objects.get(username="editor")
piece = Article.objects.create(headline={headline!r}, slug={slug!r}, language="en",
    standfirst="One sentence.", body="<p>Text.</p>", section=Section.objects.first())
piece.publish(by=editor)
now = timezone.now()
made = []
for number in range({count}):
    sender, _ = Commenter.objects.get_or_create(
        fingerprint=f"{{number:064d}}", defaults={{"sealed_address": b"x"}})
    body = f"What I think, {{number}}. " + "Words and words. " * 15
    made.append(Comment(article=piece, commenter=sender, name=f"Reader {{number}}", body=body,
        body_html=f"<p>{{body}}</p>", text_digest=f"{slug}{{number}}",
        submitted_at=now + timedelta(seconds=number)))
for each in made:
    each.save()
    Decision.objects.record(each, rule="newcomer", to="held")
if not User.objects.filter(username="maria").exists():
    maria = User.objects.create_user("maria", password={password!r}, is_staff=True)
    maria.groups.add(Group.objects.get(name="Moderators"))
print(piece.pk)
"""
STATES = """
import json
from comments.models import Comment
rows = Comment.objects.filter(article={article}, written_by=None).order_by("pk")
print(json.dumps(list(rows.values_list("status", flat=True))))
"""
# Notes when a key went down, and when after it another card took the focus and was drawn.
WATCH = """() => {
  window.moves = [];
  let down = null;
  addEventListener("keydown", (event) => { down ??= event.timeStamp; }, true);
  addEventListener("focusin", (event) => {
    if (down === null || !event.target.matches(".card")) return;
    const start = down;
    down = null;
    const focused = performance.now() - start;
    requestAnimationFrame(() => setTimeout(() => {
      window.moves.push([focused, performance.now() - start]);
    }));
  });
}"""
HAS_CARD = "() => document.activeElement.closest('.card, .queue-empty') !== null"


def make_replies(newsroom: Running, headline: str, count: int) -> int:
    """The piece to which there are so many held replies, and nobody else's."""
    code = MAKE.format(
        headline=headline,
        slug=headline.lower().replace(" ", "-"),
        count=count,
        password=newsroom.password,
    )
    return int(newsroom.run(code).split()[-1])


def states(newsroom: Running, article: int) -> list[str]:
    found: list[str] = json.loads(newsroom.run(STATES.format(article=article)))
    return found


@pytest.fixture
def moderator(newsroom: Running, browser: Browser) -> Iterator[Page]:
    with window(browser) as page:
        log_in(page, newsroom, "moderator")
        yield page


@pytest.fixture
def maria(newsroom: Running, browser: Browser, moderator: Page) -> Iterator[Page]:
    with window(browser) as page:
        yield page


def open_queue(page: Page, newsroom: Running, article: int) -> None:
    page.goto(f"{newsroom.url}{QUEUE}?article={article}")
    expect(page.get_by_role("button", name="Keys")).to_be_visible()


def name_at_hand(page: Page) -> str:
    name: str = page.evaluate(
        "() => document.activeElement.closest('.card').querySelector('.card-name').textContent"
    )
    return name.strip()


def said(page: Page):
    return page.locator("#queue-said")


def saved(page: Page) -> None:
    """Wait until the server has all that was done in the window."""
    expect(page.locator("#queue-work[data-saves]")).to_have_count(0, timeout=20_000)


def has_more(page: Page) -> bool:
    """Whether a card has the focus, once it is clear whether there is one."""
    page.wait_for_function(
        """() => {
          const { activeElement } = document;
          return !/are coming/.test(activeElement.textContent) || activeElement.matches(".card");
        }"""
    )
    return bool(page.evaluate("() => document.activeElement.matches('.card')"))


def approve_with_the_mouse(page: Page, name: str) -> None:
    card = page.locator(".card", has=page.get_by_role("heading", name=name, exact=True))
    card.get_by_role("button", name="Approve", exact=False).first.click()
    expect(said(page)).to_contain_text("Approved")
    saved(page)


def test_a_hundred_replies_are_cleared_with_the_keyboard_alone(
    newsroom: Running, moderator: Page, maria: Page, capsys: pytest.CaptureFixture[str]
) -> None:
    article = make_replies(newsroom, "A hundred replies", REPLIES)
    log_in(maria, newsroom, "maria")
    open_queue(moderator, newsroom, article)
    moderator.evaluate(WATCH)
    press = moderator.keyboard.press
    press("j")
    expected, undone, started = dict[str, str](), 0, time.monotonic()
    ways = [
        ("a", "approved"),
        ("s", "spam"),
        ("r1", "rejected"),
        ("f", "approved"),
        ("a", "approved"),
    ]
    while has_more(moderator):
        number = len(expected)
        name = name_at_hand(moderator)
        if number == 50:
            # She is quicker, and the page here hasn't heard of it yet.
            moderator.route("**/pulse/", lambda route: route.abort())
            open_queue(maria, newsroom, article)
            approve_with_the_mouse(maria, name)
            press("s")
            expect(said(moderator)).to_contain_text("maria approved it")
            expect(moderator.locator(".card.is-gone")).to_contain_text("maria approved it")
            moderator.unroute("**/pulse/")
            expected[name] = "approved"
            continue
        keys, expected[name] = ways[number % len(ways)]
        for key in keys:
            press(key)
        assert moderator.evaluate(HAS_CARD), f"after {keys} on {name} the focus was lost"
        if number % 20 == 7:
            press("u")
            assert name_at_hand(moderator) == name
            expect(said(moderator)).to_contain_text("Taken back")
            undone += 1
            press("a")
            expected[name] = "approved"
    expect(moderator.get_by_text("Nothing is left here.")).to_be_focused()
    saved(moderator)
    seconds = time.monotonic() - started
    expect(moderator.locator(".card:not([hidden], .is-gone)")).to_have_count(0)
    moves = moderator.evaluate("window.moves")
    focused, drawn = (statistics.median(column) for column in zip(*moves, strict=True))
    by_name = sorted(expected.items(), key=lambda each: int(each[0].split()[1]))
    assert states(newsroom, article) == [state for _name, state in by_name]
    assert len(expected) == REPLIES and undone == 5
    with capsys.disabled():
        print(
            f"\n{REPLIES} replies, 5 taken back, in {seconds:.1f} s: "
            f"{REPLIES * 60 / seconds:.0f} decisions a minute; from key to next card "
            f"{focused:.1f} ms, drawn after {drawn:.1f} ms (medians of {len(moves)})"
        )
    assert drawn < AT_ONCE


def test_two_moderators_see_each_other_and_nobody_decides_on_what_they_have_not_read(
    newsroom: Running, moderator: Page, maria: Page
) -> None:
    article = make_replies(newsroom, "Two at once", 5)
    log_in(maria, newsroom, "maria")
    open_queue(maria, newsroom, article)
    open_queue(moderator, newsroom, article)
    maria.keyboard.press("j")
    cards = moderator.locator(".card")
    expect(cards.nth(0).locator(".card-open")).to_have_text("maria has it open", timeout=15_000)
    # She takes a name out of the second, which steps back to be read again elsewhere.
    maria.keyboard.press("j")
    maria.keyboard.press("e")
    maria.get_by_label("Text *").fill("Without the name.")
    maria.keyboard.press("Control+Enter")
    expect(maria.locator(".card-text").nth(1)).to_have_text("Without the name.")
    expect(maria.locator(".card").nth(1)).to_be_focused()
    moderator.keyboard.press("j")
    moderator.keyboard.press("j")
    moderator.keyboard.press("a")
    second = cards.nth(1)
    expect(second.locator(".card-message")).to_contain_text("read it again")
    expect(second.locator(".card-text")).to_have_text("Without the name.")
    # What she decides while nobody here looks at it says so, and steps aside.
    maria.keyboard.press("k")
    maria.keyboard.press("s")
    gone = moderator.locator(".card.is-gone")
    expect(gone).to_contain_text("maria marked it as spam", timeout=15_000)
    expect(gone).to_have_count(0, timeout=15_000)
    saved(maria)
    assert states(newsroom, article)[:2] == ["spam", "held"]


def test_what_the_server_does_not_take_comes_back_and_the_keys_can_be_switched_off(
    newsroom: Running, moderator: Page
) -> None:
    article = make_replies(newsroom, "Bad weather", 4)
    open_queue(moderator, newsroom, article)
    press = moderator.keyboard.press
    press("j")
    first, name = moderator.locator(".card").first, name_at_hand(moderator)
    moderator.context.set_offline(True)
    press("a")
    expect(first.locator(".card-message")).to_contain_text("The server doesn't answer")
    expect(said(moderator)).to_contain_text("nothing was changed")
    moderator.context.set_offline(False)
    press("k")
    assert name_at_hand(moderator) == name
    # What is typed is no command, and Enter in the field of a reason approves nothing.
    press("r")
    moderator.get_by_label("In your own words").first.fill("as you see")
    press("Enter")
    expect(said(moderator)).to_contain_text("Rejected")
    press("r")
    press("Escape")
    expect(said(moderator)).to_be_empty()
    press("b")
    expect(moderator.get_by_label("is blocked", exact=False)).to_be_focused()
    form, bar = (moderator.locator(each).bounding_box() for each in (".change", "#queue-work"))
    assert form and bar and form["y"] + form["height"] <= bar["y"]  # nothing of it stands behind
    press("Escape")
    press("c")
    moderator.keyboard.type("a s f")
    expect(moderator.locator(".change textarea")).to_be_focused()
    moderator.keyboard.type("a s f")
    assert violations(moderator) == []
    press("Escape")
    expect(said(moderator)).to_contain_text("isn't saved")
    press("Escape")
    expect(moderator.locator(".change")).to_have_count(0)
    press("?")
    assert violations(moderator) == []
    moderator.get_by_label("Work with keys").uncheck()
    press("Escape")
    moderator.reload()
    expect(moderator.get_by_role("button", name="Keys")).to_be_visible()
    press("j")
    press("a")
    assert moderator.evaluate("() => document.activeElement === document.body")
    expect(moderator.locator(".card kbd").first).to_be_hidden()
    # With the mouse it works all the same.
    moderator.locator(".card").first.get_by_role("button", name="Spam").click()
    expect(said(moderator)).to_contain_text("Marked as spam")
    saved(moderator)
    assert states(newsroom, article) == ["rejected", "spam", "held", "held"]
