"""Readers see what changed in a piece, and nothing of what was closed or erased."""

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.published_changes import ENTRIES
from articles.tests.factories import make_article, make_author, make_draft
from articles.tests.test_query_counts import FRAME
from newsroom.tests.browsing import dom, links, text_at, text_of
from newsroom.tests.clock import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

HOUR = timedelta(hours=1)


@pytest.fixture
def piece(editor):
    return make_article(by=editor, slug="bridge", body="<p>It opened on Monday.</p>")


@pytest.fixture
def save(editor, clock):
    def save(article, *, is_minor=False, **fields):
        """An hour later."""
        clock.shift(HOUR)
        for name, value in fields.items():
            setattr(article, name, value)
        article.save()
        return article.record(by=editor, is_minor=is_minor)

    return save


def changes(article):
    return f"/articles/{article.slug}/changes/"


def entries(response):
    assert response.status_code == 200
    return [text_of(each) for each in dom(response).iterfind(".//li[@class='timeline-entry']")]


def marked(response, tag):
    """What stands in `del` or `ins`, without the key to them."""
    found = dom(response).iterfind(f".//ol//{tag}")
    return [text_of(each).split(": ", 1)[1].rsplit(" (", 1)[0] for each in found]


# --- On the page of the piece ------------------------------------------------------------------


def test_a_piece_that_changed_says_when_and_leads_to_what(client, piece, save):
    assert changes(piece) not in links(client.get("/articles/bridge/"))
    save(piece, body="<p>It opened on Tuesday.</p>")
    response = client.get("/articles/bridge/")
    assert changes(piece) in links(response)
    assert "Changed 2 March 2026, 13:00 UTC – see what changed" in text_at(response)


def test_a_minor_change_is_not_told_on_the_page_of_the_piece(client, piece, save):
    save(piece, body="<p>It opend on Monday.</p>", is_minor=True)
    response = client.get("/articles/bridge/")
    assert changes(piece) not in links(response)
    assert "Changed" not in text_at(response)


def test_the_marker_costs_no_query(client, piece, save):
    with CaptureQueriesContext(connection) as before:
        client.get("/articles/bridge/")
    save(piece, body="<p>It opened on Tuesday.</p>")
    with CaptureQueriesContext(connection) as after:
        client.get("/articles/bridge/")
    assert len(after) == len(before)


# --- The page of changes -----------------------------------------------------------------------


def test_the_versions_stand_beside_each_other_newest_first(client, piece, save):
    save(piece, body="<p>It opened on Tuesday.</p>")
    save(piece, headline="The bridge is open", body="<p>It opened on Wednesday.</p>")
    newest, middle, first = entries(client.get(changes(piece)))
    assert newest.startswith("Changed 2 March 2026, 14:00 UTC")
    assert "Headline" in newest
    assert "Wednesday" in newest
    assert middle.startswith("Changed 2 March 2026, 13:00 UTC")
    assert "Headline" not in middle
    assert first == "Published 2 March 2026, 12:00 UTC"


def test_what_was_deleted_and_inserted_is_marked(client, piece, save):
    save(piece, body="<p>It opened on Tuesday.</p>")
    response = client.get(changes(piece))
    assert marked(response, "del") == ["Monday"]
    assert marked(response, "ins") == ["Tuesday"]


def test_every_part_that_readers_see_is_compared(client, piece, save, editor):
    piece.bylines.create(author=make_author("Tobias"))
    save(
        piece,
        headline="Other headline",
        standfirst="Other standfirst.",
        dateline="KYOTO",
        credit_line="AFP/JIJI",
        desk_notes="Nobody shall read this.",
    )
    response = client.get(changes(piece))
    text = text_at(response)
    for word in ("Other headline", "Other standfirst", "KYOTO", "AFP/JIJI", "Tobias"):
        assert word in text
    assert "Nobody" not in text


