"""Nothing of a reader is kept for longer than its rule says, and no field is without a rule."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models
from django.tasks import TaskResultStatus
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles.tests.factories import make_article, make_staff
from comments import retention, tasks
from comments.models import (
    Comment,
    Commenter,
    DataRequest,
    FormerText,
    Letter,
    Mail,
    SecondLook,
    Standing,
    Subscription,
    UsedWork,
)
from comments.models.comment_queryset import CommentQuerySet
from comments.models.commenter import CommenterQuerySet
from comments.models.standing import SenderForgotten, StandingQuerySet
from comments.models.subscription import SubscriptionQuerySet
from comments.tests.factories import make_approved, make_comment, sender_of
from newsroom import task_results

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
MOMENT = timedelta(seconds=1)
HOLDS_TEXT = (
    *(models.CharField, models.TextField, models.BinaryField, models.JSONField),
    *(models.GenericIPAddressField, models.FileField, models.UUIDField),
)


def erase():
    return dict(retention.erase_due())


# --- Every field has a rule -------------------------------------------------------------------


def fields():
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.concrete_fields:
            if isinstance(field, HOLDS_TEXT) and not field.primary_key:
                yield model._meta.app_label, model._meta.label, f"{model._meta.label}.{field.name}"


def without_rule(registered, reasoned):
    return [
        field
        for app, model, field in fields()
        if field not in registered and not {app, model, field} & set(reasoned)
    ]


def test_every_field_has_a_rule_or_a_reason():
    assert without_rule(retention.PERSONAL, retention.NOT_PERSONAL) == []


@pytest.mark.parametrize("forgotten", ["comments.Comment.body", "comments.Commenter.fingerprint"])
def test_a_field_without_a_rule_is_found(forgotten):
    others = {field: rule for field, rule in retention.PERSONAL.items() if field != forgotten}
    assert without_rule(others, retention.NOT_PERSONAL) == [forgotten]


def test_no_app_that_readers_write_to_is_excused_as_a_whole():
    excused = {name for name in retention.NOT_PERSONAL if "." not in name}
    assert excused == {"admin", "articles", "auth", "contenttypes", "sessions"}


def test_the_register_names_what_there_is():
    known = {name for each in fields() for name in each}
    assert set(retention.PERSONAL) <= known
    assert {name for name in retention.NOT_PERSONAL if "." in name} <= known
    assert not set(retention.PERSONAL) & set(retention.NOT_PERSONAL)


def test_every_field_names_a_rule_that_there_is():
    rules = {rule.name for rule in retention.RULES}
    ends = rules | {retention.WITH_THE_REPLY, retention.WITH_THE_SENDER}
    for field, named in retention.PERSONAL.items():
        assert named, field
        assert set(named) <= ends, field


# --- Replies ----------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["reject", "mark_spam"])
def test_a_refused_reply_is_erased_after_sixty_days(clock, verb):
    assert timedelta(days=60) == CommentQuerySet.REFUSED_KEPT
    comment = make_comment(email="hana@example.org", text="Words.")
    clock.shift(timedelta(days=30))
    getattr(comment, verb)(by=make_staff("Moderators"))
    clock.move_to(NOW + timedelta(days=90) - MOMENT)
    assert "refused replies" not in erase()
    clock.shift(MOMENT)
    assert erase()["refused replies"] == 1
    comment.refresh_from_db()
    assert (comment.status, comment.body, comment.name) == ("erased", "", "")
    assert comment.decisions.latest("at", "pk").rule == "retention"
    assert not Commenter.objects.exists(), "nobody is left without a reply"
    assert erase() == {}, "once is enough"


def test_others_keep_their_words_however_old(clock):
    moderator = make_staff("Moderators")
    approved, held = make_approved(), make_comment()
    undone = make_comment()
    undone.reject(by=moderator)
    undone.restore(by=moderator)
    clock.shift(timedelta(days=2000))
    erase()
    for comment in (approved, held, undone):
        comment.refresh_from_db()
        assert comment.body


def test_a_second_look_puts_the_end_off(clock):
    comment = make_comment()
    comment.reject(by=make_staff("Moderators"))
    clock.shift(timedelta(days=40))
    comment.ask_again("Please.")
    clock.shift(timedelta(days=59))
    assert "refused replies" not in erase()


def test_the_network_and_the_key_of_a_post_go_after_thirty_days(clock):
    comment = make_comment(network="ab" * 32, key="0123456789abcdef" * 2)
    clock.shift(timedelta(days=30) - MOMENT)
    erase()
    comment.refresh_from_db()
    assert comment.network
    assert comment.post_key
    clock.shift(MOMENT)
    assert erase() == {"traces of posting": 1}
    now = Comment.objects.get()
    assert (now.network, now.post_key or "") == ("", "")
    assert now.body


# --- Senders ----------------------------------------------------------------------------------


def test_an_address_ends_three_years_after_the_last_reply_and_the_reply_stays(clock):
    first = make_approved(email="hana@example.org")
    clock.shift(timedelta(days=700))
    last = make_approved(email="hana@example.org", article=make_article())
    sender = sender_of(first)
    sender.trust(by=make_staff("Moderators"))
    sender.hand_out_link()
    clock.shift(CommenterQuerySet.ADDRESS_KEPT - MOMENT)
    assert "senders" not in erase()
    clock.shift(MOMENT)
    assert erase()["senders"] == 1
    sender.refresh_from_db()
    assert (sender.fingerprint, bytes(sender.sealed_address), sender.data_handle) == (
        *(None, b"", None),
    )
    assert not Standing.objects.exists()
    last.refresh_from_db()
    assert last.body
    assert last.commenter == sender_of(first) == sender, "they stay together"
    assert erase() == {}
    clock.shift(60)
    assert sender_of(make_comment(email="hana@example.org")) != sender


def test_two_forgotten_senders_do_not_get_into_each_others_way(clock):
    for number in range(2):
        make_approved(email=f"reader-{number}@example.org")
    clock.shift(CommenterQuerySet.ADDRESS_KEPT)
    assert erase()["senders"] == 2


def test_nobody_who_was_forgotten_can_be_blocked_or_written_to(clock):
    comment = make_approved()
    clock.shift(CommenterQuerySet.ADDRESS_KEPT)
    erase()
    sender = Commenter.objects.get()
    assert not sender.takes_mail
    moderator = make_staff("Moderators")
    with pytest.raises(SenderForgotten):
        sender.block(by=moderator)
    comment.refresh_from_db()
    assert comment.body


# --- What stands beside -----------------------------------------------------------------------


def test_former_texts_second_looks_and_letters_end(clock):
    moderator, other = make_staff("Moderators"), make_staff("Moderators")
    comment = make_comment()
    comment.former_texts.create(body="Before.")
    comment.reject(by=moderator)
    comment.ask_again("Please.")
    comment.approve(by=other)
    letter = Letter.objects.write(comment, by=moderator, text="Dear reader")
    clock.shift(timedelta(days=60) - MOMENT)
    erase()
    assert FormerText.objects.exists()
    assert SecondLook.objects.get().words
    clock.shift(MOMENT)
    assert {"former texts": 1, "second looks": 1}.items() <= erase().items()
    assert SecondLook.objects.get().words == ""
    clock.move_to(letter.written_at + timedelta(days=365))
    assert erase()["letters"] == 1
    comment.refresh_from_db()
    assert comment.body


def test_subscriptions_and_mails_end(clock):
    article, kinds = make_article(), [Subscription.Kind.OWN, Subscription.Kind.ALL]
    sender = sender_of(make_approved(article=article))
    Subscription.objects.ask(sender, article, kinds)
    Subscription.objects.filter(kind=Subscription.Kind.OWN).confirm()
    Mail.objects.ask_to_confirm(sender)
    clock.shift(SubscriptionQuerySet.UNCONFIRMED_KEPT - MOMENT)
    assert "subscriptions" not in erase()
    clock.shift(MOMENT)
    assert erase()["subscriptions"] == 1
    stays = Subscription.objects.get()
    assert stays.kind == Subscription.Kind.OWN
    Subscription.objects.end()
    mail = Mail.objects.get()
    mail.mark_sent()
    clock.shift(timedelta(days=30) - MOMENT)
    assert erase().keys() <= {"task results", "traces of posting"}
    clock.shift(MOMENT)
    assert {"subscriptions": 1, "mails": 1}.items() <= erase().items()


def test_a_mail_that_waits_is_not_thrown_away(clock):
    sender = sender_of(make_approved())
    Mail.objects.create(sender=sender, kind=Mail.Kind.CONFIRMATION, due_at=timezone.now())
    clock.shift(timedelta(days=400))
    erase()
    assert Mail.objects.exists()


def test_standings_end_some_time_after_they_ran_out_or_were_lifted(clock):
    moderator = make_staff("Moderators")
    one, two, three = (sender_of(make_approved()) for _ in range(3))
    one.block(by=moderator, until=NOW + timedelta(days=7))
    two.block(by=moderator)
    two.lift(by=moderator)
    three.block(by=moderator)
    clock.shift(StandingQuerySet.ENDED_KEPT)
    assert erase()["standings"] == 1
    clock.shift(timedelta(days=7))
    assert erase()["standings"] == 1
    assert Standing.objects.get().sender == three


def test_requests_and_used_work_end(clock):
    DataRequest.objects.take("hana@example.org", network="ab" * 32)
    UsedWork.objects.use("cd" * 32, until=NOW + timedelta(hours=1))
    clock.shift(timedelta(days=1))
    assert {"requests for data": 1, "used work": 1}.items() <= erase().items()
    assert not DataRequest.objects.exists()


@pytest.mark.parametrize(
    ("status", "kept"),
    [
        (TaskResultStatus.SUCCESSFUL, task_results.KEPT),
        (TaskResultStatus.FAILED, task_results.FAILED_KEPT),
        (TaskResultStatus.RUNNING, task_results.ABANDONED_AFTER + task_results.FAILED_KEPT),
        (TaskResultStatus.READY, None),
    ],
)
def test_results_of_tasks_end_and_waiting_ones_do_not(clock, status, kept):
    tasks.erase_due.enqueue()
    DBTaskResult.objects.update(status=status, started_at=NOW, finished_at=NOW)
    clock.shift((kept or timedelta(days=1000)) - MOMENT)
    assert erase() == {}
    clock.shift(MOMENT)
    assert erase() == ({"task results": 1} if kept else {})


# --- How it is done ---------------------------------------------------------------------------


def many_refused(count):
    moderator = make_staff("Moderators")
    article = make_article()
    for _ in range(count):
        make_comment(article=article).reject(by=moderator)


def test_it_goes_in_batches_and_stops_and_goes_on(clock, monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    many_refused(5)
    clock.shift(timedelta(days=61))
    steps = retention.erase_due()
    assert next(steps) == ("refused replies", 2)
    steps.close()
    assert Comment.objects.filter(status="erased").count() == 2
    numbers = [number for name, number in retention.erase_due() if name == "refused replies"]
    assert numbers == [2, 1]


def test_one_that_is_decided_on_meanwhile_is_left(clock, monkeypatch):
    many_refused(1)
    clock.shift(timedelta(days=61))
    [rule] = [each for each in retention.RULES if each.name == "refused replies"]
    comment = Comment.objects.get()
    found: list[list[Comment]] = []

    def due():
        rows = Comment.objects.due_for_erasure()
        if not found:
            found.append(list(rows))
            comment.approve(by=make_staff("Moderators"))
            return Comment.objects.filter(pk=comment.pk)
        return rows

    changed = retention.Rule(rule.name, due, rule.end)
    monkeypatch.setattr(retention, "RULES", (changed,))
    list(retention.erase_due())
    assert found == [[comment]]
    comment.refresh_from_db()
    assert comment.body


def test_the_log_tells_numbers_alone(clock, caplog):
    caplog.set_level("DEBUG")
    make_comment(name="Canary", email="canary@example.org", text="Canary words.").reject(
        by=make_staff("Moderators")
    )
    clock.shift(timedelta(days=61))
    caplog.clear()
    tasks.erase_due.call()
    assert "Erased 1: refused replies." in caplog.text
    assert "canary" not in caplog.text.lower()


def test_it_is_run_by_hand_and_tells_what_it_did(clock):
    many_refused(3)
    clock.shift(timedelta(days=61))
    out = StringIO()
    call_command("erase_due", stdout=out)
    assert "refused replies: 3" in out.getvalue()
    out = StringIO()
    call_command("erase_due", stdout=out)
    assert out.getvalue() == "0 erased.\n"
