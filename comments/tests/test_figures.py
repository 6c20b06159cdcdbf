"""What is counted of each day, and when it is counted."""

from datetime import UTC, datetime, timedelta

import pytest

from articles.tests.factories import make_article, make_staff
from comments import figures
from comments.models import CannedReason, Comment, DayFigure, Decision, Policy
from comments.tasks import keep_figures
from comments.tests.factories import make_comment
from newsroom.models import SiteSettings

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 3, 10, 12, tzinfo=UTC)
Kind = DayFigure.Kind


def figure(kind, key="", day=None):
    row = DayFigure.objects.filter(kind=kind, key=key, day=day or figures.today()).first()
    return row.number if row else 0


def make_decided(verb, *, by=None, minutes=10, clock=None, **said):
    comment = make_comment()
    if clock:
        clock.shift(timedelta(minutes=minutes))
    verb(comment, by=by or make_staff("Moderators"), **said)
    return comment


def test_a_day_counts_what_came_in_and_what_became_of_it(clock):
    article, moderator = make_article(), make_staff("Moderators")
    first, second, third, _waits = (make_comment(article=article) for _ in range(4))
    clock.shift(timedelta(minutes=20))
    first.approve(by=moderator)
    second.reject(by=moderator, reason="No.")
    third.mark_spam(by=moderator)
    Comment.objects.answer(article, text="We know.", by=make_staff("Editors"))
    figures.keep_up()
    assert [figure(each) for each in ("received", "approved", "rejected", "spam")] == [4, 1, 1, 1]
    assert figure(Kind.PIECE, str(article.pk)) == 4
    assert figure(Kind.REASON, figures.OWN_WORDS) == 1
    assert sum(DayFigure.objects.all().totals(Kind.WAITED).values()) == 3


def test_a_rejection_counts_under_its_ready_reason():
    reason = CannedReason.objects.get(code="insult")
    make_decided(Comment.reject, reason="Be kind.", canned=reason)
    figures.keep_up()
    assert figure(Kind.REASON, str(reason.pk)) == 1


def test_a_rejection_by_a_rule_counts_under_the_rule():
    Policy.objects.create(banned_words="casino")
    make_comment(text="Come to my casino now.")
    figures.keep_up()
    assert figure(Kind.REASON, "rule:banned_words") == 1
    assert not DayFigure.objects.filter(kind=Kind.WAITED)


def test_a_reply_counts_once_where_it_got_to_and_once_for_its_wait(clock):
    moderator = make_staff("Moderators")
    comment = make_decided(Comment.approve, by=moderator, clock=clock)
    for verb in (Comment.restore, Comment.approve, Comment.reject, Comment.approve):
        clock.shift(timedelta(minutes=1))
        verb(comment, by=moderator)
    figures.keep_up()
    assert [figure(each) for each in ("approved", "rejected")] == [1, 1]
    assert sum(DayFigure.objects.all().totals(Kind.WAITED).values()) == 1


def test_hits_of_a_rule_and_what_moderators_thought_of_them():
    moderator = make_staff("Moderators")
    Policy.objects.create(watched_words="bank", replies="open", hold_first=0)
    let_out, refused, _open = (make_comment(text=f"My bank, {n} times.") for n in range(3))
    let_out.approve(by=moderator)
    refused.reject(by=moderator)
    seemed_fine = make_comment(text="Quite harmless, it seems.")
    assert seemed_fine.is_approved
    seemed_fine.feature(by=moderator)
    seemed_fine.mark_spam(by=moderator)
    figures.keep_up()
    kinds = (Kind.RULE_HIT, Kind.RULE_DECIDED, Kind.RULE_REVERSED)
    assert [figure(kind, "watched_words") for kind in kinds] == [3, 2, 1]
    assert [figure(kind, "nothing_found") for kind in kinds] == [1, 1, 1]


