"""The pages of replies: fifty threads each, in either order, each at an address of its own."""

from time import process_time

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article, FormerSlug
from articles.tests.factories import make_article, make_draft, make_staff
from comments.models import Comment
from comments.places import address_of
from comments.reply_page import PAGE_REPLIES, THREAD_REPLIES
from comments.tests.factories import make_approved, make_comment, make_many_approved, post_reply
from comments.tests.reading import by_class, by_id, only, page, text_of
from newsroom.models import SiteSettings
from newsroom.tests.clock import SITE

pytestmark = pytest.mark.django_db


def numbers(comments):
    return [f"comment-{each.pk}" for each in comments]


def shown_at(client, path):
    response = client.get(path)
    assert response.status_code == 200, path
    return [each.get("id") for each in by_class(page(response), "reply")]


def head_links(client, path):
    """What the head of a page refers to, by its kind."""
    return {each.get("rel"): each.get("href") for each in page(client.get(path)).iter("link")}


# --- Which threads stand where --------------------------------------------------------------------


def test_each_page_shows_fifty_threads(client):
    article = make_article()
    replies = make_many_approved(article, 120)
    address = article.get_absolute_url()
    assert shown_at(client, address) == numbers(replies[:50])
    assert shown_at(client, f"{address}comments/2/") == numbers(replies[50:100])
    assert shown_at(client, f"{address}comments/3/") == numbers(replies[100:])


def test_threads_are_counted_not_replies(client):
    article = make_article()
    firsts = make_many_approved(article, 51)
    answers = make_many_approved(article, 100, parent=firsts[3])
    assert len(shown_at(client, article.get_absolute_url())) == 50 + len(answers)
    assert shown_at(client, f"{article.get_absolute_url()}comments/2/") == numbers(firsts[50:])


@pytest.mark.parametrize("usual", ["oldest", "newest"])
def test_readers_choose_the_order_of_threads_and_answers_stay_in_theirs(client, usual):
    SiteSettings.objects.create(reply_order=usual)
    article = make_article()
    firsts = make_many_approved(article, 52)
    answers = make_many_approved(article, 2, parent=firsts[1])
    address = article.get_absolute_url()
    oldest = [firsts[0], firsts[1], *answers, *firsts[2:50]]
    newest = firsts[:1:-1]
    in_order = {"oldest": oldest, "newest": newest}
    assert shown_at(client, address) == numbers(in_order[usual])
    for order, replies in in_order.items():
        assert shown_at(client, f"{address}?replies={order}") == numbers(replies)
        assert shown_at(client, f"{address}?replies={order}&utm_source=x") == numbers(replies)
    last = [firsts[1], *answers, firsts[0]]
    assert shown_at(client, f"{address}comments/2/?replies=newest") == numbers(last)


@pytest.mark.parametrize("order", ["", "Newest", "pk", "oldest\0", "x" * 5000, "-1"])
def test_an_order_that_there_is_not_is_the_usual_one(client, order):
    article = make_article()
    replies = make_many_approved(article, 3)
    response = client.get(article.get_absolute_url(), {"replies": order})
    assert response.status_code == 200
    assert [each.get("id") for each in by_class(page(response), "reply")] == numbers(replies)


def test_the_order_is_a_link_and_tells_which_is_in_force(client):
    article = make_article()
    make_many_approved(article, 2)
    address = article.get_absolute_url()
    (choice,) = by_class(page(client.get(f"{address}?replies=newest")), "reply-order")
    links = [(text_of(each), each.get("href"), each.get("aria-current")) for each in choice]
    assert links == [
        ("Oldest first", f"{address}#comments", None),
        ("Newest first", f"{address}?replies=newest#comments", "true"),
    ]
    first = make_approved().article
    assert not by_class(page(client.get(first.get_absolute_url())), "reply-order")


