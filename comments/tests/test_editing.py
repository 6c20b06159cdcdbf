"""How an author changes a reply within five minutes."""

from datetime import timedelta

import pytest
from django.db import OperationalError

from articles.tests.factories import make_article, make_staff
from comments import editing
from comments.deciding import ChangedMeanwhile
from comments.editing import EDIT_WINDOW, MOST_CHANGES
from comments.models import Comment, Decision, Policy, Standing
from comments.moderation import pipeline, spam_service
from comments.status_address import status_url
from comments.tests.factories import FROM_THIS_SITE, make_approved, make_comment, make_draft
from comments.tests.hostile import XSS
from comments.tests.reading import by_id, page, text_of
from newsroom.tests.browsing import fields_of, fill_in, text_at

pytestmark = pytest.mark.django_db


def change(client, comment, text="Other words.", *, headers=FROM_THIS_SITE, **sent):
    """Open the reply's page, fill in its form, and send it where that form goes."""
    fields = fields_of(client.get(status_url(comment)))
    data = {"seen": comment.as_seen} | fields | {"comment": text} | sent
    return client.post(f"{status_url(comment)}text/", data, headers=headers)


def make_public(**fields):
    """A reply that appeared at once, without anybody having read it."""
    Policy(replies="open", hold_first=0).save()
    comment = make_comment(**fields)
    assert comment.is_approved
    return comment


def latest(comment):
    return comment.decisions.order_by("-pk")[0]


# --- What a change does -----------------------------------------------------------------------


def test_an_author_changes_what_a_held_reply_says(client, clock):
    comment = make_comment(text="First words.")
    clock.shift(timedelta(minutes=4, seconds=59))
    response = change(client, comment, "Other <b>words</b>.\n\nAnd more.")
    assert response.status_code == 303
    assert response["Location"].partition("#")[0] == status_url(comment)
    changed = Comment.objects.get()
    assert changed.body == "Other <b>words</b>.\n\nAnd more."
    assert changed.body_html == "<p>Other <b>words</b>.</p><p>And more.</p>"
    assert changed.text_digest == make_draft(text=changed.body).text_digest
    assert changed.version == 2 and changed.edited_at is not None
    assert "Other words." in text_at(client.get(status_url(comment)))


def test_the_former_text_is_kept_with_what_was_found_in_it_and_the_change_is_on_record(client):
    Policy(replies="open", watched_words="vermouth").save()
    comment = make_comment(text="Vermouth, please.")
    found = {finding.reason for finding in comment.findings.all()}
    change(client, comment, "Water, please.")
    (former,) = comment.former_texts.all()
    assert former.body == "Vermouth, please."
    assert set(former.found.split("\n")) == found
    assert not comment.findings.filter(rule="watched_words").exists()
    assert (latest(comment).kind, latest(comment).by) == ("edited", None)
    change(client, Comment.objects.get(), "Beer, please.")
    assert [each.body for each in comment.former_texts.all()] == [
        "Water, please.",
        "Vermouth, please.",
    ]


def test_the_same_text_again_changes_nothing(client):
    comment = make_comment(text="Words.")
    assert change(client, comment, "Words.").status_code == 303
    assert not comment.former_texts.exists() and comment.decisions.count() == 1
    assert Comment.objects.get().version == 1


def test_a_change_that_no_rule_objects_to_lets_no_held_reply_out(client):
    Policy(replies="open", hold_first=0, watched_words="vermouth").save()
    comment = make_comment(text="Vermouth, please.")
    assert comment.is_held
    change(client, comment, "Water, please.")
    changed = Comment.objects.get()
    assert changed.is_held and not changed.findings.exists()
    assert (latest(comment).from_status, latest(comment).to_status) == ("held", "held")


def test_a_public_reply_stays_so_where_no_rule_objects(client):
    comment = make_public()
    change(client, comment, "Other words altogether.")
    assert Comment.objects.get().is_approved
    seen = client.get(comment.article.get_absolute_url()).content.decode()
    assert "Other words altogether." in seen


@pytest.mark.parametrize(("word", "state"), [("vermouth", "held"), ("gin", "rejected")])
def test_a_public_reply_is_taken_away_by_what_the_rules_find(client, word, state):
    comment = make_public()
    Policy(replies="open", hold_first=0, watched_words="vermouth", banned_words="gin").save()
    change(client, comment, f"A glass of {word}.")
    changed = Comment.objects.get()
    assert changed.status == state
    assert changed.article.reply_count == 0
    assert changed.findings.exists()
    assert (latest(comment).kind, latest(comment).to_status) == ("edited", state)
    seen = client.get(comment.article.get_absolute_url()).content.decode()
    assert f"A glass of {word}." not in seen