def test_days_are_those_of_the_sites_clock(clock):
    SiteSettings.objects.update_or_create(pk=1, defaults={"time_zone": "Asia/Tokyo"})
    clock.move_to(datetime(2026, 3, 10, 15, 30, tzinfo=UTC))  # after midnight there
    make_comment()
    figures.keep_up()
    assert figure("received", day=datetime(2026, 3, 11).date()) == 1


def test_the_first_time_all_days_are_counted_and_later_the_last_two(clock):
    for _day in range(3):
        make_comment()
        clock.shift(timedelta(days=1))
    figures.keep_up()
    days = DayFigure.objects.filter(kind="received").values_list("number", flat=True)
    assert list(days.order_by("day")) == [1, 1, 1, 0]
    DayFigure.objects.filter(kind="received").update(number=9)
    figures.keep_up()
    assert list(days.order_by("day")) == [9, 9, 1, 0]


def test_a_job_that_stood_still_counts_what_it_missed(clock):
    figures.keep_up()
    for _day in range(5):
        clock.shift(timedelta(days=1))
        make_comment()
    figures.keep_up()
    received = DayFigure.objects.filter(kind="received").order_by("day")
    assert list(received.values_list("number", flat=True))[-5:] == [1] * 5


def test_what_is_no_longer_true_of_a_day_goes(clock):
    comment = make_comment()
    figures.keep_up()
    assert figure(Kind.PIECE, str(comment.article_id)) == 1
    DayFigure.objects.keep(figures.today(), {("received", ""): 3})
    assert list(DayFigure.objects.values_list("kind", "number")) == [("received", 3)]


def test_a_day_costs_the_same_however_much_happened(django_assert_num_queries):
    there, day, moderator = figures.zone(), figures.today(), make_staff("Moderators")
    make_decided(Comment.approve, by=moderator)
    with django_assert_num_queries(6):
        figures.count(day, there)
    for verb in (Comment.approve, Comment.reject, Comment.mark_spam) * 3:
        make_decided(verb, by=moderator)
    with django_assert_num_queries(6):
        figures.count(day, there)


def test_the_usual_wait_is_written_down_once_there_is_enough_to_say(clock):
    moderator = make_staff("Moderators")
    waiting = [make_comment() for _ in range(figures.ENOUGH_WAITS)]
    clock.shift(timedelta(minutes=30))
    for comment in waiting[1:]:
        comment.approve(by=moderator)
    keep_figures.func()
    assert Policy.objects.current().usual_wait is None
    waiting[0].approve(by=moderator)
    keep_figures.func()
    usual = Policy.objects.current().usual_wait
    assert usual is not None
    assert abs(usual / timedelta(minutes=30) - 1) < 0.05


def test_the_usual_wait_outlives_new_rules_and_ends_with_its_reason(clock):
    Policy.objects.create(usual_wait=timedelta(hours=1))
    changed = Policy.objects.get()
    changed.hold_first, changed.usual_wait = 5, None
    changed.adopt(by=make_staff("Moderators"))
    assert Policy.objects.get().usual_wait == timedelta(hours=1)
    keep_figures.func()
    assert Policy.objects.get().usual_wait is None


def test_what_a_moderator_took_back_does_not_count(clock):
    moderator = make_staff("Moderators")
    comment = make_decided(Comment.approve, by=moderator, clock=clock)
    mistake = comment.decisions.get(to_status="approved")
    Comment.objects.filter(pk=comment.pk).update(status="held")
    Decision.objects.record(
        comment, to="held", from_status="approved", by=moderator, kind="undone", undoes=mistake
    )
    figures.keep_up()
    assert figure("approved") == 0
    assert not DayFigure.objects.filter(kind=Kind.WAITED)
    comment.refresh_from_db()
    comment.reject(by=moderator)
    figures.keep_up()
    assert figure("rejected") == 1
    assert sum(DayFigure.objects.all().totals(Kind.WAITED).values()) == 1
