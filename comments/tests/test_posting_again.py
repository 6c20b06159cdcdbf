"""A post that comes twice: retried, repeated, copied, or in haste."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from articles.tests.factories import make_article, make_staff
from comments.models import Comment, Commenter
from comments.tests.factories import make_approved, make_comment, post_reply
from comments.tests.reading import filled_in, only, page, reply_form, summary, text_of

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=ZoneInfo("UTC"))
KEY, OTHER_KEY = "0123456789abcdef" * 2, "fedcba9876543210" * 2
SECOND, PAUSE = timedelta(seconds=1), timedelta(seconds=10)
RETRY_WINDOW = timedelta(minutes=10)
TEXT = "Where can I read the treaty itself?"


def is_already_here(response):
    heading = text_of(only(page(response), "h1"))
    return response.status_code == 200 and heading == "We already have this reply"


def is_refused_as_repeated(response):
    return response.status_code == 422 and "sent already" in summary(response)[""]


def place_of(comment):
    return f"/articles/{comment.article.slug}/#comment-{comment.pk}"


# --- Retried under the key that the form's script made ----------------------------------------


@pytest.mark.parametrize("later", [timedelta(0), SECOND, timedelta(days=400)])
def test_a_post_retried_under_its_key_leads_to_the_same_signed_address(client, clock, later):
    article = make_article()
    first = post_reply(client, article, comment=TEXT, key=KEY)
    clock.shift(later)
    again = post_reply(client, article, comment=TEXT, key=KEY)
    assert (again.status_code, again["Location"]) == (303, first["Location"])
    assert "/comments/status/" in first["Location"]
    assert Comment.objects.count() == 1


def test_a_post_retried_under_its_key_is_the_same_reply_whatever_its_line_ends(client, clock):
    article = make_article()
    first = post_reply(client, article, comment="One\r\ntwo", key=KEY)
    again = post_reply(client, article, comment="One\ntwo", key=KEY)
    assert again["Location"] == first["Location"]
    assert Comment.objects.count() == 1


def test_a_post_retried_under_its_key_leads_to_the_public_place_once_approved(client, clock):
    article = make_article()
    post_reply(client, article, comment=TEXT, key=KEY)
    reply = Comment.objects.get()
    reply.approve(by=make_staff("Moderators"))
    again = post_reply(client, article, comment=TEXT, key=KEY)
    assert (again.status_code, again["Location"]) == (303, place_of(reply))


def test_a_rejected_post_retried_under_its_key_still_leads_to_its_address(client, clock):
    article = make_article()
    first = post_reply(client, article, comment=TEXT, key=KEY)
    Comment.objects.get().mark_spam(by=make_staff("Moderators"))
    again = post_reply(client, article, comment=TEXT, key=KEY)
    assert again["Location"] == first["Location"]


def test_a_form_changed_and_sent_again_under_the_same_key_is_a_new_reply(client, clock):
    article = make_article()
    first = post_reply(client, article, comment=TEXT, key=KEY)
    clock.shift(PAUSE)
    second = post_reply(client, article, comment=f"{TEXT} And when?", key=KEY)
    assert second.status_code == 303
    assert second["Location"] != first["Location"]
    assert Comment.objects.count() == 2


@pytest.mark.parametrize("change", [{"email": "mallory@example.org"}, {"comment": "Other."}])
def test_a_key_alone_leads_to_nobody_elses_reply(client, clock, change):
    article = make_article()
    first = post_reply(client, article, comment=TEXT, key=KEY)
    clock.shift(PAUSE)
    other = post_reply(client, article, **{"comment": TEXT, "key": KEY} | change)
    assert other["Location"] != first["Location"]
    assert Comment.objects.count() == 2


def test_the_same_post_under_another_piece_or_reply_is_another_reply(client, clock):
    article, other = make_article(), make_article()
    answered = make_approved(article=article)
    places = set()
    for piece, parent in [(article, ""), (other, ""), (article, str(answered.pk))]:
        places.add(post_reply(client, piece, comment=TEXT, key=KEY, parent=parent)["Location"])
        clock.shift(PAUSE)
    assert len(places) == 3


# --- Retried without a key --------------------------------------------------------------------


@pytest.mark.parametrize("later", [timedelta(0), SECOND, RETRY_WINDOW - SECOND])
def test_a_post_retried_without_a_key_is_one_reply_and_gives_no_signed_address(
    client, clock, later
):
    article = make_article()
    post_reply(client, article, comment=TEXT)
    clock.shift(later)
    again = post_reply(client, article, comment=TEXT)
    assert is_already_here(again)
    assert "/comments/status/" not in again.content.decode()
    assert TEXT not in again.content.decode()
    assert Comment.objects.count() == 1


def test_a_post_retried_without_a_key_leads_to_the_public_place_once_approved(client, clock):
    article = make_article()
    post_reply(client, article, comment=TEXT)
    reply = Comment.objects.get()
    reply.approve(by=make_staff("Moderators"))
    again = post_reply(client, article, comment=TEXT)
    assert (again.status_code, again["Location"]) == (303, place_of(reply))


@pytest.mark.parametrize("decide", [Comment.reject, Comment.mark_spam])
def test_a_post_retried_without_a_key_does_not_tell_that_it_was_rejected(client, clock, decide):
    article = make_article()
    held = make_comment(article=article, text=TEXT, email="maud@example.org")
    refused = make_comment(article=article, text=TEXT, email="hana@example.org")
    decide(refused, by=make_staff("Moderators"))
    answers = [
        post_reply(client, article, comment=TEXT, email=email).content
        for email in ("maud@example.org", "hana@example.org")
    ]
    assert answers[0] == answers[1]
    assert held.is_held


def test_after_the_window_a_post_without_a_key_is_a_repetition(client, clock):
    article = make_article()
    post_reply(client, article, comment=TEXT)
    clock.shift(RETRY_WINDOW)
    again = post_reply(client, article, comment=TEXT)
    assert is_refused_as_repeated(again)
    assert filled_in(reply_form(again))["comment"] == TEXT
    assert Comment.objects.count() == 1


# --- The same words again ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [TEXT, TEXT.upper(), f"  {TEXT}\r\n", TEXT.replace(" ", "  \n"), TEXT.replace("W", "\uff37")],
)
def test_the_same_words_under_another_key_are_refused_and_kept(client, clock, text):
    article = make_article()
    post_reply(client, article, comment=TEXT, key=KEY)
    clock.shift(PAUSE)
    again = post_reply(client, article, comment=text, key=OTHER_KEY)
    assert is_refused_as_repeated(again)
    assert filled_in(reply_form(again))["comment"] == text.replace("\r\n", "\n")
    assert Comment.objects.count() == 1


@pytest.mark.parametrize("decide", [Comment.reject, Comment.mark_spam])
def test_words_that_were_rejected_are_not_taken_again(client, clock, decide):
    article = make_article()
    post_reply(client, article, comment=TEXT, key=KEY)
    decide(Comment.objects.get(), by=make_staff("Moderators"))
    clock.shift(RETRY_WINDOW)
    assert is_refused_as_repeated(post_reply(client, article, comment=TEXT, key=OTHER_KEY))


def test_words_of_somebody_else_that_are_held_may_be_sent(client, clock):
    article = make_article()
    make_comment(article=article, text="Thank you.")
    assert post_reply(client, article, comment="Thank you.").status_code == 303
    assert Comment.objects.held().count() == 2


# --- No answer tells whose address was typed --------------------------------------------------

ADDRESSES = {
    "the author's": "hana@example.org",
    "of somebody who sent the same words": "maud@example.org",
    "of a sender who is known": "known@example.org",
    "of nobody": "new@example.org",
}


@pytest.mark.parametrize("key", ["", OTHER_KEY], ids=["without a key", "with a key"])
@pytest.mark.parametrize("later", [PAUSE, RETRY_WINDOW - SECOND, RETRY_WINDOW])
def test_a_copy_of_a_visible_reply_is_answered_alike_whatever_the_address(
    client, clock, key, later
):
    article = make_article()
    make_approved(email="known@example.org")
    copied = make_comment(article=article, text=TEXT, email="hana@example.org")
    make_comment(article=article, text=TEXT, email="maud@example.org")
    copied.approve(by=make_staff("Moderators"))
    clock.shift(later)
    answers = {}
    for whose, email in ADDRESSES.items():
        answer = post_reply(client, article, comment=TEXT, email=email, key=key)
        body = answer.content.decode().replace(email, "")
        answers[whose] = (answer.status_code, answer.get("Location"), body)
    assert len(set(answers.values())) == 1, answers
    assert Comment.objects.filter(article=article).count() == 2


@pytest.mark.parametrize("key", ["", OTHER_KEY], ids=["without a key", "with a key"])
@pytest.mark.parametrize("later", [PAUSE, RETRY_WINDOW])
def test_the_address_of_a_post_that_adds_nothing_is_not_kept(client, clock, key, later):
    article = make_article()
    make_approved(article=article, text=TEXT, email="hana@example.org")
    clock.shift(later)
    post_reply(client, article, comment=TEXT, email="new@example.org", key=key)
    assert Commenter.objects.count() == 1


@pytest.mark.parametrize("key", ["", KEY], ids=["without a key", "with a key"])
def test_a_new_reply_is_answered_alike_whatever_the_sender_did_before(client, clock, key):
    article, elsewhere = make_article(), make_article()
    moderator = make_staff("Moderators")
    make_approved(article=elsewhere, email="approved@example.org", by=moderator)
    make_comment(article=elsewhere, email="spam@example.org").mark_spam(by=moderator)
    clock.shift(PAUSE)
    pages = set()
    for email in ("approved@example.org", "spam@example.org", "new@example.org"):
        answer = post_reply(client, article, comment=TEXT, email=email, key=key)
        assert answer.status_code == 303
        token = answer["Location"].split("/")[-2].encode()
        pages.add(client.get(answer["Location"]).content.replace(token, b""))
    assert len(pages) == 1


def test_a_post_that_repeats_what_readers_see_leaves_no_address_behind(client):
    first = make_approved()
    response = post_reply(client, first.article, comment=first.body, email="other@example.org")
    assert response.status_code == 303
    assert Commenter.objects.count() == 1


@pytest.mark.parametrize("key", ["", "another key"])
def test_words_that_readers_could_see_once_are_refused_to_everybody_alike(client, key):
    """Else a copy of a reply that was taken down, sent again, would tell whose it was."""
    first = make_approved(email="hana@example.org")
    first.reject(by=make_staff("Moderators"))
    answers = [
        post_reply(client, first.article, comment=first.body, email=email, key=key)
        for email in ("hana@example.org", "other@example.org")
    ]
    assert [answer.status_code for answer in answers] == [422, 422]
    errors = [summary(answer) for answer in answers]
    assert errors[0] == errors[1]
