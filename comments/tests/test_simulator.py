"""Trying rules on the last replies before they count."""

import time
from datetime import timedelta

import pytest
from django.utils import timezone

from articles.models import Article, Replies
from articles.tests.factories import make_article, make_staff
from comments.models import Comment, Policy, PolicyChange
from comments.moderation import trial
from comments.moderation.rules import RULES
from comments.moderation.trial import trial_of
from comments.tests.factories import make_approved, make_comment, make_many_approved
from comments.tests.test_policy import PAGE, sent
from newsroom.tests.browsing import fields_of, text_at

pytestmark = pytest.mark.django_db

NONE = {"hold_other_language": False, "hold_shouting": False, "hold_contact_details": False}


@pytest.fixture
def by():
    return make_staff("Moderators")


def try_on(present=None, **fields):
    return trial_of(Policy(**{"replies": Replies.OPEN} | NONE | fields), present or Policy(**NONE))


def outcome(found):
    return found.count, found.approved, found.turned_down


def test_it_counts_what_the_rules_would_hold_and_reject_and_what_became_of_it(by):
    article = make_article()
    make_approved(article=article, by=by, text="I love gardens.")
    make_approved(article=article, by=by, text="Gardens are dull.")
    make_comment(article=article, text="A garden of roses.").reject(by=by)
    make_comment(article=article, text="Buy casino chips.").mark_spam(by=by)
    make_comment(article=article, text="Nothing of the kind.")
    found = try_on(watched_words="garden*", banned_words="casino")
    assert found.tried == 5
    assert outcome(found.held) == (3, 2, 1)
    assert outcome(found.rejected) == (1, 0, 1)
    assert (found.held_now, found.rejected_now) == (0, 0)
    assert found.by_rule == {"watched_words": 3, "banned_words": 1}
    assert found.named == [("Watched words", 3), ("Banned words", 1)]


def test_examples_show_what_was_matched_and_first_what_the_present_rules_let_pass(by):
    make_approved(by=by, text="An old <b>casino</b> in <i>Baden</i>.")
    make_approved(by=by, text="Roulette &amp; casino.")
    present = Policy(watched_words="roulette", **NONE)
    found = try_on(present, watched_words="casino\nroulette")
    first, second = found.examples
    parts = [(part.text, part.is_matched) for part in first.parts]
    assert ("casino", True) in parts
    assert "".join(text for text, _matched in parts).strip() == "An old casino in Baden."
    assert (first.before, second.before[0].rule) == ((), "watched_words")
    assert (found.held.count, found.held_now) == (2, 1)


def test_the_text_of_an_example_is_cut_around_what_was_matched(by):
    make_approved(by=by, text="many words " * 200 + "casino" + " and more" * 200)
    (example,) = try_on(watched_words="casino").examples
    shown = "".join(part.text for part in example.parts)
    assert "casino" in shown
    assert len(shown) < 1000


def test_it_shows_twenty_examples_of_the_newest_thousand(by, monkeypatch):
    monkeypatch.setattr(trial, "REPLIES", 30)
    make_many_approved(make_article(), 40)
    found = try_on(watched_words="reply")
    assert (found.tried, found.held.count, len(found.examples)) == (30, 30, 20)
    # They came from one sender at once, so that the present rules hold all but the first, too.
    assert [each.comment.body for each in found.examples[:2]] == ["Reply 10", "Reply 39"]


def test_pace_is_tried_on_when_they_came_in(by, clock):
    article = make_article()
    for _ in range(4):
        make_comment(article=article, email="hana@example.org", network="a")
        clock.shift(60)
    make_comment(article=article, network="b")
    assert try_on(sender_pace=3).by_rule == {"pace_of_sender": 1}
    assert try_on(sender_pace=0, network_pace=2).by_rule == {"pace_of_network": 2}
    assert try_on(sender_pace=0, article_pace=4).by_rule == {"pace_under_article": 1}


def test_closing_is_tried_on_when_they_came_in(clock):
    article = make_article()
    Article.objects.update(published_at=timezone.now() - timedelta(days=9))
    make_comment(article=article)
    found = try_on(close_after_days=7)
    assert (found.closed.count, found.held.count, found.closed_now) == (1, 0, 0)


def test_what_no_rule_finds_is_held_where_all_are_and_that_is_said(by):
    make_approved(by=by)
    found = trial_of(Policy(**NONE), Policy(**NONE))
    assert (found.held.count, found.held_all) == (0, True)


def test_every_rule_is_either_tried_or_said_to_be_left_out():
    tried = {rule.__name__ for rule in trial.TRIED}
    assert tried | set(trial.LEFT_OUT) == {rule.__name__ for rule in RULES}
    assert not tried & set(trial.LEFT_OUT)


def test_tombstones_and_what_the_newsroom_wrote_are_not_tried(by):
    make_comment().erase(by=by)
    assert try_on().tried == 0


def test_it_takes_bounded_time_and_says_where_it_was_cut(monkeypatch, by):
    make_many_approved(make_article(), 5)
    monkeypatch.setattr(trial, "LONGEST", -1.0)
    found = try_on(watched_words="reply")
    assert (found.tried, found.is_cut) == (0, True)


def test_a_thousand_replies_are_tried_in_as_many_queries_as_ten_and_in_seconds(
    django_assert_max_num_queries,
):
    article = make_article()
    for number in range(2):
        made = make_many_approved(article, 500)
        text = f"A reply of some length, with a name like Smith in it. {number} " * 6
        Comment.objects.filter(pk__in=[each.pk for each in made]).update(body=text, body_html=text)
    words = "\n".join(f"word{number}" for number in range(2000))
    start = time.process_time()
    with django_assert_max_num_queries(6):
        found = try_on(banned_words=words, watched_words="smith")
    assert (found.tried, found.held.count) == (1000, 1000)
    assert time.process_time() - start < 8


# --- On the page ------------------------------------------------------------------------------


def test_the_page_says_it_in_a_sentence_keeps_what_was_typed_and_saves_nothing(client, by):
    make_approved(by=by, text="Roulette in a casino.")
    make_comment(text="Nothing.")
    client.force_login(by)
    client.get("/admin/comments/policy/")
    answer = client.post(PAGE, sent(client, banned_words="casino", _try="Try"))
    assert answer.status_code == 200
    said = text_at(answer, ".//section[@id='trial']")
    assert "They would have held 0 of the last 2 replies, 0 of which you approved." in said
    assert "They would have rejected 1, 1 of which you approved. The present rules: 0." in said
    assert "Roulette in a casino." in said
    assert "<mark>casino</mark>" in answer.content.decode()
    assert fields_of(answer)["banned_words"].strip() == "casino"
    assert Policy.objects.get().banned_words == ""
    assert not PolicyChange.objects.exists()
    assert Comment.objects.filter(status="approved").count() == 1


def test_bad_rules_are_not_tried(client, by):
    client.force_login(by)
    client.get("/admin/comments/policy/")
    answer = client.post(PAGE, sent(client, most_links="-1", _try="Try"))
    assert "errornote" in answer.content.decode()
    assert "policy-trial" not in answer.content.decode()


def test_what_a_reply_says_is_shown_as_text(client, by):
    make_comment(name="Eve & Co", text="<b>casino</b> &lt;img src=x onerror=alert(1)&gt;")
    client.force_login(by)
    client.get("/admin/comments/policy/")
    html = client.post(PAGE, sent(client, banned_words="casino", _try="Try")).content.decode()
    assert "<img src=x" not in html
    assert "&lt;img src=x" in html
