"""An editor chooses the pieces that are shown with a piece."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.models import Pin
from articles.tests.desk import LIST, page_of
from articles.tests.factories import make_article, make_draft, make_topic
from newsroom.tests.browsing import fields_of, fill_in, links, text_at, the
from newsroom.tests.factories import make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def article(editor):
    return make_article(headline="Ferry", by=editor, topics=[make_topic("Japan")])


def page_about(article):
    return f"{LIST}{article.pk}/related/"


def pinned(article):
    return list(article.pins.values_list("piece__headline", flat=True))


def offered(page, place=0):
    options = the(page, f".//select[@name='place-{place}']").iter("option")
    return ["".join(each.itertext()).split(" · ")[0] for each in options][1:]


def test_an_editor_pins_pieces_in_an_order_and_frees_a_place(desk, editor, article):
    one, two = (make_article(headline=each, by=editor) for each in ("One", "Two"))
    assert page_about(article) in links(desk.get(page_of(article)))
    done = fill_in(desk, page_about(article), **{"place-0": two.pk, "place-2": one.pk})
    assert done["Location"] == page_about(article)
    assert pinned(article) == ["Two", "One"]
    assert {pin.by for pin in article.pins.all()} == {editor}
    fill_in(desk, page_about(article), **{"place-0": ""})
    assert pinned(article) == ["One"]
    assert "Nothing has changed." in text_at(
        desk.post(page_about(article), fields_of(desk.get(page_about(article))), follow=True)
    )


def test_what_is_offered_is_what_is_shown_the_newest_and_what_a_search_finds(desk, editor, article):
    now = timezone.now()
    make_article(headline="Old harbour", at=now - timedelta(days=900), by=editor)
    for number in range(40):
        make_article(headline=f"New {number}", by=editor)
    make_article(
        headline="By topic", at=now - timedelta(days=50), topics=article.topics.all(), by=editor
    )
    make_draft(headline="Old harbour, a draft")
    page = desk.get(page_about(article))
    assert offered(page)[:2] == ["By topic", "New 39"]
    assert not {"Old harbour", "Ferry", "Old harbour, a draft"} & set(offered(page))
    found = fill_in(desk, page_about(article), q="harbour", _search="1", **{"place-1": ""})
    assert found.status_code == 200
    assert offered(found)[0] == "Old harbour"
    assert "1 piece found" in text_at(found, ".//form[@class='decision']")
    assert pinned(article) == []


def test_a_search_keeps_what_was_chosen(desk, editor, article):
    one = make_article(headline="One", by=editor)
    found = fill_in(desk, page_about(article), q="nothing", _search="1", **{"place-0": one.pk})
    assert fields_of(found)["place-0"] == str(one.pk)
    assert pinned(article) == []


def test_a_choice_that_makes_no_sense_is_refused_and_changes_nothing(desk, editor, article):
    one, draft = make_article(headline="One", by=editor), make_draft()
    Pin.objects.pin(article.pk, [one.pk], by=editor)
    twice = {"place-0": one.pk, "place-1": one.pk}
    for wrong in (twice, {"place-0": article.pk}, {"place-0": draft.pk}, {"place-0": "\0"}):
        assert fill_in(desk, page_about(article), **wrong).status_code == 422
        assert pinned(article) == ["One"]
    assert desk.post(page_about(article), {"q": "x" * 5000}).status_code == 422


def test_what_another_editor_has_pinned_meanwhile_is_not_lost_unseen(desk, editor, article):
    one, two = (make_article(headline=each, by=editor) for each in ("One", "Two"))
    opened = fields_of(desk.get(page_about(article))) | {"place-0": str(one.pk)}
    Pin.objects.pin(article.pk, [two.pk], by=make_staff("Editors"))
    refused = desk.post(page_about(article), opened)
    assert refused.status_code == 422
    assert "Somebody has changed this" in text_at(refused)
    assert pinned(article) == ["Two"]
    assert fields_of(refused)["place-0"] == str(one.pk)
    desk.post(page_about(article), fields_of(refused))
    assert pinned(article) == ["One"]


def test_a_pinned_piece_that_was_withdrawn_stays_in_the_form(desk, editor, article):
    one = make_article(headline="One", by=editor)
    Pin.objects.pin(article.pk, [one.pk], by=editor)
    one.withdraw(by=editor)
    page = desk.get(page_about(article))
    assert fields_of(page)["place-0"] == str(one.pk)
    assert "withdrawn" in text_at(page, ".//form[@class='decision']")


def test_pins_of_a_draft_can_be_chosen_before_it_is_out(desk, editor):
    draft, one = make_draft(), make_article(headline="One", by=editor)
    fill_in(desk, page_about(draft), **{"place-0": one.pk})
    assert pinned(draft) == ["One"]
    draft.publish(by=editor)
    assert one.get_absolute_url() in links(desk.get(draft.get_absolute_url()))