def test_a_thread_whose_first_reply_is_gone_keeps_its_place(client):
    article = make_article()
    firsts = make_many_approved(article, 51)
    answer = make_approved(article=article, parent=firsts[0])
    firsts[0].reject(by=make_staff("Moderators"))
    firsts[1].erase(by=make_staff("Moderators"))
    shown = page(client.get(article.get_absolute_url()))
    assert [each.get("id") for each in by_class(shown, "reply")] == numbers([answer, *firsts[2:51]])
    assert len(by_class(shown, "reply-gone")) == 1
    assert client.get(f"{article.get_absolute_url()}comments/2/").status_code == 404


def test_an_erased_reply_leaves_a_line_only_where_something_approved_hangs_below(client):
    article, moderator = make_article(), make_staff("Moderators")
    first = make_approved(article=article)
    middle = make_approved(article=article, parent=first)
    last = make_approved(article=article, parent=middle)
    first.erase(by=moderator)
    middle.erase(by=moderator)
    shown = page(client.get(article.get_absolute_url()))
    assert len(by_class(shown, "reply-gone")) == 2
    last.erase(by=moderator)
    shown = page(client.get(article.get_absolute_url()))
    assert not by_class(shown, "reply-gone")
    assert text_of(by_id(shown, "comments-heading")) == "No replies yet"


# --- Addresses ------------------------------------------------------------------------------------


def test_the_pages_say_which_they_are_and_what_is_beside_them(client):
    article = make_article(headline="Ferry moved")
    make_many_approved(article, 120)
    address = article.get_absolute_url()
    second, third = f"{address}comments/2/", f"{address}comments/3/"
    first = head_links(client, address)
    assert (first["canonical"], first.get("prev"), first["next"]) == (
        f"{SITE}{address}",
        None,
        second,
    )
    links = head_links(client, f"{second}?utm_source=x&page=9")
    assert links["canonical"] == f"{SITE}{second}"
    assert (links["prev"], links["next"]) == (address, third)
    links = head_links(client, third)
    assert (links["canonical"], links["prev"], links.get("next")) == (
        f"{SITE}{third}",
        second,
        None,
    )
    shown = page(client.get(second))
    assert text_of(only(shown, "title")).startswith("Replies to “Ferry moved”, page 2 – ")
    assert text_of(only(shown, "h1")) == "Ferry moved"
    (pages,) = by_class(shown, "reply-pages")
    assert [(text_of(each), each.get("href")) for each in pages.iter("a")] == [
        ("Previous page", f"{address}#comments"),
        ("1", f"{address}#comments"),
        ("2", f"{second}#comments"),
        ("3", f"{third}#comments"),
        ("Next page", f"{third}#comments"),
    ]


def test_in_the_other_order_a_page_is_a_copy_that_leads_on_in_that_order(client):
    article = make_article()
    make_many_approved(article, 120)
    address = article.get_absolute_url()
    links = head_links(client, f"{address}comments/2/?replies=newest")
    assert links["canonical"] == f"{SITE}{address}comments/2/"
    assert links["prev"] == f"{address}?replies=newest"
    assert links["next"] == f"{address}comments/3/?replies=newest"
    assert head_links(client, f"{address}?replies=newest")["canonical"] == f"{SITE}{address}"


def test_the_first_page_is_the_piece_itself(client):
    article = make_article()
    make_many_approved(article, 60)
    response = client.get(f"{article.get_absolute_url()}comments/1/?replies=newest&x=y")
    assert response.status_code == 301
    assert response["Location"] == f"{article.get_absolute_url()}?replies=newest#comments"


@pytest.mark.parametrize(
    "number", ["0", "3", "02", "-1", "2.0", "x", "２", "9" * 9, "9" * 10, "9" * 5000, "2%00"]
)
def test_there_is_no_page_with_another_number(client, number):
    article = make_article()
    make_many_approved(article, 60)
    assert client.get(f"{article.get_absolute_url()}comments/{number}/").status_code == 404


def test_a_piece_without_replies_has_no_second_page(client):
    assert client.get(f"{make_article().get_absolute_url()}comments/2/").status_code == 404


