"""Whom the rules know, and by what: a typed address makes nobody known, and can only be held
against its sender."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from articles.models import Replies
from articles.tests.factories import make_article, make_staff
from comments.admin.standings import StandingForm
from comments.models import Comment, Commenter, Policy, Standing
from comments.moderation.afterwards import BLOCKED_WAIT, reject_blocked
from comments.status_address import status_url
from comments.tests.factories import make_approved, make_comment, post_reply

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

HANA, MALLORY = "hana@example.org", "mallory@example.org"


@pytest.fixture(autouse=True)
def known_senders_appear_at_once(db):
    Policy(replies=Replies.OPEN).save()


@pytest.fixture
def by():
    return make_staff("Moderators")


def proof_of(comment):
    return status_url(comment).split("/")[-2]


def sender_of(comment) -> Any:
    return comment.commenter


def known(clock, *, email=HANA, count=1):
    """The proof of a sender with so many approved replies, after a while."""
    for _ in range(count):
        last = make_approved(email=email)
        clock.shift(3600)
    return proof_of(last)


def rules_that_saw(comment):
    return set(comment.findings.values_list("rule", flat=True))


# --- Being known ------------------------------------------------------------------------------


def test_a_sender_who_shows_the_proof_of_an_approved_reply_appears_at_once(clock):
    reply = make_comment(email=HANA, proof=known(clock))
    assert reply.is_approved


def test_the_form_carries_the_proof(client, clock):
    proof = known(clock)
    post_reply(client, make_article(), comment="Mine.", email=HANA, proof=proof)
    assert Comment.objects.get(body="Mine.").is_approved


def test_an_address_that_was_approved_before_makes_nobody_known(clock):
    known(clock, count=3)
    reply = make_comment(email=HANA)
    assert (reply.status, rules_that_saw(reply)) == ("held", {"newcomer"})


def test_somebody_elses_proof_makes_nobody_known(clock):
    reply = make_comment(email=MALLORY, proof=known(clock))
    assert (reply.status, rules_that_saw(reply)) == ("held", {"newcomer"})


@pytest.mark.parametrize("state", ["held", "rejected", "spam", "erased"])
def test_the_proof_of_a_reply_that_is_not_approved_is_none(clock, by, state):
    known(clock)  # the address has an approved one besides
    other = make_comment(email=HANA)
    {
        "held": lambda: None,
        "rejected": lambda: other.reject(by=by),
        "spam": lambda: other.mark_spam(by=by),
        "erased": lambda: other.erase(by=by),
    }[state]()
    clock.shift(3600)
    assert make_comment(email=HANA, proof=proof_of(other)).is_held


@pytest.mark.parametrize("forge", [str.swapcase, lambda proof: proof[:-1], lambda proof: "1.x"])
def test_a_forged_proof_is_none(clock, forge):
    assert make_comment(email=HANA, proof=forge(known(clock))).is_held


def test_of_several_proofs_one_suffices(clock):
    proof = known(clock)
    others = [proof_of(make_comment(email=MALLORY)), proof]
    assert make_comment(email=HANA, proof=" ".join(others)).is_approved


@pytest.mark.parametrize(("before", "status"), [(2, "held"), (3, "approved")])
def test_the_first_replies_are_held_until_as_many_as_said_were_approved(clock, before, status):
    Policy(replies=Replies.OPEN, hold_first=3).save()
    assert make_comment(email=HANA, proof=known(clock, count=before)).status == status


def test_where_all_are_held_the_proof_changes_nothing(clock):
    proof = known(clock)
    Policy(replies=Replies.HELD).save()
    assert make_comment(email=HANA, proof=proof).is_held


# --- Rejections -------------------------------------------------------------------------------


def test_recent_rejections_hold_what_would_appear_at_once(clock, by):
    proof = known(clock)
    make_comment(email=HANA).reject(by=by)
    clock.shift(3600)
    reply = make_comment(email=HANA, proof=proof)
    assert (reply.status, rules_that_saw(reply)) == ("held", {"rejected_before"})


def test_after_thirty_days_a_rejection_is_forgotten(clock, by):
    make_comment(email=HANA).reject(by=by)
    clock.shift(timedelta(days=31))
    assert make_comment(email=HANA, proof=known(clock)).is_approved


# --- Blocked ----------------------------------------------------------------------------------


def block(by, email=HANA, **fields):
    return sender_of(make_comment(email=email)).block(by=by, **fields)


def test_a_blocked_sender_who_proves_who_they_are_is_turned_down_at_once(clock, by):
    proof = known(clock)
    block(by)
    clock.shift(3600)
    reply = make_comment(email=HANA, proof=proof)
    assert reply.status == "rejected"
    assert reply.decisions.get().rule == "blocked_sender"
    assert reply.restore(by=by)


def test_whether_an_address_is_blocked_cannot_be_told_by_typing_it(client, clock, by):
    block(by)
    clock.shift(3600)
    pages = set()
    for email in (HANA, "nobody@example.org"):
        answer = post_reply(client, make_article(slug=email[:4]), comment="Mine.", email=email)
        assert answer.status_code == 303
        pages.add(client.get(answer["Location"]).content.replace(email[:4].encode(), b""))
    states = set(Comment.objects.filter(body="Mine.").values_list("status", flat=True))
    assert states == {"held"}
    assert len({page.count(b"<p") for page in pages}) == 1


def test_what_waits_of_a_blocked_sender_is_turned_down_after_a_while(clock, by):
    block(by)
    clock.shift(3600)
    reply, other = make_comment(email=HANA), make_comment(email=MALLORY)
    assert reject_blocked() == 0
    clock.shift(BLOCKED_WAIT + timedelta(seconds=1))
    assert reject_blocked() == 1
    assert reject_blocked() == 0
    reply.refresh_from_db()
    other.refresh_from_db()
    assert (reply.status, other.status) == ("rejected", "held")
    last = reply.decisions.all()[0]
    assert (last.rule, last.reason) == ("blocked_sender", "This sender is blocked.")


def test_what_a_moderator_has_put_back_is_left_to_them(clock, by):
    block(by)
    clock.shift(3600)
    reply = make_comment(email=HANA)
    clock.shift(BLOCKED_WAIT + timedelta(seconds=1))
    reject_blocked()
    reply.restore(by=by)
    assert reject_blocked() == 0


def test_what_waits_stays_where_the_block_was_lifted(clock, by):
    block(by)
    clock.shift(3600)
    reply = make_comment(email=HANA)
    sender_of(reply).lift(by=by)
    clock.shift(BLOCKED_WAIT + timedelta(seconds=1))
    assert reject_blocked() == 0


def test_a_block_ends_at_its_date(clock, by):
    block(by, until=timezone.now() + timedelta(days=7))
    clock.shift(timedelta(days=7) - timedelta(seconds=1))
    assert "blocked_sender" in rules_that_saw(make_comment(email=HANA))
    clock.shift(timedelta(minutes=1))
    assert "blocked_sender" not in rules_that_saw(make_comment(email=HANA))


# --- Trusted ----------------------------------------------------------------------------------


def test_a_trusted_sender_with_the_proof_is_no_newcomer(clock, by):
    Policy(replies=Replies.OPEN, hold_first=5).save()
    proof = known(clock)
    Commenter.objects.get().trust(by=by)
    assert make_comment(email=HANA, proof=proof).is_approved
    clock.shift(60)
    assert make_comment(email=HANA).is_held


def test_trust_is_no_leave_to_say_anything(clock, by):
    Policy(replies=Replies.OPEN, banned_words="viagra").save()
    proof = known(clock)
    Commenter.objects.get().trust(by=by)
    assert make_comment(email=HANA, proof=proof, text="Buy viagra.").status == "rejected"


# --- One standing -----------------------------------------------------------------------------


def test_a_sender_has_one_standing_and_the_former_stay_on_record(by):
    sender = sender_of(make_comment(email=HANA))
    sender.block(by=by, reason="Insults.")
    sender.trust(by=by)
    assert [each.kind for each in Standing.objects.in_force()] == ["trusted"]
    assert sender.lift(by=by)
    assert not sender.lift(by=by)
    assert Standing.objects.count() == 2
    assert not Standing.objects.in_force().exists()


def test_a_block_outlives_the_sender_without_a_word(clock, by):
    standing = block(by, reason="Insults Mr Smith.", until=timezone.now() + timedelta(days=30))
    Standing.objects.forget(standing.fingerprint)
    standing.refresh_from_db()
    assert (standing.sender, standing.reason) == (None, "")
    clock.shift(60)
    assert "blocked_sender" in rules_that_saw(make_comment(email=HANA))


def test_trust_does_not_outlive_the_sender(by):
    sender = sender_of(make_comment(email=HANA))
    sender.trust(by=by)
    Standing.objects.forget(sender.fingerprint)
    assert not Standing.objects.exists()


# --- In the admin -----------------------------------------------------------------------------


def test_moderators_block_on_the_page_of_a_reply(client, by, settings):
    reply = make_comment(email=HANA)
    client.force_login(by)
    page = f"/admin/comments/comment/{reply.pk}/sender/"
    assert page in client.get(f"/admin/comments/comment/{reply.pk}/change/").content.decode()
    assert client.get(page).status_code == 200
    answer = client.post(page, {"standing": "blocked", "days": "30", "reason": "Insults."})
    assert answer["Location"] == f"/admin/comments/comment/{reply.pk}/change/"
    standing = Standing.objects.get()
    assert (standing.kind, standing.by, standing.reason) == ("blocked", by, "Insults.")
    assert standing.until == timezone.now() + timedelta(days=30)
    shown = client.get(f"/admin/comments/comment/{reply.pk}/change/").content.decode()
    assert "Insults." in shown
    lists = client.get("/admin/comments/senders/").content.decode()
    assert f"Sender {sender_of(reply).pk}" in lists
    for text in (shown, lists):
        assert sender_of(reply).fingerprint not in text
        assert HANA not in text
    client.post(page, {"standing": "lift", "days": "0"})
    assert not Standing.objects.in_force().exists()


@pytest.mark.parametrize(
    "sent", [{}, {"standing": "king", "days": "30"}, {"standing": "blocked", "days": "-1"}]
)
def test_bad_input_there_changes_nothing(client, by, sent):
    reply = make_comment()
    client.force_login(by)
    assert client.post(f"/admin/comments/comment/{reply.pk}/sender/", sent).status_code == 422
    assert not Standing.objects.exists()


def test_a_sender_who_is_forgotten_meanwhile_is_not_found(client, by, monkeypatch):
    reply, apply = make_comment(), StandingForm.apply

    def forgotten_first(form, sender, *, by):
        Commenter.objects.update(fingerprint=None, sealed_address=b"")
        return apply(form, sender, by=by)

    monkeypatch.setattr(StandingForm, "apply", forgotten_first)
    client.force_login(by)
    sent = {"standing": "blocked", "days": "30"}
    assert client.post(f"/admin/comments/comment/{reply.pk}/sender/", sent).status_code == 404
    assert not Standing.objects.exists()


def test_nobody_else_blocks(client):
    reply = make_comment()
    client.force_login(make_staff("Editors"))
    page = f"/admin/comments/comment/{reply.pk}/sender/"
    assert client.get(page).status_code == 403
    assert client.post(page, {"standing": "blocked", "days": "30"}).status_code == 403
    assert not Standing.objects.exists()