def test_what_readers_did_not_see_is_not_there(client, editor, save):
    piece = make_draft(body="<p>First draft.</p>")
    piece.record(by=editor)
    save(piece, body="<p>Second draft.</p>")
    piece.publish(by=editor, at=NOON + 9 * HOUR)
    save(piece, body="<p>Third draft.</p>")
    with time_machine.travel(NOON + 10 * HOUR):
        response = client.get(changes(piece))
        assert "draft" not in "".join(entries(response)).replace("First", "")
        assert len(entries(response)) == 1


def test_nobody_of_the_staff_is_named(client, piece, save, editor):
    save(piece, body="<p>It opened on Tuesday.</p>")
    assert editor.get_username() not in client.get(changes(piece)).content.decode()


def test_a_minor_change_is_folded(client, piece, save):
    save(piece, body="<p>It opened on Monday!</p>", is_minor=True)
    response = client.get(changes(piece))
    (summary,) = dom(response).iterfind(".//details/summary")
    assert text_of(summary).startswith("Minor change, 2 March 2026, 13:00")
    assert "Minor change" in entries(response)[0]


def test_changes_of_state_and_of_the_desks_notes_are_no_entries(client, piece, save, editor):
    save(piece, desk_notes="Checked.")
    piece.withdraw(by=editor)
    piece.bring_back(by=editor)
    assert len(entries(client.get(changes(piece)))) == 1


def test_a_correction_stands_among_the_changes(client, piece, save, editor, clock):
    clock.shift(HOUR)
    piece.correct(by=editor, kind="correction", text="It was on Tuesday, not Monday.")
    save(piece, body="<p>It opened on Tuesday.</p>")
    _changed, corrected, _published = entries(client.get(changes(piece)))
    assert corrected == "Correction, 2 March 2026, 13:00 UTC It was on Tuesday, not Monday."


def test_a_correction_that_was_taken_back_does_not(client, piece, editor):
    correction = piece.correct(by=editor, kind="correction", text="It was on Tuesday.")
    correction.take_back(by=editor, reason="It was Monday.")
    assert len(entries(client.get(changes(piece)))) == 1


def test_search_engines_do_not_list_the_page(client, piece):
    html = client.get(changes(piece)).content.decode()
    assert '<meta name="robots" content="noindex">' in html


# --- Where it is -------------------------------------------------------------------------------


def test_only_a_piece_that_readers_can_see_has_the_page(client, editor, clock):
    draft = make_draft()
    assert client.get(changes(draft)).status_code == 404
    draft.publish(by=editor, at=NOON + HOUR)
    clock.move_to(NOON + HOUR - timedelta(seconds=1))
    assert client.get(changes(draft)).status_code == 404
    clock.move_to(NOON + HOUR)
    assert client.get(changes(draft)).status_code == 200
    assert client.get("/articles/no-such-piece/changes/").status_code == 404


def test_the_changes_of_a_withdrawn_piece_are_gone_with_it(client, piece, save, editor):
    save(piece, body="<p>It opened on Tuesday.</p>")
    piece.withdraw(by=editor, reason="Wrong.")
    response = client.get(changes(piece))
    assert response.status_code == 410
    assert "Tuesday" not in response.content.decode()


def test_a_former_address_leads_to_the_new_one(client, piece, save):
    save(piece, slug="new-bridge")
    response = client.get("/articles/bridge/changes/?page=2")
    assert response.status_code == 301
    assert response["Location"] == "/articles/new-bridge/changes/?page=2"


@pytest.mark.parametrize("number", ["0", "-1", "99", "x", "1e9", "", "9" * 400])
def test_any_page_number_gives_a_page(client, piece, number):
    assert client.get(changes(piece), {"page": number}).status_code == 200


def test_old_changes_are_on_further_pages(client, piece, save):
    for number in range(ENTRIES):
        save(piece, body=f"<p>Version {number}.</p>")
    assert len(entries(client.get(changes(piece)))) == ENTRIES
    (last,) = entries(client.get(changes(piece), {"page": 2}))
    assert last.startswith("Published")


