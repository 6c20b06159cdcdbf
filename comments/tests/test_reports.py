"""Readers' reports: whose are kept, when they hide a reply, and how decisions settle them."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F

from articles.tests.factories import make_article, make_staff
from comments import reporting, retention
from comments.explanations import explain
from comments.models import Comment, Decision, Mail, Policy, Report, Subscription
from comments.reporting import NothingToReport, ReportedEnough, TooManyReports
from comments.tests.factories import (
    VERBS,
    make_approved,
    make_comment,
    make_in_state,
    sender_of,
)
from comments.undoing import undo

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

NETWORK, OTHER_NETWORK = "ab" * 32, "cd" * 32


def report(comment, by=None, network=NETWORK, reason="abuse", words=""):
    return comment.report(reason=reason, words=words, by=by, network=network)


def erase():
    return dict(retention.erase_due())


def make_known():
    """A sender whose replies would not be held."""
    return sender_of(make_approved())


def make_hidden(**fields):
    """A reply that three known senders have reported."""
    comment = make_approved(**fields)
    for _ in range(3):
        report(comment, by=make_known())
    comment.refresh_from_db()
    assert comment.is_held
    return comment


# --- One of each reader -----------------------------------------------------------------------


def test_a_report_puts_the_reply_among_the_reported_ones_and_leaves_it_where_it_is(clock):
    comment = make_approved()
    clock.shift(60)
    first = report(comment, words="Look at this.")
    clock.shift(60)
    report(comment, network=OTHER_NETWORK)
    comment.refresh_from_db()
    assert comment.is_approved
    assert comment.reported_at == first.at
    assert [each.words for each in comment.reports.open()] == ["Look at this.", ""]
    assert comment.decisions.count() == 2, "nothing was decided by it"


def test_a_reader_who_reports_again_has_one_report_the_first():
    comment, known = make_approved(), make_known()
    for by, network in [(None, NETWORK), (None, OTHER_NETWORK), (known, NETWORK)]:
        first = report(comment, by=by, network=network, words="First.")
        assert report(comment, by=by, network=network, reason="spam", words="Again.") == first
    assert {each.words for each in Report.objects.all()} == {"First."}
    assert Report.objects.count() == 3
    assert {each.network for each in Report.objects.filter(sender=known)} == {""}


def test_the_database_keeps_a_second_one_out():
    comment, known = make_approved(), make_known()
    for fields in ({"sender": known}, {"network": NETWORK}):
        Report.objects.create(comment=comment, reason="spam", **fields)
        with pytest.raises(IntegrityError), transaction.atomic():
            Report.objects.create(comment=comment, reason="abuse", **fields)


@pytest.mark.parametrize("state", ["held", "rejected", "spam"])
def test_what_readers_do_not_see_is_reported_by_nobody(state):
    comment = make_in_state(state)
    with pytest.raises(NothingToReport):
        report(comment)
    comment.erase(rule="retention")
    with pytest.raises(NothingToReport):
        report(comment)
    assert not Report.objects.exists()


def test_one_network_reports_so_many_in_ten_minutes(clock):
    article, comments = make_article(), []
    comments = [make_approved(article=article) for _ in range(reporting.PACE + 1)]
    for comment in comments[:-1]:
        report(comment)
    with pytest.raises(TooManyReports):
        report(comments[-1])
    assert comments[-1].reports.count() == 0
    report(comments[-1], network=OTHER_NETWORK)
    clock.shift(reporting.SHORTLY)
    assert report(comments[-1])


def test_of_so_many_that_do_not_count_more_are_refused_and_known_senders_are_heard(monkeypatch):
    monkeypatch.setattr(reporting, "MOST_OPEN", 2)
    comment = make_approved()
    for number in range(2):
        report(comment, network=f"{number:064}")
    with pytest.raises(ReportedEnough):
        report(comment)
    assert report(comment, by=make_known()).reader == Report.Reader.KNOWN


# --- Who counts, and what is hidden -----------------------------------------------------------


def test_enough_known_senders_hide_a_reply_until_somebody_has_looked(clock):
    comment = make_approved()
    for network in (NETWORK, OTHER_NETWORK, "ef" * 32):
        report(comment, network=network)
    known = [make_known() for _ in range(3)]
    for sender in known[:2]:
        report(comment, by=sender)
        comment.refresh_from_db()
        assert comment.is_approved
    report(comment, by=known[2])
    comment.refresh_from_db()
    assert comment.is_held
    comment.article.refresh_from_db()
    assert comment.article.reply_count == 0
    decision = comment.decisions.latest("pk")
    assert (decision.rule, decision.by, decision.from_status) == ("reports", None, "approved")
    assert decision.reason == "Reported by 3 known senders."
    assert explain(comment).why == ("Readers have reported it, so a moderator looks at it.",)
    assert comment.reported_at, "it is still among the reported ones"


def test_how_many_it_takes_is_a_rule_of_the_site_and_none_hide_where_it_says_so():
    Policy(hide_after_reports=1).save()
    comment, other = make_approved(), make_approved()
    report(comment, by=make_known())
    comment.refresh_from_db()
    assert comment.is_held
    Policy(hide_after_reports=0).save()
    for _ in range(4):
        report(other, by=make_known())
    other.refresh_from_db()
    assert other.is_approved


def a_newcomer():
    Policy.objects.update(hold_first=2)
    return make_known()


def a_blocked_one():
    sender = make_known()
    sender.block(by=make_staff("Moderators"))
    return sender


def one_rejected_lately():
    comment = make_approved(email="both@example.org")
    make_comment(email="both@example.org").reject(by=make_staff("Moderators"))
    return sender_of(comment)


@pytest.mark.parametrize("make", [a_newcomer, a_blocked_one, one_rejected_lately])
def test_whose_own_reply_would_be_held_hides_none_of_others(make):
    Policy(hide_after_reports=1).save()
    comment = make_approved()
    assert report(comment, by=make()).reader == Report.Reader.ANYBODY
    comment.refresh_from_db()
    assert comment.is_approved
    assert comment.reported_at, "it is read all the same"


def test_a_trusted_sender_counts_though_one_of_theirs_was_turned_down():
    Policy(hide_after_reports=1).save()
    sender = one_rejected_lately()
    sender.trust(by=make_staff("Moderators"))
    comment = make_approved()
    assert report(comment, by=sender).reader == Report.Reader.TRUSTED
    comment.refresh_from_db()
    assert comment.is_held


def test_nobody_hides_their_own_reply_or_what_the_newsroom_wrote():
    Policy(hide_after_reports=1).save()
    own = make_approved()
    assert report(own, by=sender_of(own)).reader == Report.Reader.ANYBODY
    staff = make_staff("Moderators")
    answer = Comment.objects.answer(own.article, text="Thank you.", by=staff)
    report(answer, by=make_known())
    for comment in (own, answer):
        comment.refresh_from_db()
        assert comment.is_approved
        assert comment.reported_at


def test_what_a_moderator_has_kept_is_hidden_no_more_and_reported_still():
    comment = make_hidden()
    comment.approve(by=make_staff("Moderators"))
    for _ in range(4):
        report(comment, by=make_known())
    comment.refresh_from_db()
    assert comment.is_approved
    assert comment.reports.open().count() == 4


# --- Settling ---------------------------------------------------------------------------------


def test_keeping_what_readers_see_settles_the_reports_and_tells_nobody_else(clock):
    article = make_article()
    comment = make_approved(article=article, email="hana@example.org")
    sender = sender_of(comment)
    kinds = [Subscription.Kind.OWN, Subscription.Kind.ALL]
    Subscription.objects.ask(sender, article, kinds)
    Subscription.objects.confirm()
    mails, approved_at = Mail.objects.count(), comment.approved_at
    mine = report(comment)
    clock.shift(60)
    moderator = make_staff("Moderators")
    assert comment.approve(by=moderator, note="Harsh, not more.")
    comment.refresh_from_db()
    mine.refresh_from_db()
    assert (comment.status, comment.reported_at) == ("approved", None)
    assert comment.approved_at == approved_at, "it is no new reply"
    assert Mail.objects.count() == mails
    decision = comment.decisions.latest("pk")
    assert (decision.kind, decision.by, decision.note) == ("reports", moderator, "Harsh, not more.")
    assert mine.decision == decision
    assert mine.outcome == "approved"
    assert not comment.approve(by=moderator), "once is enough"


def test_what_was_hidden_and_may_stay_is_no_new_reply(clock):
    comment = make_approved()
    approved_at = comment.approved_at
    clock.shift(60)
    for _ in range(3):
        report(comment, by=make_known())
    comment.refresh_from_db()
    assert comment.is_held
    comment.approve(by=make_staff("Moderators"))
    comment.refresh_from_db()
    assert comment.approved_at == approved_at


@pytest.mark.parametrize("state", ["approved", "rejected", "spam"])
def test_a_decision_on_what_was_hidden_settles_the_reports(state):
    comment = make_hidden()
    assert VERBS[state](comment, by=make_staff("Moderators"))
    comment.refresh_from_db()
    assert (comment.status, comment.reported_at) == (state, None)
    assert comment.decisions.latest("pk").kind == "state"
    assert {each.outcome for each in Report.objects.all()} == {state}
    assert Report.objects.count() == 3


def test_putting_it_into_the_queue_leaves_the_reports_open():
    comment = make_approved()
    report(comment)
    assert comment.restore(by=make_staff("Moderators"))
    comment.refresh_from_db()
    assert comment.reported_at
    assert comment.reports.open().exists()


def test_a_rule_lets_nothing_out_that_readers_reported():
    comment = make_hidden()
    assert not comment.let_out(rule="spam_service", reason="No spam.")
    assert comment.is_held
    comment.refresh_from_db()
    assert comment.is_held
    assert comment.turn_down(rule="spam_service", reason="Spam.", as_spam=True)
    assert {each.outcome for each in Report.objects.all()} == {"spam"}


def test_what_is_taken_back_is_waited_for_again(clock):
    """Whoever takes a decision back takes back what readers were told of it."""
    moderator = make_staff("Moderators")
    kept, refused = make_approved(), make_approved()
    for comment, verb in ((kept, Comment.approve), (refused, Comment.reject)):
        since = report(comment).at
        clock.shift(60)
        verb(comment, by=moderator)
        last = comment.decisions.latest("pk")
        assert undo(last, by=moderator)
        comment.refresh_from_db()
        assert (comment.status, comment.reported_at) == ("approved", since)
        assert comment.reports.open().count() == 1


def test_many_replies_are_settled_by_one_statement(django_assert_num_queries):
    moderator, article = make_staff("Moderators"), make_article()
    comments = [make_approved(article=article) for _ in range(3)]
    for comment in comments:
        report(comment)
        Decision.objects.record(comment, by=moderator, from_status="approved", to="spam")
    with django_assert_num_queries(1):
        assert Report.objects.settle([each.pk for each in comments]) == 3
    settled = Report.objects.filter(decision__comment=F("comment"))
    assert {each.comment for each in settled} == set(comments)
    assert {each.outcome for each in Report.objects.all()} == {"spam"}
    undone = list(Decision.objects.filter(to_status="spam"))
    with django_assert_num_queries(2):
        waiting = Report.objects.reopen(undone)
    assert waiting == {each.comment_id: each.at for each in Report.objects.open()}
    assert len(waiting) == 3


# --- How long ---------------------------------------------------------------------------------


def test_the_network_goes_after_thirty_days_and_the_report_sixty_after_its_end(clock):
    comment = make_approved()
    report(comment, words="Please look.")
    clock.shift(timedelta(days=30) - timedelta(seconds=1))
    erase()
    assert Report.objects.get().network
    clock.shift(1)
    assert erase()["traces of reports"] == 1
    assert Report.objects.get().network == ""
    clock.shift(timedelta(days=400))
    assert "reports" not in erase(), "what waits, waits"
    comment.approve(by=make_staff("Moderators"))
    clock.shift(timedelta(days=60))
    assert erase()["reports"] == 1
    assert not Report.objects.exists()


def test_with_the_reply_the_words_about_it_go():
    comment, known = make_approved(), make_known()
    mine = report(comment, by=known, words="She lives next door.")
    theirs = report(comment, words="At number 3.")
    comment.erase(by=make_staff("Moderators"))
    for each in (mine, theirs):
        each.refresh_from_db()
        assert (each.words, each.network, each.sender, each.outcome) == ("", "", None, "erased")
    comment.refresh_from_db()
    assert comment.reported_at is None


def test_with_the_reader_their_words_go_and_that_it_was_reported_stays():
    comment, own = make_approved(), make_approved()
    mine = report(comment, by=sender_of(own), words="I know him.")
    sender_of(own).erase(rule="erased_by_its_author")
    mine.refresh_from_db()
    assert (mine.words, mine.sender, mine.is_open) == ("", None, True)


def test_two_senders_who_become_one_keep_one_report_of_a_reply():
    comments = [make_approved() for _ in range(2)]
    one, other = make_known(), make_known()
    report(comments[0], by=one)
    for comment in comments:
        report(comment, by=other)
    one.move_to(other.fingerprint, bytes(other.sealed_address))
    assert {each.comment for each in one.reports.all()} == set(comments)
    assert one.reports.count() == 2
