"""The command that brings a WordPress site in: posts with their replies."""

import gzip
import io
import json
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from articles.models import Article, Moved, MoveReport, OldSite, Revision, StateChange
from articles.tests.factories import make_staff
from articles.tests.wxr import SITE, author, export, item, reply, wxr
from bench.moving_in import Size, write_export
from comments.models import Comment, Commenter, Decision

pytestmark = pytest.mark.django_db


SHARED = Path(__file__).parents[3] / "shared" / "data" / "wordpress"


@pytest.fixture(autouse=True)
def by():
    return make_staff(username="chief", is_superuser=True)


def run(*given, **options):
    out, error = io.StringIO(), io.StringIO()
    call_command("import_wordpress", *map(str, given), stdout=out, stderr=error, **options)
    return out.getvalue()


PARTS = [
    author("maud", "Maud Ellery"),
    item(
        1,
        slug="ferry",
        replies=[reply(12, parent=11), reply(11, approved="0"), reply(13, approved="spam")],
    ),
    item(2, status="trash", replies=[reply(21)]),
]


def test_posts_come_with_their_replies_and_old_addresses_lead_to_them(tmp_path, by):
    run(export(tmp_path, PARTS))
    piece = Article.objects.get()
    assert piece.begun_by == by
    assert set(piece.comments.values_list("status", flat=True)) == {"approved", "held", "spam"}
    response = Client().get("/2024/05/ferry/")
    assert (response.status_code, response["Location"]) == (301, "/articles/ferry/")
    assert Client().get("/?p=1")["Location"] == "/articles/ferry/"


def test_the_report_counts_each_kind_and_names_no_address(tmp_path):
    told = run(export(tmp_path, PARTS), report=tmp_path / "report.html")
    counts = MoveReport.objects.get().counts
    assert counts["piece"] == {"found": 2, "brought": 1, "left_out": 1}
    assert counts["reply"]["found"] == 4
    assert counts["reply"]["brought"] == 3
    assert counts["reply"]["left_out"] == 1
    page = (tmp_path / "report.html").read_text()
    assert "In the trash" in page or "trash" in page
    for text in (told, page, json.dumps(counts)):
        assert "reader.example" not in text
        assert "203.0.113.9" not in text


def test_found_is_what_was_brought_was_there_and_was_left_out(tmp_path):
    file = export(tmp_path, PARTS)
    for _time in range(2):
        run(file)
        for kind, of_kind in MoveReport.objects.order_by("-pk")[0].counts.items():
            parts = [of_kind.get(each, 0) for each in ("brought", "unchanged", "left_out")]
            assert of_kind["found"] == sum(parts), kind


def test_a_second_run_changes_nothing(tmp_path):
    models = (Article, Revision, StateChange, Comment, Commenter, Decision, Moved, OldSite)
    file = export(tmp_path, PARTS)
    run(file)
    before = [list(model.objects.order_by("pk").values()) for model in models]
    run(file)
    assert [list(model.objects.order_by("pk").values()) for model in models] == before


def test_new_replies_of_a_later_export_are_added(tmp_path):
    run(export(tmp_path, PARTS))
    run(export(tmp_path, [item(1, slug="ferry", replies=[reply(11), reply(99, "Late.")])]))
    assert Comment.objects.filter(body="Late.").count() == 1
    assert Comment.objects.count() == 4


def test_it_reads_the_standard_input_and_compressed_files(tmp_path, monkeypatch):
    stream = io.TextIOWrapper(io.BytesIO(wxr(*PARTS).encode()))
    monkeypatch.setattr(sys, "stdin", stream)
    run("-")
    assert Article.objects.count() == 1
    file = tmp_path / "more.xml.gz"
    file.write_bytes(gzip.compress(wxr(item(3)).encode()))
    run(file)
    assert Article.objects.count() == 2


