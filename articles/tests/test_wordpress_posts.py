"""Posts of WordPress as they are here afterwards."""

from datetime import UTC, datetime

import pytest

from articles.models import (
    Article,
    FrontPlace,
    MoveReport,
    OldAddress,
    Revision,
    SearchEntry,
    StandingPage,
    StateChange,
)
from articles.tests.factories import make_article, make_section, make_staff
from articles.tests.importing import again, bring_in, piece, reasons
from articles.tests.wxr import author, export, item, wxr

pytestmark = pytest.mark.django_db


def test_a_published_post_keeps_its_words_date_and_slug(tmp_path):
    post = item(
        *(17, "Ferry to <em>run</em> &amp; stop"),
        text="<p>The ferry leaves.</p>",
        excerpt="It <b>leaves</b> at nine.",
        slug="ferry",
        at="2019-03-02 08:30:00",
        changed_at="2019-03-05 09:00:00",
    )
    done = bring_in(tmp_path, author("maud", "Maud Ellery"), post)
    found = piece(17)
    assert (found.headline, found.slug) == ("Ferry to run & stop", "ferry")
    assert (found.body, found.standfirst) == ("<p>The ferry leaves.</p>", "It leaves at nine.")
    assert found.published_at == found.created_at == datetime(2019, 3, 2, 8, 30, tzinfo=UTC)
    assert found.updated_at == datetime(2019, 3, 5, 9, tzinfo=UTC)
    assert found.is_public
    assert not found.was_modified
    assert "Tags were taken out of its title." in reasons(done)


def test_it_has_all_that_publishing_leaves(tmp_path):
    bring_in(tmp_path, item(17, text="<p>Seagulls everywhere.</p>"))
    found = piece(17)
    revision = Revision.objects.get(article=found)
    assert (revision.number, revision.status, found.version) == (1, "published", 1)
    assert revision.content["body"] == "<p>Seagulls everywhere.</p>"
    change = StateChange.objects.get(article=found)
    assert (change.from_status, change.to_status) == ("draft", "published")
    assert "seagulls" in SearchEntry.objects.get(article=found).body
    twin = make_article(
        headline=found.headline, body=found.body, at=found.published_at, standfirst=""
    )
    for name in ("headline", "standfirst", "names", "body"):
        assert getattr(twin.search_entry, name) in getattr(found.search_entry, name)


def test_what_it_recorded_is_what_it_is(tmp_path):
    """A verb that is used later finds nothing left over to record."""
    bring_in(tmp_path, item(17))
    found = piece(17)
    found.record(by=make_staff())
    assert found.revisions.count() == 1


@pytest.mark.parametrize(
    ("status", "expected", "changes"),
    [("draft", "draft", 0), ("pending", "in_review", 1), ("private", "draft", 0),
     ("pitch", "draft", 0)],
)  # fmt: skip
def test_what_was_not_published_is_not(tmp_path, status, expected, changes):
    bring_in(tmp_path, item(17, status=status))
    found = piece(17)
    assert (found.status, found.published_at) == (expected, None)
    assert found.state_changes.count() == changes
    assert found.revisions.get().status == expected
    assert not SearchEntry.objects.exists()


def test_a_passworded_post_is_a_draft_and_its_password_nowhere(tmp_path):
    bring_in(tmp_path, item(17, password="hunter2-secret"))
    found = piece(17)
    assert found.is_draft
    assert "password" in found.desk_notes
    for model in (Article, Revision):
        assert "hunter2" not in repr(list(model.objects.values()))


def test_a_scheduled_post_waits_for_its_moment(tmp_path, time_machine):
    time_machine.move_to(datetime(2024, 5, 1, tzinfo=UTC), tick=False)
    bring_in(tmp_path, item(17, status="future", at="2024-06-01 10:00:00"))
    found = piece(17)
    assert found.is_scheduled
    assert found.created_at == datetime(2024, 5, 1, tzinfo=UTC)
    assert SearchEntry.objects.filter(article=found).exists()


