"""Where a picture is used, who may see its files when, and how it is withdrawn from every use."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db.models import ProtectedError
from django.utils import timezone

from articles.models import Article, Image, ImageChange, ImageUse
from articles.tests.factories import make_article, make_draft, make_page, make_section, make_staff
from articles.tests.pictures import figure, make_image, media_root, uses_of
from newsroom.append_only import RecordsAreFinal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_root")]
__all__ = ["media_root"]

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


# --- Uses --------------------------------------------------------------------------------------


def test_the_uses_of_a_piece_follow_its_lead_and_its_text():
    lead, body, other = make_image(), make_image(), make_image()
    article = make_draft(lead_image=lead, body=figure(body) + "<p>Text</p>" + figure(body))
    assert uses_of(article) == {(lead.token, "lead"), (body.token, "body")}
    article.body, article.lead_image = figure(lead) + figure(other), None
    article.save()
    assert uses_of(article) == {(lead.token, "body"), (other.token, "body")}
    article.body = "<p>Text</p>"
    article.save()
    assert uses_of(article) == set()


def test_the_uses_of_a_standing_page_follow_its_text():
    image = make_image()
    page = make_page(body=figure(image))
    assert uses_of(page) == {(image.token, "body")}
    page.body = "<p>Text</p>"
    page.save()
    assert uses_of(page) == set()


def test_a_restored_revision_brings_its_pictures_back(editor):
    first, second = make_image(), make_image()
    article = make_draft(lead_image=first, body=figure(first))
    article.record(by=editor)
    article.lead_image, article.body = second, "<p>None</p>"
    article.save()
    article.record(by=editor)
    article.restore_revision(1, by=editor)
    assert uses_of(article) == {(first.token, "lead"), (first.token, "body")}


@pytest.mark.parametrize("fields", [["headline"], ["status", "published_at"], ["version"]])
def test_what_changes_no_picture_asks_for_none(fields, django_assert_num_queries):
    article = make_draft(lead_image=make_image())
    with django_assert_num_queries(3) as asked:  # a savepoint around one
        article.save(update_fields=fields)
    assert "image" not in asked[1]["sql"].partition("SET")[2].replace("lead_image", "")


def test_only_a_part_of_a_piece_being_read_keeps_its_uses():
    image = make_image()
    make_draft(lead_image=image, body=figure(image))
    article = Article.objects.defer("body", "lead_image").get()
    article.headline = "New"
    article.save()
    assert len(uses_of(article)) == 2
    article = Article.objects.only("lead_image").get()
    article.lead_image = None
    article.save()
    assert uses_of(article) == {(image.token, "body")}


def test_what_is_no_picture_of_the_library_is_no_use():
    unknown = f"/media/{'0' * 32}-1-wide100.jpg"
    article = make_draft(body=f'<figure><img src="{unknown}" alt=""></figure><p>Text</p>')
    assert uses_of(article) == set()
    assert article.body_html == "<p>Text</p>"


def test_a_picture_in_use_is_not_deleted(editor, media_root):
    image = make_image()
    make_draft(lead_image=image)
    before = sorted(media_root.rglob("*"))
    with pytest.raises(ProtectedError):
        image.remove(by=editor)
    assert (Image.objects.count(), sorted(media_root.rglob("*"))) == (1, before)
    assert not ImageChange.objects.exists()


def test_a_deleted_picture_leaves_its_name_in_the_record_and_no_file(
    editor, media_root, django_capture_on_commit_callbacks
):
    image = make_image(name="Harbour", made=True)
    with django_capture_on_commit_callbacks(execute=True):
        image.remove(by=editor)
    assert not [path for path in media_root.rglob("*") if path.is_file() and "-2-" in path.name]
    assert not (media_root / image.master_name).exists()
    change = ImageChange.objects.get()
    assert (change.name, change.token, change.action, change.by) == (
        *("Harbour", image.token, "deleted", editor),
    )
    with pytest.raises(RecordsAreFinal):
        change.delete()


# --- Withdrawal --------------------------------------------------------------------------------


def test_a_withdrawn_picture_vanishes_from_every_use_at_once_and_comes_back(client, editor):
    image, stays = make_image(made=True), make_image(made=True)
    led = make_article(by=editor, lead_image=image, lead_alt="A boat")
    told = make_article(
        by=editor, body=f"<p>Before</p>{figure(image, caption='Boat')}<p>After</p>{figure(stays)}"
    )
    page = make_page(body=figure(image))
    paths = [led.get_absolute_url(), told.get_absolute_url(), page.get_absolute_url(), "/"]
    paths.append(led.section.get_absolute_url())
    before = {path: client.get(path).content.decode() for path in paths}
    assert all(image.token in text for text in before.values())
    files = [image.address(row) for row in image.renditions]
    assert {client.get(file).status_code for file in files} == {200}

    assert image.withdraw(by=editor, reason="The agency killed it.")
    for path in paths:
        assert image.token not in client.get(path).content.decode(), path
    text = client.get(told.get_absolute_url()).content.decode()
    assert "Before" in text and "After" in text and "Boat" not in text
    assert stays.token in text
    for file in files:
        answer = client.get(file)
        assert (answer.status_code, answer["Cache-Control"]) == (410, "no-store")
    assert client.get(stays.src).status_code == 200

    assert image.bring_back(by=editor)
    for path in paths:
        assert image.token in client.get(path).content.decode(), path
    assert {client.get(file).status_code for file in files} == {200}


def test_a_withdrawal_is_recorded_and_safe_to_repeat(editor):
    image = make_image()
    assert image.withdraw(by=editor, reason="Killed.")
    assert not Image.objects.get().withdraw(by=make_staff(), reason="Again.")
    image.refresh_from_db()
    assert (image.withdrawn_by, image.withdrawn_reason) == (editor, "Killed.")
    assert image.bring_back(by=editor, reason="They took it back.")
    assert not image.bring_back(by=editor)
    image.refresh_from_db()
    assert (image.withdrawn_at, image.withdrawn_by, image.withdrawn_reason) == (None, None, "")
    changes = ImageChange.objects.filter(token=image.token).order_by("pk")
    assert [(change.action, change.reason, change.by) for change in changes] == [
        ("withdrawn", "Killed.", editor),
        ("brought_back", "They took it back.", editor),
    ]


def test_a_piece_that_is_saved_again_stands_without_the_withdrawn_picture(editor):
    image = make_image()
    article = make_article(by=editor, body=figure(image) + "<p>Text</p>")
    image.withdraw(by=editor, reason="Killed.")
    article.refresh_from_db()
    article.headline = "New"
    article.save()
    assert article.body_html == "<p>Text</p>"
    assert image.token in article.body
    assert uses_of(article) == {(image.token, "body")}


def test_a_picture_withdrawn_while_a_piece_is_saved_does_not_stay_in_it(editor, monkeypatch):
    """The text was drawn with it, and it is gone before the uses are written."""
    image = make_image()
    article = make_draft()
    follow = ImageUse.objects.follow

    def late(user, written):
        image.withdraw(by=editor, reason="Killed.")
        follow(user, written)

    monkeypatch.setattr(ImageUse.objects, "follow", late)
    article.body = figure(image) + "<p>Text</p>"
    article.save()
    article.refresh_from_db()
    assert article.body_html == "<p>Text</p>"


def test_a_piece_with_pictures_stays_drawn_in_its_own_language(editor):
    image = make_image()
    table = "<table><tbody><tr><th>港</th></tr><tr><td>神戸</td></tr></tbody></table>"
    article = make_draft(language="ja", body=figure(image) + table)
    assert 'aria-label="表1: 港"' in article.body_html
    image.withdraw(by=editor, reason="Killed.")
    article.refresh_from_db()
    assert 'aria-label="表1: 港"' in article.body_html


def test_a_withdrawal_does_not_date_the_piece_anew(editor):
    image = make_image()
    article = make_article(by=editor, body=figure(image))
    before = Article.objects.values("updated_at", "changed_at", "version", "body").get()
    image.withdraw(by=editor, reason="Killed.")
    assert Article.objects.values("updated_at", "changed_at", "version", "body").get() == before
    assert article.revisions.count() == before["version"]


def test_the_focal_point_is_moved_on_record(editor):
    image = make_image()
    assert image.move_focus(20, 80, by=editor)
    assert not image.move_focus(20, 80, by=editor)
    change = ImageChange.objects.get()
    assert (change.action, change.reason, change.by) == ("focused", "20 %, 80 %", editor)


# --- The gate ----------------------------------------------------------------------------------


def test_a_picture_speaks_from_the_moment_its_piece_does(client, editor):
    image = make_image(made=True)
    with time_machine.travel(NOON, tick=False) as clock:
        moment = NOON + timedelta(hours=1)
        make_article(by=editor, at=moment, lead_image=image)
        embargoed = make_image()
        make_article(by=editor, body=figure(embargoed), embargo_until=moment)
        files = [*(image.address(row) for row in image.renditions), embargoed.src]
        for seconds, status in [(0, 404), (3599, 404), (3600, 200), (7200, 200)]:
            clock.move_to(NOON + timedelta(seconds=seconds))
            assert {client.get(file).status_code for file in files} == {status}, seconds


@pytest.mark.parametrize("state", ["unused", "draft", "in review", "withdrawn", "taken out"])
def test_a_picture_of_what_is_not_public_is_not_found(client, editor, state):
    image = make_image()
    if state != "unused":
        article = make_draft(lead_image=image, body=figure(image))
    if state == "in review":
        article.submit_for_review(by=editor)
    if state in {"withdrawn", "taken out"}:
        article.publish(by=editor)
        assert client.get(image.src).status_code == 200
    if state == "withdrawn":
        article.withdraw(by=editor)
    if state == "taken out":
        article.lead_image, article.body = None, "<p>Text</p>"
        article.save()
    answer = client.get(image.src)
    assert (answer.status_code, answer["Cache-Control"]) == (404, "no-store")
    assert answer["Content-Type"] == "text/plain; charset=utf-8"


def test_a_picture_of_two_pieces_is_seen_as_long_as_one_is_public(client, editor):
    image = make_image()
    one, other = make_article(by=editor, lead_image=image), make_article(body=figure(image))
    one.withdraw(by=editor)
    assert client.get(image.src).status_code == 200
    other.withdraw(by=editor)
    assert client.get(image.src).status_code == 404


def test_a_picture_of_a_standing_page_is_public(client):
    image = make_image()
    make_page(body=figure(image))
    assert client.get(image.src).status_code == 200


@pytest.mark.parametrize(
    ("group", "status"), [("Reporters", 200), ("Editors", 200), ("Moderators", 404)]
)
def test_the_desk_sees_what_readers_do_not_yet(client, editor, group, status):
    image = make_image()
    client.force_login(make_staff(group))
    answer = client.get(image.src)
    assert answer.status_code == status
    assert "no-store" in answer["Cache-Control"]
    image.withdraw(by=editor, reason="Killed.")
    assert client.get(image.src).status_code == (200 if status == 200 else 410)


def test_whoever_holds_a_preview_link_sees_the_pictures_of_its_revision(client, editor):
    from articles.models import PreviewLink  # noqa: PLC0415
    from articles.preview_links import token_of  # noqa: PLC0415

    lead, body, other = make_image(), make_image(), make_image()
    article = make_draft(lead_image=lead, body=figure(body))
    link = PreviewLink.objects.create(
        revision=article.record(by=editor),
        made_by=editor,
        expires_at=timezone.now() + timedelta(days=1),
    )
    token = {"preview": token_of(link)}
    for image, status in [(lead, 200), (body, 200), (other, 404)]:
        answer = client.get(image.src, token)
        assert answer.status_code == status
        assert "no-store" in answer["Cache-Control"]
        assert client.get(image.src).status_code == 404
        assert client.get(image.src, {"preview": "forged:token"}).status_code == 404
    moved = lead.src.replace("-1-", "-7-")
    assert client.get(moved, token)["Location"].startswith(f"{lead.src}?preview=")
    body.withdraw(by=editor, reason="Killed.")
    assert client.get(body.src, token).status_code == 410


def test_a_public_picture_costs_one_query_and_no_cookie(client, editor, django_assert_num_queries):
    image = make_image()
    for _ in range(3):
        make_article(by=editor, lead_image=image, section=make_section())
    with django_assert_num_queries(1):
        answer = client.get(image.src)
    assert answer["Cache-Control"] == "public, max-age=600, s-maxage=0"
    assert (answer["Content-Type"], answer["Content-Length"]) == (
        "image/jpeg",
        str(len(answer.getvalue())),
    )
    assert not answer.cookies and "Vary" not in answer
    with django_assert_num_queries(1):
        again = client.get(image.src, headers={"if-none-match": answer["ETag"]})
    assert (again.status_code, again["Cache-Control"]) == (304, answer["Cache-Control"])
    with django_assert_num_queries(1):
        assert client.head(image.src)["Content-Length"] == answer["Content-Length"]


@pytest.mark.parametrize("status", [404, 410])
def test_a_picture_that_is_not_to_be_seen_costs_one_query(
    client, editor, django_assert_num_queries, status
):
    image = make_image()
    if status == 410:
        image.withdraw(by=editor, reason="Killed.")
    with django_assert_num_queries(1):
        assert client.get(image.src).status_code == status


def test_an_address_of_before_leads_to_what_replaced_it(client, editor):
    image = make_image(size=(900, 600))
    make_article(by=editor, lead_image=image)
    old = image.src
    image.move_focus(10, 10, by=editor)
    assert client.get(old).status_code == 200  # until the worker is done
    from articles import renditions  # noqa: PLC0415

    renditions.make(Image.objects.get())
    image.refresh_from_db()
    for asked, found in [
        (old, "wide900.jpg"),
        (old.replace("wide900.jpg", "card400.avif"), "card400.avif"),
        (old.replace("wide900", "wide5000"), "wide900.jpg"),
        (old.replace("wide900.jpg", "card1.png"), "card400.avif"),
    ]:
        answer = client.get(asked)
        assert (answer.status_code, answer["Location"]) == (
            302,
            f"/media/{image.token}-2-{found}",
        )
        assert client.get(answer["Location"]).status_code == 200


@pytest.mark.parametrize(
    "name", ["{0}-1-wide60.jpg", "{1}.jpg", "masters/{1}.jpg", "{1}-1-master60.jpg"]
)
def test_nothing_else_is_served(client, editor, name):
    image = make_image()
    make_article(by=editor, lead_image=image)
    client.force_login(editor)
    assert client.get(f"/media/{name.format('0' * 32, image.token)}").status_code == 404


def test_a_file_that_is_missing_is_not_found(client, editor, media_root):
    image = make_image()
    make_article(by=editor, lead_image=image)
    (media_root / image.file_name(image.renditions[0])).unlink()
    assert client.get(image.src).status_code == 404
