"""A piece with a time to come: no page speaks of it before, and all do from that second on."""

from datetime import timedelta

import pytest

from articles.models import Article, ImageUse
from articles.tests.factories import make_draft
from articles.tests.pictures import make_image, media_root
from articles.tests.surfaces import FORMER, HEADLINE, SURFACES, correct, make_piece
from newsroom.tests.clock import NOON

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

__all__ = ["media_root"]

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)
MOMENT = NOON + 2 * HOUR


def by_publication_time(article, editor):
    article.schedule(by=editor, at=MOMENT)


def by_embargo(article, editor):
    """As it stands in the database where the time was set first and the embargo came later."""
    article.publish(by=editor, at=NOON - HOUR)
    Article.objects.update(embargo_until=MOMENT)


@pytest.mark.parametrize("held_back", [by_publication_time, by_embargo])
@pytest.mark.parametrize("surface", SURFACES)
def test_it_is_silent_before_the_moment_and_speaks_from_it_on(
    client, clock, editor, held_back, surface
):
    article = make_piece()
    held_back(article, editor)
    correct(article)
    speaks = SURFACES[surface]
    for early in (NOON, MOMENT - SECOND, MOMENT - timedelta(microseconds=1)):
        clock.move_to(early)
        assert not speaks(client)
    for late in (MOMENT, MOMENT + SECOND):
        clock.move_to(late)
        assert speaks(client)


@pytest.mark.parametrize("held_back", [by_publication_time, by_embargo])
def test_before_the_moment_it_is_as_if_there_was_no_piece(client, editor, held_back):
    article = make_piece()
    held_back(article, editor)
    for slug in (article.slug, FORMER):
        for rest in ("", "comments/", "comments.atom", "changes/"):
            answer = client.get(f"/articles/{slug}/{rest}")
            nothing = client.get(f"/articles/no-such/{rest}")
            assert (answer.status_code, nothing.status_code) == (404, 404)
            assert answer.content == nothing.content
    assert HEADLINE not in client.get("/").content.decode()


@pytest.mark.parametrize("held_back", [by_publication_time, by_embargo])
@pytest.mark.usefixtures("media_root")
def test_its_picture_is_at_no_address_before_the_moment(client, clock, editor, held_back):
    image = make_image(made=True, by=editor)
    article = make_piece(lead_image=image, lead_alt="A boat")
    held_back(article, editor)
    assert ImageUse.objects.filter(image=image).exists()
    clock.move_to(MOMENT - SECOND)
    assert client.get(image.src).status_code == 404
    clock.move_to(MOMENT)
    assert client.get(image.src).status_code == 200


def test_an_embargo_set_before_moves_the_publication_behind_it(client, clock, editor):
    article = make_draft(embargo_until=MOMENT)
    article.publish(by=editor, at=NOON + HOUR)
    assert article.published_at == MOMENT
    clock.move_to(MOMENT - SECOND)
    assert client.get(article.get_absolute_url()).status_code == 404
    clock.move_to(MOMENT)
    assert client.get(article.get_absolute_url()).status_code == 200


def test_the_facts_say_what_the_queries_say(clock, editor):
    article = make_draft()
    article.schedule(by=editor, at=MOMENT)
    for moment, is_public in ((MOMENT - SECOND, False), (MOMENT, True)):
        clock.move_to(moment)
        assert article.is_public is Article.objects.published().exists() is is_public
        assert article.is_scheduled is not is_public