def test_trash_and_what_wordpress_made_itself_is_left_out_and_told(tmp_path):
    done = bring_in(
        tmp_path,
        *(item(1, status="trash"), item(2, status="auto-draft"), item(3)),
        *(item(4, type="nav_menu_item"), item(5, type="product"), item(6, type="product")),
    )
    assert Article.objects.count() == 1
    counts = done.reporting.counts
    assert counts["piece"]["found"] == 3
    assert (counts["piece"]["brought"], counts["piece"]["left_out"]) == (1, 2)
    assert counts["other"] == {"found": 3, "left_out": 3}
    told = done.reporting.report.notes.filter(kind="other").values_list("item", flat=True)
    assert set(told) == {"nav_menu_item", "product"}


def test_sticky_posts_stand_on_top_of_the_front_page_while_there_is_room(tmp_path):
    done = bring_in(tmp_path, *(item(number, sticky=1) for number in range(1, 9)))
    assert FrontPlace.objects.filter(section=None).count() == 6
    assert FrontPlace.objects.get(position=0).article == piece(1)
    assert sum("sticky" in why for why in reasons(done)) == 2


def test_closed_replies_stay_closed(tmp_path):
    bring_in(tmp_path, item(1, comments="closed"), item(2))
    assert (piece(1).replies, piece(2).replies) == ("closed", "")


def test_slugs_that_are_taken_or_no_slugs_are_told(tmp_path):
    make_article(slug="ferry")
    done = bring_in(
        tmp_path,
        item(1, slug="ferry"),
        item(2, "Ferry", slug="%e6%b8%af"),
        item(3, "港のニュース", slug="%e6%b8%af"),
        item(4, slug="pier"),
        item(5, slug="pier"),
    )
    slugs = [piece(number).slug for number in range(1, 6)]
    assert slugs == ["ferry-2", "ferry-3", "piece-3", "pier", "pier-2"]
    assert sum("slug" in why for why in reasons(done)) == 4


def test_texts_that_are_too_long_are_cut_and_kept_for_the_desk(tmp_path):
    done = bring_in(tmp_path, item(1, "word " * 50, excerpt="more " * 100))
    found = piece(1)
    assert len(found.headline) <= 160
    assert found.headline.endswith("word…")
    assert len(found.standfirst) <= 400
    assert ("word " * 50).strip() in found.desk_notes
    assert ("more " * 100).strip() in found.desk_notes
    assert len(reasons(done)) == 2


def test_a_text_that_is_too_long_for_one_piece_becomes_several(tmp_path):
    paragraph = f"<p>{'word ' * 400}</p>\n"
    bring_in(tmp_path, item(1, "Live", slug="live", text=paragraph * 120))
    first = piece(1)
    further = Article.objects.order_by("pk")[1:]
    assert [each.headline for each in further] == ["Live (2)", "Live (3)"]
    assert f'href="{further[0].get_absolute_url()}"' in first.body
    words = sum(each.body.count("word") for each in Article.objects.all())
    assert words == 400 * 120
    assert all(each.published_at == first.published_at for each in further)


def test_a_post_without_a_title_is_called_by_its_first_words(tmp_path):
    bring_in(tmp_path, item(1, "", text="<p>The harbour is full of boats.</p>"))
    assert piece(1).headline == "The harbour is full of boats."


def test_a_second_run_changes_nothing(tmp_path):
    file = export(tmp_path, [item(1), item(2, status="draft"), item(3, status="trash")])
    again([file])
    before = [list(model.objects.values()) for model in (Article, Revision, StateChange)]
    done = again([file])
    assert [list(model.objects.values()) for model in (Article, Revision, StateChange)] == before
    assert done.reporting.counts["piece"] == {"found": 3, "unchanged": 2, "left_out": 1}


def test_what_the_desk_has_changed_since_stays_and_what_the_old_site_has_is_told(tmp_path):
    again([export(tmp_path, [item(1, "Old")])])
    found = piece(1)
    found.headline = "Ours"
    found.save()
    done = again([export(tmp_path, [item(1, "New")])])
    found.refresh_from_db()
    assert found.headline == "Ours"
    assert reasons(done) == ["It was changed there since it moved in. What stands here was kept."]


def test_what_was_removed_here_does_not_come_back(tmp_path):
    file = export(tmp_path, [item(1, status="draft")])
    again([file])
    piece(1).delete()
    done = again([file])
    assert not Article.objects.exists()
    assert reasons(done) == ["It was removed here since it moved in."]


