"""Finished pages with the form for an answer, and with the time it was drawn."""

import pytest

from articles.tests.factories import make_article
from comments.tests.factories import make_approved, make_comment
from newsroom.page_store.store import store
from newsroom.tests.asking import ask, noting_what_is_drawn

pytestmark = pytest.mark.django_db


@pytest.fixture
def was_drawn(pages):
    server, drawn = noting_what_is_drawn()

    def asked(address):
        drawn.clear()
        assert ask(server, address).code == 200
        return bool(drawn)

    return asked


def test_the_form_for_an_answer_to_a_reply_on_the_page_is_kept(was_drawn, clock):
    reply = make_approved(article=make_article(slug="ferry"))
    for address in (f"/articles/ferry/?reply_to={reply.pk}", f"/comments/{reply.pk}/thread/"):
        assert was_drawn(address)
        assert not was_drawn(address)
    assert not was_drawn(f"/articles/ferry/?reply_to=00{reply.pk}&x=y")
    assert was_drawn("/articles/ferry/?replies=newest")
    assert not was_drawn("/articles/ferry/?replies=newest&replies=newest")


def test_what_answers_nothing_makes_no_page_of_its_own(was_drawn, clock):
    piece = make_article(slug="ferry")
    make_approved(article=piece)
    elsewhere = make_approved(article=make_article(slug="other"))
    held = make_comment(article=piece)
    assert was_drawn("/articles/ferry/")
    assert not was_drawn("/articles/ferry/?reply_to=none&replies=most")
    kept = len(store().memory.pages)
    for number in (elsewhere.pk, held.pk, 999_999):
        for _ in range(2):
            assert was_drawn(f"/articles/ferry/?reply_to={number}")
    assert len(store().memory.pages) == kept


def test_a_page_drawn_anew_from_the_same_is_the_same_byte_for_byte(pages, clock):
    """Though it has a form that says when it was drawn."""
    make_approved(article=make_article(slug="ferry"))
    first = ask(pages, "/articles/ferry/", accept_encoding="gzip")
    assert 'name="drawn"' in first.text
    clock.shift(3600)
    store().generations.forget_all()
    again = ask(pages, "/articles/ferry/", accept_encoding="gzip")
    assert again.sent == first.sent
    assert again.headers["etag"] == first.headers["etag"]
    known = {"if_none_match": first.headers["etag"], "accept_encoding": "gzip"}
    assert ask(pages, "/articles/ferry/", **known).code == 304
