"""The picture that stands for a piece without one, where its address is shared."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from django.core.files.storage import default_storage
from django.db import transaction
from django.test import TestCase
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from PIL import Image as Pillow

from articles import share_drawing, share_images, tasks
from articles.models import Article, ShareImage
from articles.share_words import words_of
from articles.tasks import make_share_image, make_share_images
from articles.tests.factories import make_article, make_draft, make_section, save_version
from articles.tests.pictures import make_image, media_root
from newsroom.models import SiteSettings
from newsroom.retrying import ATTEMPTS
from newsroom.tests.clock import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("media_root")]
__all__ = ["media_root"]


def waiting():
    """The tasks that make share pictures."""
    return DBTaskResult.objects.filter(task_path__contains="make_share_image").order_by("pk")


def work():
    """As the worker does: what waits is done, and what that leads to."""
    while waiting().exists():
        for row in waiting():
            row.delete()
            task = getattr(tasks, row.task_path.rpartition(".")[2])
            with TestCase.captureOnCommitCallbacks(execute=True):
                task.call(*row.args_kwargs["args"], **row.args_kwargs["kwargs"])


def shared(article):
    return ShareImage.objects.filter(article=article).first()


def files(folder):
    return sorted(path.name for path in folder.glob("*-share*")) if folder.exists() else []


# --- When one is made ----------------------------------------------------------------------------


def test_a_published_piece_without_a_picture_gets_one(client):
    article = make_article(headline="Ferry to run again")
    work()
    response = client.get(shared(article).src)
    picture = Pillow.open(io.BytesIO(b"".join(response)))
    assert (picture.format, picture.size) == ("PNG", (1200, 630))
    assert response["Content-Type"] == "image/png"
    assert response["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "public" in response["Cache-Control"]
    again = client.get(shared(article).src, headers={"if-none-match": response["ETag"]})
    assert again.status_code == 304


def test_a_draft_gets_none():
    make_draft()
    assert not waiting().exists()


def test_a_piece_with_a_picture_of_its_own_gets_none():
    make_article(lead_image=make_image())
    assert not waiting().exists()


def test_saving_it_as_it_is_makes_nothing_anew(editor):
    article = make_article(by=editor)
    work()
    save_version(article, by=editor, body="<p>Other words.</p>")
    assert not waiting().exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"headline": "Ferry sails on Monday"},
        {"published_at": datetime(2024, 2, 29, 12, tzinfo=UTC)},
        {"language": "ja"},
        {"section": "another"},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_it_is_made_anew_where_it_would_say_something_else(client, editor, media_root, changes):
    article = make_article(by=editor)
    work()
    before = shared(article)
    if "section" in changes:
        article.move_to(make_section(name="Sport"), by=editor)
    else:
        save_version(article, by=editor, **changes)
    work()
    after = shared(article)
    assert after.digest != before.digest
    assert files(media_root) == [after.file_name]
    moved = client.get(before.src)
    assert (moved.status_code, moved["Location"]) == (302, after.src)
    assert client.get(after.src).status_code == 200


def test_the_name_and_the_clock_of_the_site_are_followed_by_all_pictures():
    site = SiteSettings.objects.create(name="The Post")
    moment = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    first = make_article(at=moment - timedelta(days=400))
    second = make_article(at=moment - timedelta(days=365))
    work()
    for changes in ({"name": "The Times"}, {"time_zone": "Asia/Tokyo"}):
        before = {shared(first).digest, shared(second).digest}
        for name, value in changes.items():
            setattr(site, name, value)
        site.save()
        work()
        assert not before & {shared(first).digest, shared(second).digest}
    site.tagline = "World and local news"
    site.save()
    version = shared(first).version
    work()
    assert shared(first).version == version


def test_another_name_of_the_section_is_followed():
    section = make_section(name="World")
    article, other = make_article(section=section), make_article()
    work()
    before = shared(article).digest, shared(other).digest
    section.description = "Beyond the harbour"
    section.save()
    assert not waiting().exists()
    section.name = "Abroad"
    section.save()
    work()
    assert shared(article).digest != before[0]
    assert shared(other).digest == before[1]


def test_a_long_walk_is_done_in_parts_and_leaves_nothing_out(monkeypatch):
    monkeypatch.setattr(tasks, "LOOKED_AT", 3)
    monkeypatch.setattr(tasks, "MADE", 2)
    articles = [make_article() for _ in range(7)]
    waiting().delete()
    make_share_images.call()
    assert ShareImage.objects.count() == 2
    work()
    assert {each.article_id for each in ShareImage.objects.all()} == {a.pk for a in articles}


# --- When it is no longer wanted -----------------------------------------------------------------


def test_it_is_removed_once_the_piece_has_a_picture_of_its_own(client, editor, media_root):
    article = make_article(by=editor)
    work()
    src = shared(article).src
    save_version(article, by=editor, lead_image=make_image())
    work()
    assert shared(article) is None
    assert files(media_root) == []
    assert client.get(src).status_code == 404


def test_it_stands_in_for_a_picture_that_is_withdrawn(editor, media_root):
    image = make_image()
    article = make_article(by=editor, lead_image=image)
    image.withdraw(by=editor, reason="Not ours.")
    work()
    assert shared(article).is_made
    image.bring_back(by=editor)
    work()
    assert shared(article) is None
    assert files(media_root) == []


# --- Who may see it ------------------------------------------------------------------------------


def test_it_is_gone_while_the_piece_is_withdrawn(client, editor):
    article = make_article(by=editor)
    work()
    src = shared(article).src
    article.withdraw(by=editor)
    work()
    assert client.get(src).status_code == 410
    article.bring_back(by=editor)
    assert client.get(src).status_code == 200


def test_nobody_can_get_it_before_the_piece_is_out(client, editor, clock):
    article = make_draft(embargo_until=NOON + timedelta(hours=2))
    article.schedule(by=editor, at=NOON + timedelta(hours=1))
    work()
    assert shared(article).is_made
    clock.move_to(NOON + timedelta(hours=2) - timedelta(seconds=1))
    assert client.get(shared(article).src).status_code == 404
    clock.move_to(NOON + timedelta(hours=2))
    assert client.get(shared(article).src).status_code == 200
    article.withdraw(by=editor)
    assert client.get(shared(article).src).status_code == 410


def test_that_of_a_piece_nobody_saw_tells_nothing_of_it(client, editor):
    article = make_draft()
    article.schedule(by=editor, at=timezone.now() + timedelta(hours=1))
    work()
    article.withdraw(by=editor)
    assert client.get(shared(article).src).status_code == 404


@pytest.mark.parametrize("name", ["0" * 32 + "-1-share1200.png", "0" * 32 + "-0-share1200.png"])
def test_no_other_name_leads_to_one(client, name):
    make_article()
    work()
    assert client.get(f"/media/{name}").status_code == 404


def test_one_that_is_not_made_yet_is_not_there(client):
    article = make_article()
    share = ShareImage.objects.create(article=article)
    assert client.get(share.src).status_code == 404


# --- The worker ----------------------------------------------------------------------------------


def test_the_task_commits_with_the_piece(editor):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        make_article(by=editor)
        assert waiting().exists()
        raise ZeroDivisionError
    assert not waiting().exists()


def test_a_piece_that_is_no_more_needs_none():
    make_share_image.call(999_999)
    assert not ShareImage.objects.exists()


def test_of_two_workers_the_one_who_read_last_wins(editor, media_root, monkeypatch):
    """The headline changes after the slower one has drawn, and the quicker one is done first."""
    article = make_article(by=editor)
    waiting().delete()
    draw = share_drawing.draw

    def meanwhile(words):
        monkeypatch.setattr(share_images, "draw", draw)
        save_version(Article.objects.get(), by=editor, headline="The new headline")
        share_images.make(article.pk)
        return draw(words)

    monkeypatch.setattr(share_images, "draw", meanwhile)
    assert share_images.make(article.pk) is False
    assert (
        shared(article).digest
        == words_of(Article.objects.get(), SiteSettings.objects.current()).digest
    )
    assert files(media_root) == [shared(article).file_name]


def test_a_failure_leaves_nothing_and_is_tried_again(media_root, monkeypatch, clock):
    article = make_article()
    waiting().delete()

    def full(name, content):
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(default_storage, "save", full)
        make_share_image.call(article.pk)
        [again] = waiting()
        assert again.args_kwargs["args"] == [article.pk, 2]
        assert again.run_after == timezone.now() + timedelta(minutes=1)
        with pytest.raises(OSError, match="no space"):
            make_share_image.call(article.pk, ATTEMPTS)
    assert not shared(article).is_made
    work()
    assert files(media_root) == [shared(article).file_name]


def test_what_cannot_be_removed_is_left_over_and_the_new_one_is_shown(
    client, editor, media_root, monkeypatch
):
    article = make_article(by=editor)
    work()
    save_version(article, by=editor, headline="Another headline")

    def fails(name):
        raise OSError("no such host")

    with monkeypatch.context() as patch, TestCase.captureOnCommitCallbacks(execute=True):
        patch.setattr(default_storage, "delete", fails)
        share_images.make(article.pk)
    share = shared(Article.objects.get())
    assert share.version == 2
    assert share.file_name in files(media_root)
    assert client.get(share.src).status_code == 200