def test_a_rehearsal_tells_what_the_run_tells(tmp_path):
    file = export(tmp_path, PARTS)
    rehearsed = run(file, "--dry-run")
    models = (Article, Comment, Commenter, Moved, OldSite, MoveReport)
    assert not any(model.objects.exists() for model in models)
    assert "This was a rehearsal: nothing was kept." in rehearsed
    assert "movereport" not in rehearsed
    told = run(file)
    assert "movereport" in told
    table = [line for line in told.splitlines() if line.startswith(("posts", "replies"))]
    assert table
    for line in table:
        assert line in rehearsed


def test_a_broken_file_ends_with_an_error_that_names_line_and_item(tmp_path):
    file = tmp_path / "broken.xml"
    whole = wxr(item(1), item(2))
    file.write_text(whole[: whole.rindex("<wp:post_name>")])
    with pytest.raises(CommandError, match=r"broken\.xml, line \d+"):
        run(file)
    assert Article.objects.count() == 1


def test_a_broken_compressed_file_too(tmp_path):
    file = tmp_path / "broken.xml.gz"
    parts = [item(number, text=f"<p>{number * 7919}</p>" * 50) for number in range(200)]
    packed = gzip.compress(wxr(*parts).encode())
    file.write_bytes(packed[: len(packed) // 2])
    with pytest.raises(CommandError, match="compressed file is broken"):
        run(file)
    assert Article.objects.exists()


@pytest.mark.parametrize("content", [b"", b"No XML", b"<rss><channel></channel></rss>"])
def test_what_is_no_export_is_refused_and_changes_nothing(tmp_path, content):
    file = tmp_path / "none.xml"
    file.write_bytes(content)
    with pytest.raises(CommandError):
        run(file)
    assert not OldSite.objects.exists()
    assert not MoveReport.objects.exists()


def test_files_of_two_sites_are_refused(tmp_path):
    first = export(tmp_path, [item(1)], "1.xml")
    second = export(tmp_path, [item(2)], "2.xml", site="https://other.example")
    with pytest.raises(CommandError, match="two sites"):
        run(first, second)
    assert not Article.objects.exists()


def test_wrong_options_are_told(tmp_path, by):
    file = export(tmp_path, [item(1)])
    for given, told in [
        ((file, "--by=nobody"), "nobody"),
        ((file, f"--uploads={tmp_path / 'none'}"), "no directory"),
        ((tmp_path / "none.xml",), "none.xml"),
        ((file, f"--report={tmp_path / 'none' / 'x.html'}"), "no directory"),
    ]:
        with pytest.raises(CommandError, match=told):
            run(*given)
    by.is_superuser = False
    by.save()
    with pytest.raises(CommandError, match="administrator"):
        run(file)
    assert not Article.objects.exists()


def test_the_reader_sees_the_piece_with_its_replies(tmp_path):
    run(export(tmp_path, PARTS))
    page = Client().get("/articles/ferry/").content.decode()
    assert "I agree." in page
    assert "Maud Ellery" in page
    assert SITE not in page


def test_the_export_that_is_measured_moves_in_whole(tmp_path):
    file = tmp_path / "export.xml"
    write_export(file, Size(posts=6, replies=30, megabytes=1))
    assert file.stat().st_size > 1024 * 1024
    run(file)
    counts = MoveReport.objects.get().counts
    assert counts["piece"] == {"found": 6, "brought": 6}
    assert counts["reply"] == {"found": 30, "brought": 30}
    assert Comment.objects.exclude(parent=None).exists()


@pytest.mark.parametrize("file", sorted(SHARED.glob("*.xml")), ids=lambda file: file.name)
def test_files_of_others_move_in_or_are_refused_with_a_reason(file):
    try:
        run(file, "--pages")
    except CommandError as error:
        assert file.name in str(error)
    for report in MoveReport.objects.all():
        for kind, of_kind in report.counts.items():
            parts = [of_kind.get(each, 0) for each in ("brought", "unchanged", "left_out")]
            assert of_kind.get("found", 0) == sum(parts), kind