def test_at_a_former_slug_a_page_has_moved(client):
    article = make_article()
    make_many_approved(article, 60)
    FormerSlug.objects.create(article=article, slug="as-it-was")
    response = client.get("/articles/as-it-was/comments/2/?replies=newest")
    assert response.status_code == 301
    assert response["Location"] == f"{article.get_absolute_url()}comments/2/?replies=newest"


def test_the_pages_of_a_withdrawn_piece_are_gone_and_a_drafts_were_never_there(client):
    article = make_article()
    first = make_many_approved(article, 60)[0]
    article.withdraw(by=make_staff())
    assert client.get(f"{article.get_absolute_url()}comments/2/").status_code == 410
    assert client.get(f"/comments/{first.pk}/thread/").status_code == 404
    assert client.get(f"/articles/{make_draft().slug}/comments/2/").status_code == 404


def test_the_pages_of_a_piece_that_is_kept_out_of_search_engines_are_so_too(client):
    article = make_article()
    make_many_approved(article, 60)
    Article.objects.update(indexing="noindex")
    shown = page(client.get(f"{article.get_absolute_url()}comments/2/"))
    robots = [each.get("content") for each in shown.iter("meta") if each.get("name") == "robots"]
    assert robots == ["noindex"]
    assert "canonical" not in head_links(client, f"{article.get_absolute_url()}comments/2/")


def test_the_addresses_of_pages_are_for_reading(client):
    article = make_article()
    first = make_many_approved(article, 60)[0]
    for path in (f"{article.get_absolute_url()}comments/2/", f"/comments/{first.pk}/thread/"):
        assert client.post(path).status_code == 405


# --- Answering from any page ----------------------------------------------------------------------


def answered_by_form(client, path):
    shown = page(client.get(path))
    (parent,) = (each for each in shown.iter("input") if each.get("name") == "parent")
    return parent.get("value"), text_of(by_id(shown, "respond-heading"))


def test_a_reply_is_answered_from_the_page_on_which_it_stands(client):
    article = make_article()
    replies = make_many_approved(article, 60)
    address = f"{article.get_absolute_url()}comments/2/"
    shown = page(client.get(f"{address}?replies=oldest"))
    links = {each.get("href") for each in by_id(shown, f"comment-{replies[55].pk}").iter("a")}
    answering = f"{address}?reply_to={replies[55].pk}"
    assert f"{answering}#respond" in links
    expected = (str(replies[55].pk), "Leave a Reply to Reader 55")
    assert answered_by_form(client, answering) == expected
    # The same reply is found from any other page.
    assert answered_by_form(client, f"{article.get_absolute_url()}?reply_to={replies[55].pk}") == (
        expected
    )
    newest = page(client.get(f"{address}?replies=newest"))
    links = {each.get("href") for each in newest.iter("a")}
    assert f"{address}?replies=newest&reply_to={replies[0].pk}#respond" in links


def test_only_what_readers_see_under_the_piece_is_answered(client):
    article = make_article()
    make_many_approved(article, 60)
    other, held = make_approved(), make_comment(article=article)
    for number in (other.pk, held.pk, 0, "x", "١", "9" * 30, "-1"):
        path = f"{article.get_absolute_url()}comments/2/?reply_to={number}"
        assert answered_by_form(client, path) == (None, "Leave a Reply")


# --- Permanent links ------------------------------------------------------------------------------


@pytest.mark.parametrize("usual", ["oldest", "newest"])
def test_every_permanent_link_leads_to_a_page_that_shows_the_reply(client, usual):
    SiteSettings.objects.create(reply_order=usual)
    article = make_article()
    firsts = make_many_approved(article, 101)
    answers = make_many_approved(article, THREAD_REPLIES + 60, parent=firsts[70])
    deep = make_many_approved(article, 5, parent=firsts[3], a_chain=True)
    Comment.objects.get(pk=firsts[50].pk).reject(by=make_staff("Moderators"))
    picked = [firsts[i] for i in (0, 1, 49, 51, 52, 99, 100)]
    picked += [answers[i] for i in (0, 100, 198, 199, 200, 259)]
    for comment in [*picked, *deep]:
        response = client.get(f"/comments/{comment.pk}/")
        assert response.status_code == 302
        path, _, fragment = response["Location"].partition("#")
        assert fragment == f"comment-{comment.pk}"
        assert fragment in shown_at(client, path), comment.pk