def test_a_held_reply_is_rejected_by_what_the_rules_find(client):
    Policy(replies="open", banned_words="gin").save()
    comment = make_comment()
    assert comment.is_held
    change(client, comment, "A glass of gin.")
    assert Comment.objects.get().status == "rejected"


def test_words_put_in_the_place_of_those_that_a_moderator_let_out_are_held(client):
    """Under whichever rules it was read first: as every reply is, or as a newcomer's."""
    for policy in (Policy(replies="held"), Policy(replies="open", hold_first=1)):
        policy.save()
        comment = make_approved(text=f"Harmless words under {policy.replies}.")
        change(client, comment, "Not so harmless.")
        comment.refresh_from_db()
        assert comment.is_held


def test_a_sender_who_was_blocked_meanwhile_is_not_let_through(client):
    comment = make_public()
    Standing.objects.give(comment.commenter, Standing.Kind.BLOCKED, by=make_staff("Moderators"))
    change(client, comment)
    assert not Comment.objects.get().is_approved


def test_a_rule_that_fails_takes_a_public_reply_away(client, monkeypatch):
    comment = make_public()

    def broken(submission):
        raise RuntimeError

    monkeypatch.setattr(pipeline, "RULES", (broken,))
    change(client, comment)
    assert Comment.objects.get().is_held


def test_the_spam_service_is_asked_of_the_changed_text_and_lets_nothing_out(
    client, settings, monkeypatch
):
    Policy(replies="open", hold_first=1, spam_service_lets_out=True).save()
    comment = make_comment(text="First words.")
    monkeypatch.setattr(spam_service, "is_configured", lambda: True)
    texts = []
    monkeypatch.setattr(spam_service, "is_spam", lambda asked: texts.append(asked.body))
    settings.TASKS = {
        "default": {"BACKEND": "django.tasks.backends.immediate.ImmediateBackend", "QUEUES": []}
    }
    change(client, comment, "Other words.")
    assert texts == ["Other words."]
    assert Comment.objects.get().is_held


def test_replies_that_were_closed_meanwhile_do_not_cost_a_reply_its_place_in_the_queue(client):
    comment = make_comment()
    Policy(replies="closed").save()
    assert change(client, comment).status_code == 303
    assert Comment.objects.get().is_held


# --- When it can't be changed -----------------------------------------------------------------


def refused(response, status=422):
    assert response.status_code == status
    return text_of(by_id(page(response), "errors"))


def test_after_five_minutes_it_stays_as_it_is_and_what_was_typed_comes_back(client, clock):
    comment = make_comment(text="First words.")
    fields = fields_of(client.get(status_url(comment)))
    clock.shift(EDIT_WINDOW)
    response = client.post(f"{status_url(comment)}text/", fields | {"comment": "Too late."})
    assert "Your reply can't be changed any more." in refused(response)
    assert "Too late." in text_at(response)
    assert Comment.objects.get().body == "First words."
    assert "comment" not in fields_of(client.get(status_url(comment)))


@pytest.mark.parametrize("verb", [Comment.reject, Comment.mark_spam, Comment.erase])
def test_what_was_refused_or_erased_meanwhile_can_not_be_changed(client, verb):
    comment = make_comment(text="First words.")
    verb(Comment.objects.get(), by=make_staff("Moderators"))
    response = change(client, comment, "Other words.")
    assert "Your reply can't be changed any more." in refused(response)
    assert "Other words." in text_at(response)
    assert Comment.objects.get().version == 1


def test_what_a_moderator_decided_meanwhile_is_not_changed_unseen(client):
    comment = make_comment(text="First words.")
    sent = fields_of(client.get(status_url(comment))) | {"comment": "Other words."}
    Comment.objects.get().approve(by=make_staff("Moderators"))
    response = client.post(f"{status_url(comment)}text/", sent)
    assert "A moderator has decided on your reply meanwhile" in refused(response)
    assert Comment.objects.get().body == "First words."
    # The page that comes back holds what was typed, and can be sent again.
    again = fields_of(response)
    assert again["comment"] == "Other words."
    assert client.post(f"{status_url(comment)}text/", again).status_code == 303
    assert Comment.objects.get().body == "Other words."


def test_of_two_windows_the_second_is_told_of_the_first(client):
    comment = make_comment()
    sent = fields_of(client.get(status_url(comment)))
    client.post(f"{status_url(comment)}text/", sent | {"comment": "From the first."})
    response = client.post(f"{status_url(comment)}text/", sent | {"comment": "From the second."})
    assert "changed in another window" in refused(response)
    assert Comment.objects.get().body == "From the first."


