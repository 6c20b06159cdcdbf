"""How an author asks that a refusal is looked at again, and who decides."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, OperationalError, transaction
from django.utils import timezone

from articles.tests.factories import make_staff
from comments.models import Comment, Policy, SecondLook
from comments.models.second_look import (
    ACTIVE_FOR,
    MAX_WORDS,
    PATIENCE,
    ForAnotherModerator,
    NotRefused,
    SecondLookQuerySet,
    active_moderators,
)
from comments.status_address import status_url
from comments.tests.factories import FROM_THIS_SITE, make_approved, make_comment
from comments.tests.reading import by_id, page, text_of
from newsroom.tests.browsing import fields_of, text_at
from newsroom.tests.factories import make_superuser

pytestmark = pytest.mark.django_db

REFUSALS = {"rejected": Comment.reject, "spam": Comment.mark_spam}


def ask(client, comment, words="", headers=FROM_THIS_SITE):
    url = f"{status_url(comment)}second-look/"
    return client.post(url, {"words": words}, headers=headers, follow=True)


def make_refused(*, by=None, verb=Comment.reject, **fields):
    comment = make_comment(**fields)
    verb(comment, by=by or make_staff("Moderators"), reason="Off topic.")
    return comment


def make_active():
    """Another moderator, who has just decided something."""
    moderator = make_staff("Moderators")
    make_approved(by=moderator)
    return moderator


def asked(*, by=None, **fields):
    """A refused reply whose author has asked, and who refused it."""
    first = by or make_staff("Moderators")
    comment = make_refused(by=first, **fields)
    comment.ask_again("I meant it well.")
    return comment, first


# --- Asking -----------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", REFUSALS.values(), ids=REFUSALS)
def test_an_author_asks_once_after_a_refusal(client, verb):
    comment = make_refused(verb=verb)
    assert "words" in fields_of(client.get(status_url(comment)))
    response = ask(client, comment, "It <b>is</b> on topic.\n\nLook.")
    seen = text_at(response)
    assert "You asked for it on" in seen and "It is waiting for a moderator" in seen
    assert "It <b>is</b> on topic.Look." in seen
    look = SecondLook.objects.get()
    assert look.words == "It <b>is</b> on topic.\n\nLook."
    assert look.refused_by == comment.decisions.get(to_status=comment.status, kind="state").by
    assert "words" not in fields_of(response)
    assert comment.decisions.filter(kind="second_look", rule="asked_by_author").count() == 1


def test_asking_again_changes_nothing(client):
    comment, _ = asked()
    assert ask(client, comment, "Please!").status_code == 200
    assert SecondLook.objects.get().words == "I meant it well."
    assert comment.decisions.filter(kind="second_look").count() == 1


@pytest.mark.parametrize("state", ["held", "approved", "erased"])
def test_where_nothing_is_refused_nothing_is_asked(client, state):
    comment = make_approved() if state == "approved" else make_comment()
    if state == "erased":
        comment.erase(by=make_staff("Moderators"))
    assert "words" not in fields_of(client.get(status_url(comment)))
    response = ask(client, comment)
    assert response.status_code == 422
    assert "there is nothing to look at" in text_of(by_id(page(response), "errors"))
    with pytest.raises(NotRefused):
        comment.ask_again()
    assert not SecondLook.objects.exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("x" * (MAX_WORDS + 1), str(MAX_WORDS)),
        ("Write to hana@example.org", "leave out email addresses"),
        ("a\0b", "Null characters"),
    ],
    ids=["too long", "an address", "NUL"],
)
def test_words_that_can_not_be_sent_come_back(client, words, told):
    comment = make_refused()
    response = ask(client, comment, words)
    assert response.status_code == 422
    assert told in text_of(by_id(page(response), "errors"))
    assert fields_of(response)["words"].replace("\ufffd", "\0") == words
    assert not SecondLook.objects.exists()


def test_a_full_database_gives_the_words_back(client, monkeypatch):
    comment = make_refused()

    def full(*args, **kwargs):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(SecondLook.objects, "ask", full)
    response = ask(client, comment, "What I typed.")
    assert response.status_code == 503 and response["Retry-After"]
    assert fields_of(response)["words"] == "What I typed."


def test_another_site_asks_nothing(client):
    comment = make_refused()
    assert ask(client, comment, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert not SecondLook.objects.exists()


def test_the_words_go_with_the_reply():
    comment, _ = asked()
    comment.erase(rule="retention")
    assert SecondLook.objects.get().words == ""


def test_the_words_go_some_time_after_the_decision(clock):
    comment, _ = asked()
    comment.approve(by=make_active())
    clock.shift(SecondLookQuerySet.WORDS_KEPT - timedelta(seconds=1))
    assert not SecondLook.objects.due_for_erasure().exists()
    clock.shift(timedelta(seconds=1))
    assert SecondLook.objects.due_for_erasure().exists()


# --- Who decides ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("verb", "state", "outcome"),
    [
        (Comment.approve, "approved", "reversed"),
        (Comment.restore, "held", "reversed"),
        (Comment.reject, "rejected", "upheld"),
        (Comment.mark_spam, "spam", "upheld"),
    ],
)
def test_another_moderator_decides(client, verb, state, outcome):
    comment, first = asked()
    other = make_active()
    assert verb(comment, by=other, reason="Looked at.") is True
    look = SecondLook.objects.get()
    assert (look.outcome, look.decided_by, look.by_same_moderator) == (outcome, other, False)
    latest = comment.decisions.order_by("-pk")[0]
    assert (latest.kind, latest.by, latest.to_status) == ("looked_again", other, state)
    seen = text_at(client.get(status_url(comment)))
    assert ("the decision stands" if outcome == "upheld" else "was reversed") in seen
    assert "words" not in fields_of(client.get(status_url(comment)))


def test_an_upheld_refusal_keeps_the_reason_of_the_first_where_none_is_given(client):
    comment, _ = asked()
    comment.reject(by=make_active())
    assert "Off topic." in text_at(client.get(status_url(comment)))


@pytest.mark.parametrize(
    "verb", [Comment.approve, Comment.reject, Comment.mark_spam, Comment.restore]
)
def test_who_refused_it_does_not_decide_while_another_is_active(clock, verb):
    comment, first = asked()
    make_active()
    clock.shift(PATIENCE + timedelta(days=1))
    with pytest.raises(ForAnotherModerator, match="Another moderator decides"):
        verb(comment, by=first)
    assert Comment.objects.get(pk=comment.pk).status == "rejected"
    assert SecondLook.objects.waiting().exists()


def test_the_only_active_moderator_decides_after_three_days_and_the_figures_say_so(client, clock):
    comment, first = asked()
    start = timezone.now()
    clock.shift(PATIENCE - timedelta(seconds=1))
    with pytest.raises(ForAnotherModerator, match="5 March 2026"):
        comment.approve(by=first)
    clock.shift(timedelta(seconds=1))
    assert comment.reject(by=first) is True
    assert SecondLook.objects.get().by_same_moderator
    assert "so the same one decided" in text_at(client.get(status_url(comment)))
    figures = SecondLook.objects.figures(start, timezone.now())
    assert (figures.asked, figures.upheld, figures.by_same_moderator) == (1, 1, 1)


def test_another_moderator_decides_at_once_though_not_active_before():
    comment, _ = asked()
    assert comment.approve(by=make_staff("Moderators")) is True


def test_what_a_rule_refused_any_moderator_decides():
    Policy(replies="open", banned_words="gin").save()
    comment = make_comment(text="A glass of gin.")
    comment.ask_again()
    assert SecondLook.objects.get().refused_by is None
    assert comment.approve(by=make_staff("Moderators")) is True


def test_active_is_who_may_decide_and_did_so_lately(clock):
    active = make_active()
    administrator = make_superuser()
    make_approved(by=administrator)
    make_staff("Moderators")  # has decided nothing
    gone, editor = make_active(), make_staff("Editors")
    gone.is_active = False
    gone.save()
    Comment.objects.answer(make_comment().article, text="Thanks.", by=editor)
    assert list(active_moderators()) == [active, administrator]
    clock.shift(ACTIVE_FOR + timedelta(seconds=1))
    assert not active_moderators().exists()


def test_the_last_of_two_refusals_counts():
    comment, first = make_comment(), make_staff("Moderators")
    comment.reject(by=first)
    comment.restore(by=first)
    other = make_staff("Moderators")
    comment.reject(by=other)
    comment.ask_again()
    assert comment.approve(by=first) is True


def test_after_it_was_decided_anybody_decides_as_before():
    comment, first = asked()
    comment.approve(by=make_active())
    assert comment.reject(by=first) is True
    look = SecondLook.objects.get()
    assert look.outcome == "reversed"
    assert comment.ask_again() == look


# --- The figures ------------------------------------------------------------------------------


def test_the_figures_of_a_time_count_what_was_asked_within_it(clock):
    other = make_active()
    asked()[0].approve(by=other)  # before
    clock.shift(timedelta(days=1))
    start = timezone.now()
    asked()[0].approve(by=other)
    asked()[0].reject(by=other)
    asked()[0].mark_spam(by=other)
    asked()
    asked()[0].erase(rule="retention")
    decided_then_erased = asked()[0]
    decided_then_erased.approve(by=other)
    decided_then_erased.erase(rule="retention")
    clock.shift(timedelta(days=1))
    until = timezone.now()
    asked()  # afterwards
    figures = SecondLook.objects.figures(start, until)
    assert figures == type(figures)(
        asked=6, upheld=2, reversed=2, by_same_moderator=0, open=1, erased=1
    )


def test_the_figures_of_a_time_without_any_are_nought():
    figures = SecondLook.objects.figures(timezone.now(), timezone.now())
    assert set(vars(figures).values()) == {0}


def test_moderators_see_the_figures_among_those_of_all_replies(client, clock):
    figures = "/admin/comments/dashboard/?days=90"
    client.force_login(first := make_staff("Moderators"))
    assert "Second looks in" not in text_of(page(client.get(figures)))
    asked()[0].erase(rule="retention")
    mine, _ = asked(by=first)
    clock.shift(PATIENCE + ACTIVE_FOR)
    client.force_login(first)
    mine.reject(by=first)
    asked()[0].approve(by=first)
    asked()
    clock.shift(timedelta(minutes=1))
    assert (
        "Second looks in the last 90 days: 4 asked for, 1 upheld, 1 reversed, 1 open; "
        "1 decided by the moderator who had refused the reply. Erased before a decision: 1."
    ) in text_of(page(client.get(figures)))


def test_a_second_look_is_decided_by_somebody_or_not_at_all():
    asked()
    with pytest.raises(IntegrityError, match="a_second_look_is_decided"), transaction.atomic():
        SecondLook.objects.update(outcome="upheld")
