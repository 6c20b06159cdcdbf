"""The list of pieces that the desk works from."""

from datetime import timedelta

import pytest
import time_machine

from articles.models import Article, WorkingCopy
from articles.tests.desk import LIST, edit
from articles.tests.factories import (
    make_article,
    make_author,
    make_draft,
    make_section,
    make_staff,
)
from newsroom.models import SiteSettings
from newsroom.tests.browsing import dom, links, text_at, text_of, the
from newsroom.tests.clock import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

HOUR = timedelta(hours=1)


def rows(client, query=""):
    response = client.get(f"{LIST}{query}")
    assert response.status_code == 200, response.get("Location")
    return [
        {
            cell.get("class", "").partition("field-")[2].split()[0]: text_of(cell)
            for cell in [*row.iter("td"), *row.iter("th")]
            if "field-" in cell.get("class", "")
        }
        for row in dom(response).iterfind(".//table[@id='result_list']/tbody/tr")
    ]


def listed(client, query=""):
    return [row["headline"] for row in rows(client, query)]


@pytest.fixture
def one_of_each(editor):
    """A piece in every state, named by it. The last was changed last."""
    states = ["draft", "in_review", "published", "scheduled", "withdrawn", "embargoed"]
    pieces = {}
    for minute, state in enumerate(states):
        with time_machine.travel(NOON + timedelta(minutes=minute), tick=False):
            piece = pieces[state] = make_draft(headline=state, begun_by=editor)
            if state == "in_review":
                piece.submit_for_review(by=editor)
            if state in {"published", "withdrawn"}:
                piece.publish(by=editor)
            if state == "withdrawn":
                piece.withdraw(by=editor, reason="Wrong.")
            if state == "scheduled":
                piece.publish(by=editor, at=NOON + 5 * HOUR)
            if state == "embargoed":
                Article.objects.filter(pk=piece.pk).update(embargo_until=NOON + 9 * HOUR)
                piece.refresh_from_db()
                piece.publish(by=editor)
    return pieces


@pytest.fixture
def later(clock):
    """A moment at which all of them have been made."""
    clock.move_to(NOON + HOUR)


@pytest.mark.usefixtures("later")
def test_the_list_begins_with_what_was_changed_last(desk, one_of_each):
    assert listed(desk) == list(reversed(one_of_each))


@pytest.mark.usefixtures("later")
@pytest.mark.parametrize(
    ("state", "found"),
    [
        ("draft", ["draft"]),
        ("in_review", ["in_review"]),
        ("published", ["published"]),
        ("scheduled", ["scheduled", "embargoed"]),
        ("embargoed", ["embargoed"]),
        ("withdrawn", ["withdrawn"]),
        ("nonsense", ["embargoed", "withdrawn", "scheduled", "published", "in_review", "draft"]),
    ],
)
def test_the_list_is_narrowed_to_a_state(desk, one_of_each, state, found):
    assert listed(desk, f"?state={state}") == found


@pytest.mark.usefixtures("later", "one_of_each")
def test_each_row_says_its_state_in_words(desk):
    states = {row["headline"]: row["state"] for row in rows(desk)}
    assert states == {
        "draft": "draft",
        "in_review": "in review",
        "published": "published",
        "scheduled": "scheduled",
        "withdrawn": "withdrawn",
        "embargoed": "scheduled embargo",
    }


@pytest.mark.usefixtures("later", "one_of_each")
def test_the_filter_says_how_many_wait_for_review_and_how_many_are_scheduled(desk):
    filters = text_at(desk.get(LIST), ".//*[@id='changelist-filter']")
    assert "waiting for review (1)" in filters
    assert "scheduled (2)" in filters