def test_it_is_changed_a_number_of_times_and_no_more(client):
    comment = make_comment()
    for number in range(MOST_CHANGES):
        comment.edit(f"Number {number}.", seen=comment.as_seen)
    assert "changed too often" in refused(change(client, comment, "Once more."))
    assert comment.former_texts.count() == MOST_CHANGES


def test_a_moderator_does_not_decide_on_a_text_that_was_changed_since():
    comment, moderator = make_comment(), make_staff("Moderators")
    seen = comment.version
    comment.edit("Other words.", seen=comment.as_seen)
    for verb in (Comment.approve, Comment.reject, Comment.mark_spam):
        with pytest.raises(ChangedMeanwhile):
            verb(Comment.objects.get(), by=moderator, seen=seen)
    assert Comment.objects.get().is_held
    assert not Decision.objects.filter(by=moderator).exists()
    assert Comment.objects.get().approve(by=moderator, seen=seen + 1)


def test_a_full_database_gives_the_text_back(client, monkeypatch):
    comment = make_comment()

    def full(*args, **kwargs):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(editing, "change", full)
    response = change(client, comment, "What I typed.")
    assert response.status_code == 503 and response["Retry-After"]
    assert fields_of(response)["comment"] == "What I typed."


# --- What a changed reply may hold ------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "Please write your comment."),
        (" \n\u200b ", "Please write your comment."),
        ("<i></i>", "Please write your comment."),
        ("x" * 5001, "5000"),
        ("Write to me: hana@example.org", "An email address can't be added to a reply"),
        ("hana&#64;example.org", "An email address can't be added to a reply"),
    ],
    ids=["nothing", "blanks", "no letter", "too long", "an address", "in disguise"],
)
def test_what_a_reply_can_not_say_comes_back_with_the_error(client, typed, told):
    comment = make_comment(text="First words.", email="hana@example.org")
    response = change(client, comment, typed)
    assert told in refused(response)
    assert Comment.objects.get().body == "First words."


def test_an_address_that_stood_there_before_may_stay(client):
    comment = make_comment(text="Ask press@example.net.", email="hana@example.org")
    assert change(client, comment, "Do ask press@example.net.").status_code == 303


def test_the_answer_is_the_same_for_the_authors_own_address_and_any_other(client):
    """Whoever found the page's address must not learn by trying whose reply it is."""
    comment = make_comment(email="hana@example.org")
    answers = {
        refused(change(client, comment, f"It was {address}."))
        for address in ("hana@example.org", "somebody@example.com")
    }
    assert len(answers) == 1


def test_hostile_words_come_out_of_a_change_as_clean_as_out_of_a_post(client, clock):
    comment = make_comment()
    for number, payload in enumerate(XSS[:10]):
        text = f"{number} {payload}"
        comment.edit(text, seen=comment.as_seen)
        assert comment.body_html == make_comment(article=make_article(), text=text).body_html


# --- Who may send it --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://x.y"}],
)
def test_another_site_changes_nothing(client, headers):
    comment = make_comment(text="First words.")
    assert change(client, comment, headers=headers).status_code == 403
    assert Comment.objects.get().body == "First words."


@pytest.mark.parametrize("headers", [{}, {"Origin": "null"}])
def test_old_browsers_need_no_more_than_the_address(client, headers):
    """From a page that names itself to nobody, browsers send an empty origin."""
    comment = make_comment()
    client.handler.enforce_csrf_checks = True
    assert change(client, comment, headers=headers).status_code == 303


@pytest.mark.parametrize("seen", ["", "held", "held.x", "held.99999999999", "\0", "x" * 41])
def test_a_form_without_its_hidden_field_changes_nothing(client, seen):
    comment = make_comment(text="First words.")
    assert change(client, comment, seen=seen).status_code == 422
    assert Comment.objects.get().body == "First words."


def test_the_newsrooms_own_replies_are_not_changed_this_way(client):
    answer = Comment.objects.answer(make_article(), text="Thanks.", by=make_staff("Moderators"))
    assert "comment" not in fields_of(client.get(status_url(answer)))
    assert change(client, answer, "Other words.").status_code == 422
    assert Comment.objects.get().body == "Thanks."


def test_the_form_is_filled_in_as_any_other(client):
    comment = make_comment(text="Lines\nand <i>marks</i>.")
    assert fields_of(client.get(status_url(comment)))["comment"] == "Lines\nand <i>marks</i>."
    response = fill_in(client, status_url(comment))
    assert response.status_code == 405  # the form goes to an address of its own
