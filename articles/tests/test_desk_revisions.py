"""The pages about the versions of a piece: the list, two beside each other, restoring, closing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article, RevisionDecision, WorkingCopy
from articles.tests.factories import make_article, make_draft, make_staff, make_topic, save_version
from newsroom.tests.browsing import dom, fields_of, fill_in, links, text_at, text_of
from newsroom.tests.factories import make_superuser

pytestmark = pytest.mark.django_db

LIBEL = "<p>It opened on Monday, paid for with stolen money.</p>"


@pytest.fixture
def editor(client):
    """At the browser."""
    editor = make_staff("Editors")
    client.force_login(editor)
    return editor


def address(article, route=""):
    return f"/admin/articles/article/{article.pk}/revisions/{route}"


@pytest.fixture
def piece(editor):
    """Published; the second of three versions says what it should not."""
    article = make_article(by=editor, slug="bridge", body="<p>It opened on Monday.</p>")
    save_version(article, by=editor, body=LIBEL)
    save_version(article, by=editor, body="<p>It opened on Tuesday.</p>")
    return article


def rows(response):
    return [text_of(row) for row in dom(response).iterfind(".//tbody/tr")]


# --- The list ----------------------------------------------------------------------------------


def test_the_list_says_who_saved_what_and_when(client, editor):
    other = make_staff()
    article = make_draft(headline="One")
    article.record(by=other)
    save_version(article, by=editor, headline="Two", desk_notes="Call her.", note="After the call")
    article.submit_for_review(by=editor)
    submitted, second, first = rows(client.get(address(article)))
    assert other.get_username() in first
    assert "The first version" in first
    assert editor.get_username() in second
    assert "headline, notes for the desk" in second
    assert "“After the call”" in second
    assert "in review before: draft The state alone" in submitted


def test_the_list_tells_what_is_minor_closed_or_erased(client, editor, piece):
    save_version(piece, by=editor, body="<p>It opened on Tuesday!</p>", is_minor=True)
    piece.revisions.get(number=2).close(by=editor, reason="Legal")
    piece.revisions.get(number=1).erase(by=editor, reason="Court order")
    newest, _third, second, first = rows(client.get(address(piece)))
    assert "minor" in newest
    assert "closed to readers" in second
    assert "The version before it was erased." in second
    assert "erased Court order" in first


def test_a_piece_that_was_never_recorded_has_an_empty_list(client, editor):
    article = make_draft()
    assert "Nothing has been saved yet." in text_at(client.get(address(article)))
    assert client.get(address(article, "compare/")).status_code == 404


def test_what_was_typed_and_not_saved_is_folded_away(client, editor, piece):
    assert not dom(client.get(address(piece))).findall(".//details")
    WorkingCopy.objects.create(
        article=piece,
        by=make_staff(first_name="Maud"),
        based_on=2,
        fields={"headline": ["Half a thought"]},
        typed_at=timezone.now(),
    )
    (folded,) = dom(client.get(address(piece))).iterfind(".//details")
    assert "open" not in folded.attrib
    assert "on top of version 2: “Half a thought”" in text_of(folded)


def test_any_two_can_be_chosen_and_a_version_leads_to_what_it_changed(client, piece):
    response = client.get(address(piece))
    assert fields_of(response)["from"] == "2"
    assert fields_of(response)["to"] == "3"
    assert f"{address(piece, 'compare/')}?to=2" in links(response)


def count(client, url):
    with CaptureQueriesContext(connection) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


@pytest.mark.parametrize("url", ["", "compare/"])
def test_the_number_of_queries_does_not_grow_with_the_versions(client, editor, piece, url):
    client.get(address(piece, url))
    few = count(client, address(piece, url))
    for number in range(30):
        save_version(piece, by=make_staff(), body=f"<p>{number}</p>")
    assert count(client, address(piece, url)) == few
    assert len(rows(client.get(address(piece), {"page": 2}))) == 13


# --- Two beside each other ---------------------------------------------------------------------


def test_a_version_is_compared_with_the_one_before_it(client, piece):
    response = client.get(address(piece, "compare/"), {"to": 2})
    (inserted,) = dom(response).iterfind(".//ins")
    assert "paid for with stolen money" in text_of(inserted)
    assert "Version 1" in text_at(response)


def test_the_newest_is_compared_where_none_is_named(client, piece):
    response = client.get(address(piece, "compare/"))
    assert "Version 2" in text_at(response)
    assert "Version 3" in text_at(response)


def test_any_two_are_compared_in_every_field(client, editor):
    topic = make_topic()
    article = make_draft(headline="One")
    article.record(by=editor)
    article.topics.set([topic])
    save_version(
        article, by=editor, headline="Two", indexing="noindex", lead_alt="A dog", slug="other"
    )
    article.publish(by=editor)
    response = client.get(address(article, "compare/"), {"from": 1, "to": 3})
    fields = [text_of(each) for each in dom(response).iterfind(".//section/h2")]
    changed = {"State", "Headline", "Slug", "Topics", "Search engines", "Alternative text"}
    assert changed | {"Publication time"} <= set(fields)
    assert "The body." in text_at(response)  # with what stayed as it is, folded


def test_the_first_version_is_compared_with_nothing(client, piece):
    response = client.get(address(piece, "compare/"), {"to": 1})
    assert "Nothing before it" in text_at(response)
    assert dom(response).find(".//ins") is not None
    assert dom(response).find(".//del") is None


@pytest.mark.parametrize(
    "query", ["to=9", "to=x", "from=9&to=2", "to=-1", "to=²", f"to={'9' * 40}", "to=0"]
)
def test_a_version_that_is_not_there_is_not_found(client, piece, query):
    assert client.get(f"{address(piece, 'compare/')}?{query}").status_code == 404


def test_who_decided_what_about_a_version_stands_there(client, editor, piece):
    revision = piece.revisions.get(number=2)
    revision.close(by=editor, reason="Legal")
    revision.reopen(by=editor, reason="Settled")
    text = text_at(client.get(address(piece, "compare/"), {"to": 2}))
    assert f"Version 2: closed to readers by {editor.get_username()}" in text
    assert f"Version 2: open to readers again by {editor.get_username()}" in text
    assert "“Settled”" in text


def test_an_erased_version_shows_nothing_but_that(client, editor, piece):
    piece.revisions.get(number=2).erase(by=editor, reason="Court order")
    for query in ("to=2", "to=3", "from=1&to=3"):
        response = client.get(f"{address(piece, 'compare/')}?{query}")
        assert "stolen" not in response.content.decode()
    text = text_at(client.get(address(piece, "compare/"), {"to": 2}))
    assert "What it held was erased." in text
    assert "Court order" in text


# --- Restoring ---------------------------------------------------------------------------------


def test_restoring_asks_first_and_tells_what_it_changes(client, piece):
    response = client.get(address(piece, "2/restore/"))
    assert "Readers see it at once." in text_at(response)
    assert "stolen" in text_at(response)
    assert piece.revisions.count() == 3


def test_restoring_makes_a_new_version(client, piece):
    response = fill_in(client, address(piece, "1/restore/"))
    assert response.status_code == 302
    piece.refresh_from_db()
    assert piece.body == "<p>It opened on Monday.</p>"
    assert piece.revisions.count() == 4
    assert "Restored from revision 1." in rows(client.get(response["Location"]))[0]


def test_what_is_gone_and_who_is_at_work_is_told_before(client, editor):
    topic = make_topic()
    article = make_draft(topics=[topic])
    article.record(by=editor)
    save_version(article, by=editor, headline="Other")
    topic.delete()
    WorkingCopy.objects.begin(article, by=make_staff(first_name="Maud", last_name="Ellery"))
    text = text_at(client.get(address(article, "1/restore/")))
    assert "No longer there, and left out: Japan" in text
    assert "Maud Ellery has had the piece open since" in text
    done = fill_in(client, address(article, "1/restore/"))
    assert "so left out: Japan" in text_at(client.get(done["Location"]), ".//body")


def test_restoring_over_a_newer_version_is_refused_and_told(client, editor, piece):
    fields = fields_of(client.get(address(piece, "1/restore/")))
    save_version(piece, by=make_staff(), body="<p>By somebody else.</p>")
    response = client.post(address(piece, "1/restore/"), fields)
    assert response.status_code == 409
    assert "Somebody has saved this piece meanwhile." in text_at(response)
    assert "By somebody else." in text_at(response)
    assert Article.objects.get().body == "<p>By somebody else.</p>"
    assert client.post(address(piece, "1/restore/"), fields_of(response)).status_code == 302


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 30])
def test_a_forged_version_restores_nothing(client, piece, version):
    response = client.post(address(piece, "1/restore/"), {"version": version})
    assert response.status_code in {404, 409}
    assert piece.revisions.count() == 3


def test_an_erased_version_is_not_restored(client, editor, piece):
    piece.revisions.get(number=2).erase(by=editor, reason="Court order")
    assert "There is nothing to restore." in text_at(client.get(address(piece, "2/restore/")))
    response = client.post(address(piece, "2/restore/"), {"version": 3})
    assert response.status_code == 409
    assert piece.revisions.count() == 3


def test_restoring_a_closed_version_warns(client, editor, piece):
    piece.revisions.get(number=2).close(by=editor, reason="Legal")
    text = text_at(client.get(address(piece, "2/restore/")))
    assert "closed to readers: “Legal”. Restoring it shows its words again." in text


# --- Closing and erasing -----------------------------------------------------------------------


def test_closing_needs_a_reason(client, piece):
    response = fill_in(client, address(piece, "2/close/"), reason=" ")
    assert response.status_code == 200
    assert "This field is required." in text_at(response)
    assert not piece.revisions.filter(closed_at__isnull=False).exists()


def test_a_version_is_closed_and_opened_again(client, editor, piece):
    assert fill_in(client, address(piece, "2/close/"), reason="Legal").status_code == 302
    revision = piece.revisions.get(number=2)
    assert (revision.closed_by, revision.closed_reason) == (editor, "Legal")
    assert "stolen" not in client.get("/articles/bridge/changes/").content.decode()
    assert fill_in(client, address(piece, "2/reopen/"), reason="Settled").status_code == 302
    assert "stolen" in client.get("/articles/bridge/changes/").content.decode()
    assert RevisionDecision.objects.count() == 2


def test_versions_that_hold_the_same_words_are_offered_with_them(client, editor, piece):
    save_version(piece, by=editor, body=LIBEL.replace("Monday", "Sunday"))
    save_version(piece, by=editor, body="<p>It opened on Tuesday.</p>")
    response = client.get(address(piece, "2/close/"))
    offered = {
        each.get("value"): "checked" in each.attrib
        for each in dom(response).iter("input")
        if each.get("name") == "also"
    }
    assert offered == {"1": False, "4": True}
    assert "also says “… paid for with stolen …”" in text_at(response)
    client.post(address(piece, "2/close/"), {"reason": "Legal", "also": ["4"]})
    closed = piece.revisions.filter(closed_at__isnull=False).values_list("number", flat=True)
    assert sorted(closed) == [2, 4]


def test_nothing_more_is_erased_than_was_asked(client, editor, piece):
    save_version(piece, by=editor, body=LIBEL.replace("Monday", "Sunday"))
    save_version(piece, by=editor, body="<p>It opened on Tuesday.</p>")
    client.force_login(make_superuser())
    assert "also" not in fields_of(client.get(address(piece, "2/erase/")))
    assert fill_in(client, address(piece, "2/erase/"), reason="Court order").status_code == 302
    erased = piece.revisions.filter(erased_at__isnull=False).values_list("number", flat=True)
    assert list(erased) == [2]


@pytest.mark.parametrize("also", ["99", "x", "3"])
def test_other_versions_than_those_offered_are_refused(client, piece, also):
    response = client.post(address(piece, "2/close/"), {"reason": "Legal", "also": [also]})
    assert response.status_code == 200
    assert "Select a valid choice" in text_at(response)
    assert not piece.revisions.filter(closed_at__isnull=False).exists()


@pytest.mark.parametrize("verb", ["close", "erase"])
def test_how_the_piece_reads_now_is_kept(client, piece, verb):
    client.force_login(make_superuser())
    url = address(piece, f"3/{verb}/")
    assert "Change the piece first" in text_at(client.get(url))
    assert client.post(url, {"reason": "Legal"}).status_code == 409
    assert not RevisionDecision.objects.exists()


@pytest.mark.parametrize("route", ["2/reopen/", "9/close/", "9/restore/", f"{'9' * 30}/close/"])
def test_what_does_not_fit_changes_nothing(client, piece, route):
    assert client.post(address(piece, route), {"reason": "Legal"}).status_code in {404, 409}
    assert not RevisionDecision.objects.exists()


# --- Who may -----------------------------------------------------------------------------------

# What each may do with a piece in this state: see versions, restore, close and open, erase.
MAY = {
    ("Reporters", "draft"): {"see", "restore"},
    ("Reporters", "published"): {"see"},
    ("Editors", "draft"): {"see", "restore", "close"},
    ("Editors", "published"): {"see", "restore", "close"},
    ("Moderators", "published"): set(),
    ("superuser", "published"): {"see", "restore", "close", "erase"},
}
ROUTES = {
    "": "see",
    "compare/": "see",
    "1/restore/": "restore",
    "1/close/": "close",
    "1/reopen/": "close",
    "1/erase/": "erase",
}


@pytest.mark.parametrize(("role", "status"), MAY)
@pytest.mark.parametrize("route", ROUTES)
def test_each_role_does_what_is_its_to_do(client, role, status, route):
    by = make_staff("Editors")
    article = make_draft(headline="One")
    article.record(by=by)
    save_version(article, by=by, headline="Two", body="<p>Two.</p>")
    if status == "published":
        article.publish(by=by, at=timezone.now() - timedelta(hours=1))
    client.force_login(make_superuser() if role == "superuser" else make_staff(role))
    is_allowed = ROUTES[route] in MAY[role, status]
    answer = client.get(address(article, route))
    assert answer.status_code == (200 if is_allowed else 403)
    if ROUTES[route] != "see":
        answer = client.post(
            address(article, route), {"reason": "Because", "version": article.version}
        )
        fits = 409 if route == "1/reopen/" else 302
        assert answer.status_code == (fits if is_allowed else 403)
    if not is_allowed:
        article.refresh_from_db()
        assert article.headline == "Two"
        assert not RevisionDecision.objects.exists()


def test_a_page_offers_what_may_be_done(client, piece):
    compared = f"{address(piece, 'compare/')}?to=2"
    offered = {link for link in links(client.get(compared)) if "/revisions/" in link}
    assert address(piece, "2/close/") in offered
    assert address(piece, "2/restore/") in offered
    assert address(piece, "2/erase/") not in offered
    client.force_login(make_superuser())
    assert address(piece, "2/erase/") in links(client.get(compared))
    client.force_login(make_staff("Reporters"))
    forbidden = {address(piece, f"2/{verb}/") for verb in ("close", "restore", "erase")}
    assert not forbidden & set(links(client.get(compared)))
    assert not forbidden & set(links(client.get(address(piece))))
