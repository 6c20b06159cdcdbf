"""What became of everything on a site that moved in: in the terminal, in the admin, as a file."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.importers.errors import Place
from articles.importers.wordpress.report_text import FIRST, summary, write_html
from articles.importers.wordpress.reporting import Reporting
from articles.importers.wordpress.tallies import lines, parts, tallies
from articles.models import MovedKind, MoveNote, MoveReport, OldSite, Outcome
from newsroom.tests.factories import make_staff

pytestmark = pytest.mark.django_db


def make_report(*, many: int = 3) -> MoveReport:
    site, _ = OldSite.objects.get_or_create(
        address="https://old.example.org", defaults={"name": "The Old Harbour"}
    )
    report = MoveReport.objects.create(
        site=site,
        by=User.objects.filter(username="chief").first() or make_staff("Editors", username="chief"),
        files=["first.xml", "second.xml"],
        ended_at=timezone.now() + timedelta(minutes=2),
    )
    with Reporting(report) as run:
        run.found(MovedKind.PIECE, 5)
        run.brought(MovedKind.PIECE, 3)
        run.unchanged(MovedKind.PIECE)
        run.left_out(MovedKind.PIECE, "Post 5", "It is a <revision>.", Place("first.xml", 17))
        run.changed(MovedKind.PIECE, "Post 2", "It had no slug.")
        run.found(MovedKind.REPLY, many)
        for number in range(many):
            run.changed(MovedKind.REPLY, f"Reply {number}", f"Reason {number % 2}")
        run.left_out(MovedKind.OTHER, "7 pingbacks", "They are no replies.", count=7)
    return report


@pytest.fixture
def editor(client: Client) -> Client:
    client.force_login(make_staff("Editors"))
    return client


def page_of(report: MoveReport) -> str:
    return reverse("admin:articles_movereport_change", args=[report.pk])


def test_all_that_was_met_is_counted_by_kinds():
    piece, reply, other = tallies(make_report())
    assert piece == (piece.__class__)(MovedKind.PIECE, 5, 3, 1, 1, 1)
    assert (reply.kind, reply.found, reply.changed) == (MovedKind.REPLY, 3, 3)
    assert (other.kind, other.left_out) == (MovedKind.OTHER, 7)


def test_what_was_left_out_comes_first_with_reasons_and_how_often():
    found = parts(make_report(many=5), first=2)
    assert [(part.outcome, part.kind, part.count) for part in found] == [
        (Outcome.LEFT_OUT, MovedKind.PIECE, 1),
        (Outcome.LEFT_OUT, MovedKind.OTHER, 1),
        (Outcome.CHANGED, MovedKind.PIECE, 1),
        (Outcome.CHANGED, MovedKind.REPLY, 5),
    ]
    replies = found[-1]
    assert replies.reasons == [("Reason 0", 3), ("Reason 1", 2)]
    assert [note.item for note in replies.notes] == ["Reply 0", "Reply 1"]
    assert (replies.is_cut, replies.more) == (True, 3)


def test_the_terminal_tells_counts_reasons_and_the_first_of_each():
    report = make_report(many=FIRST + 4)
    text = summary(report)
    assert text.splitlines()[1].split() == ["posts", "5", "3", "1", "1", "1"]
    assert "Post 5: It is a <revision>. (first.xml, line 17)" in text
    assert "12 × Reason 0" in text
    assert f"Reply {FIRST - 1}: " in text
    assert f"Reply {FIRST}: " not in text
    assert "… and 4 more" in text
    assert text.endswith(page_of(report))


def test_the_terminal_tells_of_a_run_that_found_nothing():
    report = MoveReport.objects.create(by=make_staff("Editors"))
    assert summary(report).startswith("kind  found")


def test_the_page_shows_every_line(editor):
    report = make_report()
    page = editor.get(page_of(report)).content.decode()
    for text in ("The Old Harbour", "first.xml, second.xml", "chief", "7 pingbacks", "Reply 2"):
        assert text in page
    assert "It is a &lt;revision&gt;." in page
    assert "first.xml, line 17" in page


def test_a_run_that_was_broken_off_says_so(editor):
    report = MoveReport.objects.create(by=make_staff("Editors"))
    page = editor.get(page_of(report)).content.decode()
    assert "It is still at work, or was broken off." in page
    assert "Nothing was found." in page


def test_what_the_page_has_no_room_for_stands_in_the_table(editor):
    report = make_report(many=120)
    page = editor.get(page_of(report)).content.decode()
    assert "20 more lines stand in the table" in page
    table = editor.get(reverse("admin:articles_movereport_table", args=[report.pk]))
    assert f'filename="move-{report.pk}.csv"' in table.headers["Content-Disposition"]
    text = b"".join(table.streaming_content).decode()
    rows = list(csv.reader(StringIO(text.removeprefix("\ufeff"))))
    assert rows[0] == ["outcome", "kind", "item", "why", "place"]
    assert len(rows) == 1 + 3 + 120
    assert rows[1] == ["left_out", "piece", "Post 5", "It is a <revision>.", "first.xml, line 17"]


def test_the_page_costs_the_same_however_much_there_is_to_tell(editor):
    costs = []
    for report in (make_report(), make_report(many=300)):
        with CaptureQueriesContext(connection) as queries:
            editor.get(page_of(report))
        costs.append(len(queries))
    assert costs[0] == costs[1] < 12
    with CaptureQueriesContext(connection) as queries:
        editor.get(reverse("admin:articles_movereport_changelist"))
    few = len(queries)
    for _more in range(5):
        make_report()
    with CaptureQueriesContext(connection) as queries:
        editor.get(reverse("admin:articles_movereport_changelist"))
    assert len(queries) == few


def test_lines_are_read_in_pieces_and_none_is_lost(monkeypatch):
    monkeypatch.setattr("articles.importers.wordpress.tallies.CHUNK", 7)
    report = make_report(many=30)
    assert len(list(lines(report))) == MoveNote.objects.filter(report=report).count()


def test_the_list_leads_to_each_run(editor):
    report = make_report()
    page = editor.get(reverse("admin:articles_movereport_changelist")).content.decode()
    assert page_of(report) in page
    assert "The Old Harbour" in page


@pytest.mark.parametrize("role", ["Reporters", "Moderators"])
def test_only_editors_see_it(client, role):
    report = make_report()
    client.force_login(make_staff(role))
    for page in (page_of(report), reverse("admin:articles_movereport_table", args=[report.pk])):
        assert client.get(page).status_code == 403


@pytest.mark.parametrize("number", ["999999", "0", "x", "1e3", "9" * 40])
def test_a_run_that_there_is_not_is_not_found(editor, number):
    address = reverse("admin:articles_movereport_changelist")
    assert editor.get(f"{address}{number}/change/").status_code == 404


def test_nothing_can_be_sent_to_a_report(editor):
    report = make_report()
    assert editor.post(page_of(report), {"post": "yes"}).status_code == 403
    assert MoveReport.objects.filter(pk=report.pk).exists()


def test_the_file_tells_everything_and_needs_nothing_else():
    file = StringIO()
    write_html(make_report(many=150), file)
    text = file.getvalue()
    assert text.startswith("<!doctype html>")
    assert text.count("<table>") == text.count("</table>") == 5
    assert "Reply 149" in text
    assert "It is a &lt;revision&gt;." in text
    for outside in ("<script", "<link", "src=", "href=", "style"):
        assert outside not in text
