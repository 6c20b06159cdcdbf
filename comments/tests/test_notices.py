"""Mail about replies: asked for, confirmed, sent when a decision has stood, and ended."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.tests.factories import make_article, make_staff
from comments.editing import TooLate
from comments.models import Mail, Subscription
from comments.notices.links import subscriptions_url
from comments.tests.factories import form_data, make_comment, post_reply
from newsroom.tests.browsing import fields_of
from newsroom.tests.mail import run_mail_worker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "mail_worker")]

HANA = "hana@reader.example"
OWN, ALL = frozenset({"answers"}), frozenset({"all"})


@pytest.fixture
def article():
    return make_article(headline="Rain & wind")


@pytest.fixture
def moderator():
    return make_staff("Moderators")


def subscribed(article, email=HANA, notices=OWN, **fields):
    """A held reply of somebody who asked for mail and has confirmed it."""
    comment = make_comment(article=article, email=email, notices=notices, **fields)
    Subscription.objects.filter(sender=comment.commenter_id).confirm()
    Mail.objects.filter(sender=comment.commenter).delete()
    return comment


def pass_(clock, **time):
    clock.shift(timedelta(**time))
    run_mail_worker()


def subjects(mailoutbox):
    return [(mail.to[0], mail.subject) for mail in mailoutbox]


def test_the_first_mail_asks_to_confirm_and_holds_nothing_that_was_typed(
    article, clock, mailoutbox
):
    make_comment(
        article=article, email=HANA, name="Eviltyper", text="Buy this now.", notices=OWN | ALL
    )
    pass_(clock, minutes=6)
    [mail] = mailoutbox
    assert mail.to == [HANA]
    assert mail.subject == "Do you want mail about replies at Newsroom?"
    [(html, _)] = mail.alternatives
    for words in (mail.body, html):
        assert "Eviltyper" not in words
        assert "Buy this" not in words
        assert subscriptions_url(Subscription.objects.earliest("pk").sender_id) in words
    assert "Rain & wind" in mail.body
    assert "Rain &amp; wind" in html


def test_taking_back_does_not_begin_the_day_between_two_such_mails_anew(article, clock, mailoutbox):
    """With the last reply its sender is forgotten, and when the last mail was sent."""
    for number in range(2):
        first = make_comment(article=article, email=HANA, text=f"First {number}.", notices=OWN)
        pass_(clock, minutes=4)
        second = make_comment(article=article, email=HANA, text=f"Second {number}.")
        pass_(clock, seconds=50)
        first.take_back()
        pass_(clock, seconds=80)
        second.take_back()
    assert mailoutbox == []
    make_comment(article=article, email=HANA, text="Third.", notices=OWN)
    pass_(clock, minutes=6)
    assert len(mailoutbox) == 1


def test_nobody_is_mailed_who_has_not_asked(article, moderator, clock, mailoutbox):
    comment = make_comment(article=article, email=HANA)
    comment.approve(by=moderator)
    pass_(clock, hours=1)
    assert mailoutbox == []
    assert not Mail.objects.exists()


def test_nothing_but_the_question_goes_to_an_address_that_is_not_confirmed(
    article, moderator, clock, mailoutbox
):
    comment = make_comment(article=article, email=HANA, notices=OWN | ALL)
    comment.approve(by=moderator)
    make_comment(article=article, parent=comment).approve(by=moderator)
    pass_(clock, hours=2)
    assert [mail.subject for mail in mailoutbox] == ["Do you want mail about replies at Newsroom?"]


def test_confirming_one_piece_confirms_no_other_that_is_asked_for_later(
    article, moderator, clock, mailoutbox
):
    subscribed(article)
    clock.shift(timedelta(minutes=1))
    other = make_comment(article=make_article(), email=HANA, notices=OWN)
    other.approve(by=moderator)
    pass_(clock, minutes=10)
    assert [mail.subject for mail in mailoutbox] == ["Do you want mail about replies at Newsroom?"]


def test_an_address_is_asked_at_most_once_a_day(article, clock, mailoutbox):
    for _ in range(4):
        make_comment(article=make_article(), email=HANA, notices=ALL)
        pass_(clock, hours=1)
    assert len(mailoutbox) == 1
    Subscription.objects.pending().confirm()
    make_comment(article=article, email=HANA, notices=ALL)
    pass_(clock, hours=20, minutes=59)
    assert len(mailoutbox) == 1
    pass_(clock, minutes=2)
    assert len(mailoutbox) == 2
    assert "Rain & wind" in mailoutbox[1].body


def test_a_question_that_was_answered_before_its_time_is_not_asked(article, clock, mailoutbox):
    make_comment(article=make_article(), email=HANA, notices=ALL)
    pass_(clock, minutes=6)
    make_comment(article=article, email=HANA, notices=ALL)
    Subscription.objects.pending().confirm()
    pass_(clock, days=2)
    assert len(mailoutbox) == 1


def test_taking_replies_back_and_sending_them_again_makes_no_more_questions(
    article, clock, mailoutbox
):
    for _ in range(3):
        comment = make_comment(article=article, email=HANA, notices=ALL)
        pass_(clock, minutes=4, seconds=59)
        comment.take_back()
        run_mail_worker()
    assert mailoutbox == []
    comment = make_comment(article=article, email=HANA, notices=ALL)
    pass_(clock, minutes=6)
    assert len(mailoutbox) == 1
    with pytest.raises(TooLate):
        comment.take_back()


def test_what_a_machine_seems_to_send_makes_no_mail(article, clock, mailoutbox):
    make_comment(article=article, email=HANA, notices=OWN | ALL, trap="filled in")
    pass_(clock, hours=1)
    assert mailoutbox == []


def test_an_author_hears_of_the_approval_five_minutes_later_and_once(
    article, moderator, clock, mailoutbox
):
    comment = subscribed(article)
    comment.approve(by=moderator)
    pass_(clock, minutes=4, seconds=59)
    assert mailoutbox == []
    pass_(clock, seconds=1)
    assert subjects(mailoutbox) == [(HANA, "Your reply to “Rain & wind” is published")]
    assert f"http://localhost:8000/comments/{comment.pk}/" in mailoutbox[0].body
    pass_(clock, hours=3)
    assert len(mailoutbox) == 1


def test_an_approval_that_was_taken_back_is_not_told(article, moderator, clock, mailoutbox):
    comment = subscribed(article)
    parent = subscribed(article, email="other@reader.example", notices=OWN | ALL)
    parent.approve(by=moderator)
    pass_(clock, minutes=6)
    mailoutbox.clear()
    answer = subscribed(article, email="third@reader.example", parent=parent)
    for reply in (comment, answer):
        reply.approve(by=moderator)
    clock.shift(timedelta(minutes=3))
    for reply in (comment, answer):
        reply.restore(by=moderator)
    pass_(clock, hours=3)
    assert mailoutbox == []


def test_a_rejection_is_told_with_its_reason_and_spam_is_not(article, moderator, clock, mailoutbox):
    comment = subscribed(article)
    spam = subscribed(article, email="spam@reader.example")
    comment.reject(by=moderator, reason="It names a <neighbour>.")
    spam.mark_spam(by=moderator)
    pass_(clock, minutes=5)
    [mail] = mailoutbox
    assert (mail.to, mail.subject) == ([HANA], "Your reply to “Rain & wind” was not published")
    assert "It names a <neighbour>." in mail.body
    assert "It names a &lt;neighbour&gt;." in mail.alternatives[0][0]
    assert "/comments/status/" in mail.body


def test_a_decision_that_is_changed_within_five_minutes_is_told_as_it_is_then(
    article, moderator, clock, mailoutbox
):
    comment = subscribed(article)
    comment.approve(by=moderator)
    clock.shift(timedelta(minutes=3))
    comment.reject(by=moderator)
    pass_(clock, minutes=4)
    assert mailoutbox == []
    pass_(clock, minutes=1)
    assert [mail.subject for mail in mailoutbox] == [
        "Your reply to “Rain & wind” was not published"
    ]


def test_the_same_decision_again_is_not_told_again(article, moderator, clock, mailoutbox):
    comment = subscribed(article)
    comment.approve(by=moderator)
    pass_(clock, minutes=5)
    comment.restore(by=moderator)
    comment.approve(by=moderator)
    pass_(clock, minutes=5)
    assert len(mailoutbox) == 1


def test_another_rejection_is_told(article, moderator, clock, mailoutbox):
    comment = subscribed(article)
    comment.reject(by=moderator, reason="First.")
    pass_(clock, minutes=5)
    comment.restore(by=moderator)
    comment.reject(by=moderator, reason="Second.")
    pass_(clock, minutes=5)
    assert ["First." in mail.body for mail in mailoutbox] == [True, False]
    assert "Second." in mailoutbox[1].body


def test_an_answer_is_told_to_whom_it_answers(article, moderator, clock, mailoutbox):
    asked = subscribed(article)
    asked.approve(by=moderator)
    pass_(clock, minutes=6)
    mailoutbox.clear()
    answer = make_comment(
        article=article, parent=asked, name="Ann <A>", email="ann@other.example", text="I know."
    )
    answer.approve(by=moderator)
    pass_(clock, minutes=5)
    [mail] = mailoutbox
    assert (mail.to, mail.subject) == ([HANA], "An answer to your reply to “Rain & wind”")
    assert "Ann <A> has answered" in mail.body
    assert "<bdi>Ann &lt;A&gt;</bdi>" in mail.alternatives[0][0]
    whole = mail.message().as_string()
    assert "ann@other.example" not in whole
    assert "I know." not in whole
    answer.restore(by=moderator)
    answer.approve(by=moderator)
    pass_(clock, minutes=5)
    assert len(mailoutbox) == 1, "it is told once"


def test_nobody_is_told_of_their_own_answer(article, moderator, clock, mailoutbox):
    asked = subscribed(article, notices=OWN | ALL)
    asked.approve(by=moderator)
    pass_(clock, minutes=6)
    mailoutbox.clear()
    make_comment(article=article, parent=asked, email=HANA.upper()).approve(by=moderator)
    pass_(clock, hours=2)
    assert subjects(mailoutbox) == [(HANA, "Your reply to “Rain & wind” is published")]


def test_new_replies_come_in_one_mail_and_the_next_an_hour_later(
    article, moderator, clock, mailoutbox
):
    subscribed(article, notices=ALL)
    first, second = (make_comment(article=article, name=name) for name in ("Ann A.", "Bo B."))
    first.approve(by=moderator)
    clock.shift(timedelta(minutes=4))
    second.approve(by=moderator)
    pass_(clock, minutes=1)
    [mail] = mailoutbox
    assert mail.subject == "New replies to “Rain & wind”"
    assert "Ann A." in mail.body
    assert "Bo B." not in mail.body  # it has not stood yet
    third = make_comment(article=article, name="Cy")
    third.approve(by=moderator)
    pass_(clock, minutes=50)
    assert len(mailoutbox) == 1
    pass_(clock, minutes=20)
    assert len(mailoutbox) == 2
    assert "2 new replies" in mailoutbox[1].body
    assert "Ann A." not in mailoutbox[1].body
    pass_(clock, hours=5)
    assert len(mailoutbox) == 2


def test_whom_a_reply_answers_is_not_told_of_it_twice(article, moderator, clock, mailoutbox):
    asked = subscribed(article, notices=OWN | ALL)
    asked.approve(by=moderator)
    pass_(clock, minutes=6)
    mailoutbox.clear()
    make_comment(article=article, parent=asked).approve(by=moderator)
    pass_(clock, hours=2)
    assert [mail.subject for mail in mailoutbox] == ["An answer to your reply to “Rain & wind”"]


def test_a_piece_that_was_withdrawn_meanwhile_is_not_written_about(
    article, moderator, clock, mailoutbox
):
    comment = subscribed(article, notices=OWN)
    subscribed(article, email="other@reader.example", notices=ALL)
    comment.approve(by=moderator)
    article.withdraw(by=make_staff())
    pass_(clock, hours=1)
    assert mailoutbox == []


def test_an_erased_reply_is_not_written_about(article, moderator, clock, mailoutbox):
    comment = subscribed(article, notices=OWN)
    subscribed(article, email="other@reader.example", notices=ALL)
    comment.approve(by=moderator)
    comment.erase(by=moderator)
    pass_(clock, hours=1)
    assert mailoutbox == []


def test_what_was_ended_meanwhile_is_not_sent(article, moderator, clock, mailoutbox):
    comment = subscribed(article)
    comment.approve(by=moderator)
    Subscription.objects.end()
    pass_(clock, hours=1)
    assert mailoutbox == []


def test_a_mail_speaks_the_language_of_its_piece(moderator, clock, mailoutbox):
    comment = subscribed(make_article(headline="雨", language="ja"))
    comment.approve(by=moderator)
    pass_(clock, minutes=5)
    assert '<html lang="ja">' in mailoutbox[0].alternatives[0][0]


def test_the_form_asks_for_what_is_ticked(client, article):
    page = client.get(article.get_absolute_url()).content.decode()
    assert 'name="notify_answers"' in page
    assert 'name="notify_all"' in page
    assert "checked" not in page.partition('name="notify_answers"')[2][:120]
    post_reply(client, article, notify_answers="on")
    assert [each.kind for each in Subscription.objects.all()] == ["answers"]


def test_a_decision_takes_as_many_queries_with_a_hundred_subscribers_as_with_one(
    article, moderator
):
    counts = []
    for number in range(3):
        for each in range(10**number):
            subscribed(article, email=f"s-{number}-{each}@reader.example", notices=ALL)
        comment = subscribed(article, email=f"author-{number}@reader.example")
        Mail.objects.all().delete()
        with CaptureQueriesContext(connection) as queries:
            comment.approve(by=moderator)
        counts.append(len(queries))
    assert counts[0] == counts[1] == counts[2]
    assert Mail.objects.filter(kind=Mail.Kind.NEW_REPLIES).count() == 111
    another = make_comment(article=article)
    with CaptureQueriesContext(connection) as queries:
        another.approve(by=moderator)
    assert not any('INSERT INTO "comments_mail"' in each["sql"] for each in queries)


def test_what_was_asked_for_survives_the_page_on_which_old_browsers_confirm(client, article):
    url = f"/articles/{article.slug}/comments/"
    asked = client.post(url, form_data(notify_all="on"))
    client.post(url, fields_of(asked))
    assert [each.kind for each in Subscription.objects.all()] == ["all"]


def test_one_address_gets_the_mail_of_all_its_pieces_and_of_no_other(
    article, moderator, clock, mailoutbox
):
    """What is told of one piece goes to those who asked about that piece."""
    subscribed(make_article(), notices=OWN | ALL)
    subscribed(article, email="other@reader.example", notices=ALL)
    make_comment(article=article).approve(by=moderator)
    pass_(clock, hours=2)
    assert [mail.to for mail in mailoutbox] == [["other@reader.example"]]
