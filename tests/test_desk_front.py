"""An editor arranges the front page and decides on many pieces: played in a browser."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.running import Running
from tests.windows import log_in, violations, window

pytestmark = pytest.mark.browser

ARRANGE = "/admin/articles/frontplace/"
LIST = "/admin/articles/article/"

MAKE = """
from datetime import timedelta
from django.contrib.auth.models import User
from django.utils import timezone
from articles.models import Article, Section
editor = User.objects.get(username="editor")
section, _ = Section.objects.get_or_create(slug="harbour", defaults={"name": "Harbour"})
for number in range(%(number)d):
    piece = Article.objects.create(
        headline=f"%(name)s {number}", slug=f"%(slug)s-{number}", body="<p>The body.</p>",
        language="en", section=section,
    )
    if %(published)s:
        piece.publish(by=editor, at=timezone.now() - timedelta(days=900 + number))
    else:
        piece.submit_for_review(by=editor)
"""

UNDO = """
from articles.models import FrontPlace, Section
FrontPlace.objects.all().delete()
Section.objects.filter(slug="harbour").update(is_on_front=False)
"""


def make(newsroom: Running, name: str, number: int, *, published: bool) -> None:
    """Pieces of a section of their own, older than all of the demo's."""
    facts = {"name": name, "slug": name.lower(), "number": number, "published": published}
    newsroom.run(MAKE % facts)


@pytest.fixture
def arranged(newsroom: Running) -> Iterator[None]:
    """The front page is left as it was found."""
    yield
    newsroom.run(UNDO)


def place(page: Page, name: str, block: str = "First places") -> Locator:
    return page.get_by_role("region", name=block).get_by_role("group", name=name, exact=True)


def choose(page: Page, name: str, piece: str, block: str = "First places") -> None:
    select = place(page, name, block).get_by_label("Piece")
    value = select.locator("option", has_text=piece).get_attribute("value")
    select.select_option(value)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save the front page").click()
    expect(page.get_by_text("The front page is arranged so from now on.")).to_be_visible()


def lead(page: Page, newsroom: Running) -> str:
    page.goto(f"{newsroom.url}/")
    return page.locator(".front-lead .card-headline").inner_text()


@pytest.mark.usefixtures("arranged")
@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_an_editor_arranges_the_front_page_and_a_withdrawal_frees_the_lead(
    newsroom: Running, browser: Browser, scripts: bool
) -> None:
    name = "Quays" if scripts else "Piers"
    make(newsroom, name, 8, published=True)
    with window(browser, scripts=scripts) as page:
        before = lead(page, newsroom)
        log_in(page, newsroom, "editor")
        page.goto(newsroom.url + ARRANGE)
        page.get_by_label("More pieces to choose from:").fill(name)
        page.get_by_role("button", name="Search").click()
        expect(page.get_by_text("8 pieces found")).to_be_visible()
        choose(page, "Place 2", f"{name} 5")
        if scripts:
            page.get_by_role("button", name="Move up: Place 2").first.click()
            expect(page.get_by_role("button", name="Move down: Lead").first).to_be_focused()
        else:
            place(page, "Place 2").get_by_label("Number").fill("1")
        until = place(page, "Lead" if scripts else "Place 2")
        until.get_by_text("Only until").click()
        until.get_by_label("Date:").fill("2099-01-02")
        until.get_by_label("Time:").fill("09:30")
        page.get_by_label("Harbour has a block on the front page").check()
        save(page)
        expect(place(page, "Lead")).to_contain_text(f"{name} 5")
        expect(place(page, "Lead")).to_contain_text("until 2 January 2099, 09:30")
        choose(page, "Place 1", f"{name} 7", "Harbour")
        save(page)

        assert lead(page, newsroom) == f"{name} 5"
        block = page.get_by_role("region", name="Harbour")
        expect(block.get_by_role("heading", level=3).first).to_have_text(f"{name} 7")
        expect(page.get_by_role("heading", name=f"{name} 5")).to_have_count(1)

        withdraw(page, newsroom, f"{name} 5")
        assert lead(page, newsroom) == before


def withdraw(page: Page, newsroom: Running, headline: str) -> None:
    page.goto(f"{newsroom.url}{LIST}?q={headline.replace(' ', '+')}")
    row = page.get_by_role("row").filter(has_text=headline)
    row.get_by_role("checkbox").check()
    page.get_by_label("Action:").first.select_option(label="Withdraw …")
    page.get_by_role("button", name="Run").first.click()
    page.get_by_label("Reason for readers").fill("It was not so.")
    page.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_text("1 piece: done.")).to_be_visible()
    expect(row).to_contain_text("withdrawn")


def press_until_focused(page: Page, selector: str, *, most: int = 200) -> None:
    """Go on with the tab key until what `selector` names has the focus."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            return
    raise AssertionError(f"the tab key does not reach {selector}")


@pytest.mark.parametrize("width", [1280, 360])
def test_many_pieces_are_published_with_the_keyboard_alone(
    newsroom: Running, browser: Browser, width: int
) -> None:
    name = f"Tides{width}"
    make(newsroom, name, 3, published=False)
    with window(browser, width=width) as page:
        log_in(page, newsroom, "editor")
        page.goto(f"{newsroom.url}{LIST}?state=in_review&q={name}")
        press_until_focused(page, "select[name=action]")
        page.keyboard.type("Publish")
        for _ in range(2):
            press_until_focused(page, "input.action-select")
            page.keyboard.press("Space")
        page.locator("button[name=index]").first.focus()
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Publish these pieces")).to_be_visible()
        expect(page.get_by_role("heading", name="2 pieces")).to_be_visible()
        assert violations(page) == []
        press_until_focused(page, "input[type=submit]")
        page.keyboard.press("Enter")
        expect(page.get_by_text("2 pieces: done.")).to_be_visible()
        expect(page.get_by_role("row").filter(has_text=name)).to_have_count(1)
        page.goto(f"{newsroom.url}{LIST}?state=published&q={name}")
        expect(page.get_by_role("row").filter(has_text=re.compile(name))).to_have_count(2)


@pytest.mark.usefixtures("arranged")
def test_the_front_page_is_arranged_with_the_keyboard_alone(
    newsroom: Running, browser: Browser
) -> None:
    with window(browser) as page:
        log_in(page, newsroom, "editor")
        page.goto(newsroom.url + ARRANGE)
        press_until_focused(page, "#first li:nth-child(3) select")
        page.keyboard.press("ArrowDown")
        chosen = page.locator("#first li:nth-child(3) select option:checked").inner_text()
        press_until_focused(page, "#first li:nth-child(3) [data-move='-1']")
        page.keyboard.press("Enter")
        page.keyboard.press("Enter")
        assert page.locator("#first li:nth-child(1) select option:checked").inner_text() == chosen
        expect(page.locator("#front-moved")).to_have_text(f"{chosen}: Lead")
        press_until_focused(page, "[name=_save]", most=400)
        page.keyboard.press("Enter")
        expect(page.get_by_text("The front page is arranged so from now on.")).to_be_visible()
        assert lead(page, newsroom) == chosen.partition(" · ")[0]