# The frame of every page, the piece, its revisions and corrections, the contents to compare.
QUERIES = FRAME + 4


@pytest.mark.parametrize("versions", [2, 30])
def test_the_number_of_queries_does_not_grow_with_the_changes(
    client, piece, save, versions, editor, django_assert_num_queries
):
    for number in range(versions):
        save(piece, body=f"<p>Version {number}.</p>")
        piece.correct(by=editor, kind="update", text="More is known.")
    with django_assert_num_queries(QUERIES):
        client.get(changes(piece))


# --- Closed and erased -------------------------------------------------------------------------

LIBEL = "<p>It opened on Monday, paid for with stolen money.</p>"


@pytest.fixture
def libel(piece, save):
    """The second of three versions."""
    save(piece, body=LIBEL)
    save(piece, body="<p>It opened on Tuesday.</p>")
    return piece.revisions.get(number=2)


@pytest.mark.parametrize(
    ("verb", "told"),
    [
        ("close", "This version is closed to readers: Legal"),
        ("erase", "What this version said was removed: Legal"),
    ],
)
def test_a_closed_version_is_named_with_its_reason_and_without_a_word_of_it(
    client, piece, libel, editor, verb, told
):
    assert "stolen" in text_at(client.get(changes(piece)))
    getattr(libel, verb)(by=editor, reason="Legal")
    response = client.get(changes(piece))
    assert "stolen" not in response.content.decode()
    newest, closed, _first = entries(response)
    assert closed == f"Version of 2 March 2026, 13:00 UTC {told}"
    assert "Compared with the version before the one that is closed" in newest
    assert marked(response, "del") == ["Monday"]
    assert marked(response, "ins") == ["Tuesday"]


def test_a_version_that_is_open_again_is_shown_again(client, piece, libel, editor):
    libel.close(by=editor, reason="Legal")
    libel.reopen(by=editor, reason="Settled")
    assert "stolen" in text_at(client.get(changes(piece)))


def test_words_of_a_closed_version_that_stand_in_an_open_one_are_public_there(
    client, piece, libel, save, editor
):
    save(piece, body="<p>It opened on Tuesday with stolen money.</p>")
    libel.close(by=editor, reason="Legal")
    assert marked(client.get(changes(piece)), "ins") == ["with stolen money", "Tuesday"]


def test_a_closed_first_version_is_compared_with_nothing(client, editor, save):
    piece = make_article(by=editor, body=LIBEL)
    save(piece, body="<p>It opened on Tuesday.</p>")
    piece.revisions.get(number=1).close(by=editor, reason="Legal")
    response = client.get(changes(piece))
    assert "stolen" not in response.content.decode()
    newest, closed = entries(response)
    assert "What it said before is closed to readers." in newest
    assert "Legal" in closed


def test_several_closed_versions_in_a_row_are_left_out_together(client, piece, libel, save, editor):
    save(piece, body=LIBEL.replace("Monday", "Wednesday"))
    save(piece, body="<p>It opened on Thursday.</p>")
    for number in (2, 4):
        piece.revisions.get(number=number).close(by=editor, reason=f"Reason {number}")
    response = client.get(changes(piece))
    assert "stolen" not in response.content.decode()
    assert "Wednesday" not in response.content.decode()
    assert marked(response, "del") == ["Tuesday", "Monday"]


def test_a_removed_libel_never_comes_back(client, piece, libel, save, editor):
    """However it came to be: published twice, with an earlier date, withdrawn and brought back."""
    save(piece, body=LIBEL)
    piece.withdraw(by=editor)
    piece.bring_back(by=editor)
    save(piece, body="<p>It opened on Thursday.</p>")
    libel.refresh_from_db()
    libel.erase(by=editor, reason="Court order")
    for page in (changes(piece), "/articles/bridge/"):
        assert "stolen" not in client.get(page).content.decode()
    for revision in piece.revisions.all():
        assert "stolen" not in str(revision.content)