def test_a_permanent_link_asks_the_same_few_questions_however_much_is_said(client):
    article = make_article()
    counts = []
    for count in (60, 300):
        first = make_many_approved(article, count)[-1]
        last = make_many_approved(article, count, parent=first)[-1]
        with CaptureQueriesContext(connection) as captured:
            assert client.get(last.get_absolute_url()).status_code == 302
        counts.append(len(captured))
    assert counts == [5, 5]


def test_a_reply_knows_its_permanent_link_without_a_question(django_assert_num_queries):
    comment = Comment.objects.get(pk=make_approved().pk)
    with django_assert_num_queries(0):
        assert comment.get_absolute_url() == f"/comments/{comment.pk}/"


def test_whoever_posts_what_is_approved_at_once_is_led_to_its_place(client, monkeypatch):
    article = make_article()
    make_many_approved(article, 60)
    held = Comment.objects.submit

    def approved(draft):
        receipt = held(draft)
        receipt.comment.approve(by=make_staff("Moderators"))
        return receipt

    monkeypatch.setattr("comments.models.Comment.objects.submit", approved)
    response = post_reply(client, article)
    comment = Comment.objects.latest("pk")
    assert response.status_code == 303
    assert response["Location"] == (f"{article.get_absolute_url()}comments/2/#comment-{comment.pk}")
    assert response["Location"] == address_of(comment)


# --- What it costs --------------------------------------------------------------------------------

PAGE_QUERIES = 6
THREAD_QUERIES = 6


@pytest.mark.parametrize("shape", ["single replies", "long threads", "a chain"])
def test_pages_cost_the_same_however_many_replies_there_are(client, shape):
    article = make_article()
    few = make_many_approved(article, 51)
    paths = [f"{article.get_absolute_url()}comments/2/", f"/comments/{few[50].pk}/thread/"]
    make_many_approved(article, 1, parent=few[50])
    queries = []
    for _ in range(2):
        for path in paths:
            with CaptureQueriesContext(connection) as captured:
                assert client.get(path).status_code == 200
            queries.append(len(captured))
        if shape == "single replies":
            make_many_approved(article, 2000)
        elif shape == "a chain":
            make_many_approved(article, 2000, parent=few[50], a_chain=True)
        else:
            for each in (few[10], few[50]):
                make_many_approved(article, 1000, parent=each)
    assert queries == [PAGE_QUERIES, THREAD_QUERIES] * 2


def seconds(client, path):
    """The least that the processor was busy with a page, of some times."""
    took = []
    for _ in range(6):
        begin = process_time()
        assert client.get(path).status_code == 200
        took.append(process_time() - begin)
    return min(took)


def test_drawing_five_thousand_replies_takes_little_longer_than_fifty(client):
    """Half of it is drawn as threads of one hundred, half as one chain. In milliseconds: see
    bench/replies.py."""
    few, many = make_article(), make_article()
    make_many_approved(few, 50)
    for first in make_many_approved(many, 25):
        make_many_approved(many, 99, parent=first)
    make_many_approved(many, 2500, a_chain=True)
    assert 200 < len(shown_at(client, many.get_absolute_url())) <= PAGE_REPLIES
    assert seconds(client, many.get_absolute_url()) < 3 * seconds(client, few.get_absolute_url())


@pytest.mark.sqlite_only
def test_the_threads_of_a_page_are_found_along_their_own_index(client):
    article = make_article()
    make_many_approved(article, 60)
    with CaptureQueriesContext(connection) as queries:
        client.get(article.get_absolute_url())
    threads = [each["sql"] for each in queries if "shown_in_thread > 0" in each["sql"]]
    assert threads
    for sql in threads:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
            plan = [row[-1] for row in cursor.fetchall()]
        searches = [step for step in plan if step.startswith("SEARCH comments_comment")]
        assert all("INDEX comment_threads (article_id=?)" in step for step in searches), plan