def test_several_files_of_one_export_belong_together(tmp_path):
    first = export(tmp_path, [author("maud", "Maud Ellery"), item(1, creator="maud")], "1.xml")
    second = export(tmp_path, [item(2, creator="maud"), item(1, creator="maud")], "2.xml")
    done = again([second, first])
    assert Article.objects.count() == 2
    assert {each.name for each in piece(2).authors.all()} == {"Maud Ellery"}
    assert done.reporting.counts["piece"] == {"found": 3, "brought": 2, "left_out": 1}


def test_links_between_posts_lead_to_where_they_are_now(tmp_path):
    text = '<p><a href="https://old.example/2024/05/two/#end">Two</a> <a href="/?p=2">and</a></p>'
    bring_in(tmp_path, item(1, text=text), item(2, slug="two"))
    assert 'href="/articles/two/#end"' in piece(1).body
    assert 'href="/articles/two/"' in piece(1).body


def test_old_addresses_are_remembered(tmp_path):
    bring_in(tmp_path, item(1, slug="now", meta={"_wp_old_slug": "before"}))
    kept = set(OldAddress.objects.filter(kind="piece").values_list("path", "target"))
    found = piece(1).pk
    assert kept == {("/2024/05/now", found), ("/2024/05/before", found)}


def test_pages_come_if_they_are_asked_for(tmp_path):
    file = export(
        tmp_path,
        [
            item(1, "About us", type="page", slug="about-us", position=3),
            item(2, "Archive", type="page", slug="archive", parent=1),
            item(3, "Secret", type="page", password="x"),
        ],
    )
    done = again([file])
    assert not StandingPage.objects.exists()
    assert done.reporting.counts["page"] == {"found": 3, "left_out": 3}
    done = again([file], pages=True)
    assert set(StandingPage.objects.values_list("slug", "position")) == {
        *{("about-us", 3), ("archive-2", 3)}
    }
    assert done.reporting.counts["page"]["brought"] == 2
    assert sum("below another page" in why for why in reasons(done, "page")) == 1
    assert again([file], pages=True).reporting.counts["page"]["unchanged"] == 2


def test_a_rehearsal_tells_the_same_and_keeps_nothing(tmp_path):
    make_section(name="Harbour", slug="harbour")
    parts = [
        author("maud", "Maud Ellery"),
        *(item(n, sticky=n % 2, terms=[("post_tag", f"t{n}", f"T{n}")]) for n in range(1, 20)),
        item(30, slug="post-1", terms=[("category", "harbour", "HARBOUR")], creator="nobody"),
        *(item(31, status="trash"), item(32, "About", type="page"), item(33, type="product")),
    ]
    file = export(tmp_path, parts)
    rehearsed = again([file], dry=True, pages=True)
    assert not Article.objects.exists()
    assert not MoveReport.objects.exists()
    done = again([file], pages=True)
    assert rehearsed.reporting.counts == done.reporting.counts
    assert done.reporting.counts["piece"]["brought"] == 20


def test_a_broken_file_is_brought_as_far_as_it_goes(tmp_path):
    whole = wxr(item(1), item(2))
    file = tmp_path / "broken.xml"
    file.write_text(whole[: whole.rindex("<wp:post_name>")], encoding="utf-8")
    done = again([file])
    assert Article.objects.count() == 1
    (error,) = done.broken
    assert (error.place.file, error.place.line > 5) == ("broken.xml", True)
    assert done.reporting.report.notes.filter(kind="other", why__contains="broken").count() == 1


def test_share_pictures_are_asked_for_once_and_the_hub_of_nothing(tmp_path, settings):
    from django_tasks_db.models import DBTaskResult  # noqa: PLC0415

    settings.WEBSUB_HUB = "https://hub.example/"
    bring_in(tmp_path, *(item(number) for number in range(1, 5)))
    names = [each.task_path for each in DBTaskResult.objects.all()]
    assert names == ["articles.tasks.make_share_images"]


def test_what_was_mended_of_a_post_is_told_of_it(tmp_path):
    broken = item(1, "Harbour", at="2024-05-01 10:00:00").replace(
        "<wp:post_date_gmt><![CDATA[2024-05-01 10:00:00]]>", "<wp:post_date_gmt><![CDATA[]]>"
    )
    done = bring_in(tmp_path, item(7), broken)
    notes = done.reporting.report.notes.filter(kind="piece", outcome="changed")
    assert set(notes.values_list("item", flat=True)) == {"Harbour"}
    assert done.reporting.counts["piece"]["brought"] == 2
