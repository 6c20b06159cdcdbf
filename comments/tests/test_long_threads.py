"""A long thread is cut where it stands among others, and has pages of its own."""

import pytest

from articles.tests.factories import make_article, make_staff
from comments.reply_page import PAGE_REPLIES, PAGE_THREADS, THREAD_REPLIES, most_of_each
from comments.tests.factories import make_approved, make_comment, make_many_approved
from comments.tests.reading import all_by_id, by_class, by_id, page, text_of
from comments.tests.test_reply_pages import answered_by_form, head_links, numbers, shown_at
from newsroom.tests.clock import SITE

pytestmark = pytest.mark.django_db


# --- What a page holds at most --------------------------------------------------------------------


def test_a_thread_of_two_hundred_is_whole_and_a_longer_one_is_cut_and_says_so(client):
    article = make_article()
    first = make_many_approved(article, 1)[0]
    answers = make_many_approved(article, THREAD_REPLIES - 1, parent=first)
    make_many_approved(article, 49)
    shown = page(client.get(article.get_absolute_url()))
    assert len(by_class(shown, "reply")) == THREAD_REPLIES + 49
    assert not by_class(shown, "thread-whole")
    late = make_many_approved(article, 1, parent=answers[-1])[0]
    shown = page(client.get(article.get_absolute_url()))
    assert not all_by_id(shown, f"comment-{late.pk}")
    (line,) = by_class(shown, "thread-whole")
    assert text_of(line) == "Show the whole thread (201 replies)"
    assert line[0].get("href") == f"/comments/{first.pk}/thread/"
    assert text_of(by_id(shown, "comments-heading")) == "250 replies"


def test_long_threads_are_cut_to_an_equal_length_where_a_page_would_hold_too_much(client):
    article = make_article()
    firsts = make_many_approved(article, 10)
    for first in firsts[:5]:
        make_many_approved(article, 99, parent=first)
    shown = page(client.get(article.get_absolute_url()))
    assert len(by_class(shown, "reply")) == PAGE_REPLIES
    cut = by_class(shown, "thread-whole")
    assert [text_of(each) for each in cut] == ["Show the whole thread (100 replies)"] * 5


@pytest.mark.parametrize(
    ("lengths", "most"),
    [
        ([], THREAD_REPLIES),
        ([1] * PAGE_THREADS, THREAD_REPLIES),
        ([5000], THREAD_REPLIES),
        ([200] + [1] * 49, THREAD_REPLIES),
        ([5000] * 50, PAGE_REPLIES // 50),
        ([100] * 5 + [1] * 5, (PAGE_REPLIES - 5) // 5),
        ([150, 150], PAGE_REPLIES // 2),
    ],
)
def test_how_long_threads_may_be(lengths, most):
    assert most_of_each(lengths) == most
    assert sum(min(most, length) for length in lengths) <= PAGE_REPLIES


# --- A whole thread -------------------------------------------------------------------------------


@pytest.mark.parametrize("a_chain", [True, False])
@pytest.mark.parametrize("is_gone", [True, False])
def test_all_pages_of_a_thread_together_show_each_reply_once(client, a_chain, is_gone):
    article = make_article()
    first = make_many_approved(article, 1)[0]
    answers = make_many_approved(article, 2 * PAGE_REPLIES + 20, parent=first, a_chain=a_chain)
    make_many_approved(article, 2)
    if is_gone:
        first.reject(by=make_staff("Moderators"))
    address = f"/comments/{first.pk}/thread/"
    pages = [shown_at(client, f"{address}{part}") for part in ("", "2/", "3/")]
    assert [len(each) for each in pages[:2]] == [PAGE_REPLIES] * 2
    expected = numbers(answers if is_gone else [first, *answers])
    assert sorted(sum(pages, [])) == sorted(expected)
    assert client.get(f"{address}4/").status_code == 404
    assert text_of(by_id(page(client.get(f"{address}2/")), "comments-heading")) == (
        f"{len(expected)} replies"
    )


def test_what_a_further_page_of_a_thread_answers_is_named_and_linked(client):
    article = make_article()
    first = make_many_approved(article, 1)[0]
    chain = make_many_approved(article, PAGE_REPLIES + 5, parent=first, a_chain=True)
    address = f"/comments/{first.pk}/thread/2/"
    begin = by_id(page(client.get(address)), f"comment-{chain[PAGE_REPLIES - 1].pk}")
    (line,) = by_class(begin, "reply-to")
    above = chain[PAGE_REPLIES - 2]
    assert (text_of(line), line[0].get("href")) == (
        f"in reply to {above.name}",
        f"/comments/{above.pk}/",
    )
    links = head_links(client, address)
    assert links["canonical"] == f"{SITE}{address}"
    assert links["prev"] == f"/comments/{first.pk}/thread/"
    answering = f"{address}?reply_to={chain[-1].pk}"
    assert answered_by_form(client, answering)[0] == str(chain[-1].pk)


def test_by_an_answer_the_thread_is_found_and_by_what_nobody_sees_it_is_not(client):
    first = make_approved()
    answer = make_approved(article=first.article, parent=first)
    held = make_comment(article=first.article, parent=first)
    response = client.get(f"/comments/{answer.pk}/thread/")
    assert (response.status_code, response["Location"]) == (302, f"/comments/{first.pk}/thread/")
    for number in (held.pk, make_comment().pk, 0, 10**9, "9" * 5000):
        assert client.get(f"/comments/{number}/thread/").status_code == 404, number
    for page_number in ("0", "2", "x", "01", "9" * 9):
        assert client.get(f"/comments/{first.pk}/thread/{page_number}/").status_code == 404