def test_what_is_scheduled_is_listed_by_the_clock_with_the_time_that_is_left(desk, editor, clock):
    SiteSettings.objects.create(time_zone="Asia/Tokyo")
    make_article(headline="Last", at=NOON + 30 * HOUR, by=editor)
    make_article(headline="Next", at=NOON + 2 * HOUR, by=editor)
    found = {row["headline"]: row["moment"] for row in rows(desk, "?state=scheduled")}
    assert list(found) == ["Next", "Last"]
    assert found["Next"].replace("\xa0", " ") == "2 Mar 2026, 23:00 in 2 hours"
    assert found["Last"].replace("\xa0", " ") == "4 Mar 2026, 03:00 in 1 day, 6 hours"
    clock.move_to(NOON + 2 * HOUR)
    assert listed(desk, "?state=scheduled") == ["Last"]
    assert listed(desk, "?state=published") == ["Next"]


def test_the_list_is_narrowed_to_a_section_and_an_author(desk):
    world, sport = make_section(name="World"), make_section(name="Sport")
    maud, tobias = make_author("Maud Ellery"), make_author("Tobias Renn")
    make_draft(headline="One", section=world, authors=[maud])
    make_draft(headline="Two", section=sport, authors=[maud, tobias])
    assert listed(desk, f"?section={sport.pk}") == ["Two"]
    assert set(listed(desk, f"?author={maud.pk}")) == {"One", "Two"}
    assert listed(desk, f"?author={maud.pk}&section={world.pk}") == ["One"]
    assert listed(desk, f"?author={tobias.pk}&state=in_review") == []


def test_the_menu_of_authors_keeps_what_else_was_chosen(desk):
    maud = make_author("Maud Ellery")
    make_draft(authors=[maud])
    page = desk.get(f"{LIST}?state=draft&q=head&author={maud.pk}")
    form = the(page, ".//form[@class='filter-menu']")
    kept = {each.get("name"): each.get("value") for each in form.iter("input")}
    assert kept == {"state": "draft", "q": "head"}
    assert text_of(the(page, ".//form[@class='filter-menu']//option[@selected]")) == "Maud Ellery"


def test_mine_is_what_i_have_begun_or_saved(client):
    me, other = make_staff("Reporters"), make_staff("Reporters")
    make_draft(headline="Begun", begun_by=me)
    saved, theirs = make_draft(headline="Saved"), make_draft(headline="Theirs", begun_by=other)
    theirs.record(by=other)
    for by in (me, other):
        saved.desk_notes += "Checked."
        saved.save()
        saved.record(by=by)
    client.force_login(me)
    assert set(listed(client, "?whose=mine")) == {"Begun", "Saved"}
    client.force_login(other)
    assert set(listed(client, "?whose=mine")) == {"Saved", "Theirs"}


@pytest.mark.parametrize(
    ("words", "is_found"),
    [
        ("ferry", True),
        ("FERRY", True),
        ("harb ferr", True),
        ("quay", True),
        ("old-slug", True),
        ("ellery", True),
        ("ellery ferry", True),
        ("ferry train", False),
        ("%", False),
        ("_", False),
        ("  ", True),
        ("'", False),
        ("x" * 3000, False),
        (" ".join(["ferry"] * 200), True),
    ],
)
def test_pieces_are_found_by_words(desk, words, is_found):
    make_draft(
        headline="The harbour ferry",
        standfirst="Seen from the quay.",
        slug="old-slug",
        authors=[make_author("Maud Ellery")],
    )
    make_draft(headline="Something else")
    found = desk.get(LIST, {"q": words})
    assert ("The harbour ferry" in text_at(found)) is is_found


def test_a_search_for_what_many_pieces_have_finds_them_all(desk, monkeypatch):
    monkeypatch.setattr("articles.admin.article_search.FEW", 2)
    for number in range(4):
        make_draft(headline=f"Ferry {number}")
    assert len(listed(desk, "?q=ferry")) == 4
    assert len(listed(desk, "?q=ferry&state=draft")) == 4
    assert listed(desk, "?q=ferry&state=in_review") == []


def test_who_is_at_work_in_a_piece_is_named(desk, editor, clock):
    reporter = make_staff("Reporters", username="ines")
    piece, other = make_draft(headline="Open"), make_draft(headline="Closed")
    for article, by in ((piece, reporter), (piece, editor), (piece, reporter), (other, reporter)):
        WorkingCopy.objects.create(article=article, by=by, reports=True)
    WorkingCopy.objects.get(article=other).leave()
    at_work = {row["headline"]: row["at_work"] for row in rows(desk)}
    assert at_work == {"Open": f"ines, {editor.username}", "Closed": ""}
    clock.shift(HOUR)
    assert {row["at_work"] for row in rows(desk)} == {""}


def test_the_byline_is_in_the_list(desk):
    make_draft(authors=[make_author("Maud Ellery"), make_author("Tobias Renn")])
    assert rows(desk)[0]["byline"] == "Maud Ellery, Tobias Renn"


@pytest.mark.parametrize(
    "query",
    [
        *("p=0", "p=-1", "p=x", "p=999", "p=" + "9" * 30, "o=99", "o=x", "e=1", "all=", "q=%00"),
        *("section=x", "section=999999999999999999999999", "author=%00", "author=-1", "whose=x"),
        *("state=%00", "state=draft&state=published", "section__id__exact=x", "nonsense=1"),
        *("status__exact=draft", "body__contains=x", "_facets=True", "_popup=1"),
    ],
)
def test_no_address_of_the_list_fails(desk, query):
    make_draft()
    assert desk.get(f"{LIST}?{query}").status_code in {200, 302, 400}


# --- What it costs -----------------------------------------------------------------------------

# The site, the session, the user and what the user may do (2); what waits and what is scheduled;
# sections and authors to choose from; how many pieces there are, which stand on the page, and
# what they are, with their bylines; who is at work; what this editor typed and did not save.
QUERIES = 14


def test_the_list_costs_the_same_however_many_pieces_there_are(
    desk, editor, django_assert_num_queries
):
    SiteSettings.objects.create()
    section, author = make_section(), make_author()
    queries = ["", "?p=2", "?state=published", f"?section={section.pk}", f"?author={author.pk}"]

    def add(number):
        for _ in range(number):
            piece = make_article(by=editor, begun_by=editor, section=section, authors=[author])
            WorkingCopy.objects.create(article=piece, by=editor)

    add(60)
    desk.get(LIST)
    for query in [*queries, "?whose=mine"]:
        with django_assert_num_queries(QUERIES, info=query) as asked:
            assert desk.get(LIST + query).status_code == 200
        lists = [each["sql"] for each in asked if 'FROM "articles_article"' in each["sql"]]
        assert lists and not [sql for sql in lists if '"articles_article"."body"' in sql], query
    add(70)
    for query in [*queries, "?whose=mine"]:
        with django_assert_num_queries(QUERIES, info=query):
            assert desk.get(LIST + query).status_code == 200


@pytest.mark.parametrize("words", ["headline", "nothing has this"])
def test_a_search_costs_the_same_however_many_pieces_there_are(
    desk, editor, django_assert_max_num_queries, words
):
    SiteSettings.objects.create()
    for _ in range(2):
        for _ in range(30):
            make_article(by=editor, authors=[make_author()])
        with django_assert_max_num_queries(QUERIES + 1):
            desk.get(LIST, {"q": words})


def test_the_last_page_holds_the_oldest(desk, editor, clock):
    for number in range(60):
        make_draft(headline=f"Piece {number}")
        clock.shift(timedelta(minutes=1))
    assert listed(desk) == [f"Piece {number}" for number in range(59, 9, -1)]
    assert listed(desk, "?p=2") == [f"Piece {number}" for number in range(9, -1, -1)]
    edit(desk, Article.objects.get(headline="Piece 0"), headline="Changed")
    assert listed(desk)[0] == "Changed"


def test_the_columns_sort_the_list(desk):
    for headline in ("B", "A", "C"):
        make_draft(headline=headline)
    sorting = [each for each in links(desk.get(LIST)) if each.startswith("?o=")]
    assert sorting
    assert listed(desk, "?o=1") == ["A", "B", "C"]
    assert listed(desk, "?o=-1") == ["C", "B", "A"]
