"""The page on which a reader reports a reply, and the one that tells what became of it."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.models import Replies
from articles.tests.factories import make_article, make_staff
from comments import reporting
from comments.models import Comment, Policy, Report
from comments.models.report import MAX_WORDS
from comments.report_address import report_url
from comments.status_address import SIGNER as OF_AUTHORS
from comments.status_address import status_url
from comments.tests.factories import (
    FROM_THIS_SITE,
    make_approved,
    make_in_state,
    make_many_approved,
    sender_of,
)
from comments.tests.reading import by_class, by_id, filled_in, only, page, summary, text_of
from newsroom.tests.browsing import links, text_at

pytestmark = pytest.mark.django_db

NOBODY = "/comments/999999/report/"


def address(comment):
    return f"/comments/{comment.pk}/report/"


def send(client, comment, *, headers=FROM_THIS_SITE, **fields):
    given = {"reason": "abuse", "words": "", "subject": "", "proof": ""} | fields
    return client.post(address(comment), given, headers=headers)


def token_of(comment):
    return status_url(comment).split("/")[-2]


# --- The link and the form --------------------------------------------------------------------


@pytest.mark.parametrize("replies", [Replies.OPEN, Replies.CLOSED])
def test_under_each_reply_stands_a_link_to_report_it(client, replies):
    article = make_article()
    made = [make_approved(article=article, name=f"Hana {number}") for number in range(2)]
    article.replies = replies
    article.save()
    shown = page(client.get(article.get_absolute_url()))
    for comment in made:
        (link,) = by_class(by_id(shown, f"comment-{comment.pk}"), "reply-report")
        assert link.get("href") == address(comment)
        assert link.get("rel") == "nofollow"
        assert text_of(link) == f"Report: {comment.name}"


def test_the_form_shows_the_beginning_of_the_reply_and_asks_what_is_wrong(client):
    comment = make_approved(name="Hana <W>", text=f"One <b>two</b> {'three ' * 100}")
    response = client.get(address(comment))
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    assert 'name="robots" content="noindex"' in response.content.decode()
    assert not response.cookies
    shown = page(response)
    assert text_of(by_class(shown, "reply-by")[0]) == "Hana <W>"
    assert text_of(by_class(shown, "reply-text")[0]).startswith("One two three")
    assert len(text_of(by_class(shown, "reply-text")[0])) <= 200
    asked = by_id(shown, "reason")
    assert text_of(only(asked, "legend")) == "What is wrong with it? *"
    assert len(list(asked.iter("label"))) == len(Report.Reason)
    assert comment.get_absolute_url() in links(response)


def test_the_page_costs_the_same_however_much_is_reported(client):
    article = make_article()
    comment, other = make_approved(article=article), make_approved(article=article)
    make_many_approved(article, 30)

    def questions():
        with CaptureQueriesContext(connection) as asked:
            client.get(address(comment))
        return len(asked)

    before = questions()
    for number in range(5):
        for each in (comment, other):
            each.report(reason="spam", network=f"{number:064}")
    assert questions() == before <= 5


def test_a_report_is_taken_without_a_cookie_and_leads_to_where_its_outcome_is_told(client):
    comment = make_approved()
    response = send(client, comment, reason="private", words=" At <b>number</b> 3.\r\nYes. ")
    report = Report.objects.get()
    assert (response.status_code, response["Location"]) == (303, report_url(report))
    assert response["Referrer-Policy"] == "no-referrer"
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")
    assert (report.comment, report.reason) == (comment, "private")
    assert report.words == "At <b>number</b> 3.\nYes."
    assert (report.reader, report.sender, len(report.network)) == ("anybody", None, 64)


def test_a_moderator_who_is_logged_in_reports_as_a_reader(client):
    client.force_login(make_staff("Moderators"))
    comment = make_approved()
    assert send(client, comment).status_code == 303
    comment.refresh_from_db()
    assert (comment.status, Report.objects.get().reader) == ("approved", "anybody")


# --- Who it is --------------------------------------------------------------------------------


def test_whoever_shows_the_address_of_an_approved_reply_is_its_sender(client):
    comment, own = make_approved(), make_approved()
    refused = make_in_state("rejected")
    send(client, comment, proof=f"x.y {token_of(refused)} {token_of(own)}")
    report = Report.objects.get()
    assert (report.reader, report.sender, report.network) == ("known", own.commenter, "")


@pytest.mark.parametrize("proof", ["1", "1.x", "x" * 5000, "\x00", "é\u202e.ï", " " * 50])
def test_what_proves_nothing_is_passed_over(client, proof):
    comment = make_approved()
    forged = proof if proof != "1" else OF_AUTHORS.sign("999999")
    assert send(client, comment, proof=forged).status_code == 303
    assert Report.objects.get().reader == "anybody"


def test_what_is_answered_is_the_same_for_all_and_for_the_second_time(client, clock):
    """Nobody learns who is known, whose reports count, or that one came from here before."""
    Policy(hide_after_reports=2).save()
    comment = make_approved()
    blocked, known, last = (make_approved() for _ in range(3))
    sender_of(blocked).block(by=make_staff("Moderators"))
    answers = []
    for proof in ("", token_of(blocked), token_of(known), "", token_of(known), token_of(last)):
        response = send(client, comment, proof=proof)
        told = client.get(response["Location"])
        kept = {name: value for name, value in response.items() if name != "Location"}
        answers.append((response.status_code, kept, told.status_code, text_at(told)))
    comment.refresh_from_db()
    assert comment.is_held, "by the last of them"
    assert all(answer == answers[0] for answer in answers[:-1])
    assert answers[-1][:3] == answers[0][:3]
    assert Report.objects.count() == 4
    # Its sender sends the same again, though readers don't see the reply any more.
    assert send(client, comment).status_code == 303


def test_of_what_readers_do_not_see_nobody_learns_whether_it_is_there(client):
    withdrawn = make_approved()
    withdrawn.article.withdraw(by=make_staff())
    unseen = (make_in_state("held"), make_in_state("spam"), withdrawn)
    nothing = client.get(NOBODY)
    assert nothing.status_code == 404
    for comment in unseen:
        for response in (
            client.get(address(comment)),
            send(client, comment),
            send(client, comment, reason=""),
            send(client, comment, headers={}),
        ):
            assert response.status_code == 404
            assert response.content == nothing.content
    assert not Report.objects.exists()


# --- What is refused --------------------------------------------------------------------------


WRONG = [
    ({"reason": ""}, "#reason", "Please choose what is wrong with it."),
    ({"reason": "because"}, "#reason", "Select a valid choice"),
    ({"reason": "other", "words": "  "}, "#words", "in your own words"),
    ({"words": "Write to hana@example.org"}, "#words", "leave out email addresses"),
    ({"words": "x" * 10_000}, "#words", str(MAX_WORDS)),
    ({"words": "a\x00b"}, "#words", "Null characters"),
    ({"subject": "filled in"}, "", "Please send this again."),
]


def test_what_is_wrong_comes_back_with_all_that_was_typed(client):
    comment = make_approved()
    for fields, where, says in WRONG:
        given = {"reason": "abuse", "words": "Typed.", "subject": ""} | fields
        response = send(client, comment, **given)
        assert response.status_code == 422, fields
        assert says in summary(response)[where]
        form = next(each for each in page(response).iter("form") if each.get("method") == "post")
        again = filled_in(form)
        assert again["words"].strip() == given["words"].strip().replace("\x00", "\ufffd")
        assert again["subject"] == ""
    assert not Report.objects.exists()
    comment.refresh_from_db()
    assert comment.reported_at is None


def test_no_other_site_reports_for_its_readers(client):
    comment = make_approved()
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
    ):
        assert send(client, comment, headers=headers).status_code == 403, headers
    assert not Report.objects.exists()


def test_old_browsers_are_asked_whether_it_was_here():
    client = Client(enforce_csrf_checks=True)
    comment, other = make_approved(), make_approved()
    typed = {"reason": "hate", "words": 'Of "us".\r\n<b>All.</b>'}
    response = send(client, comment, headers={}, **typed)
    assert response.status_code == 200
    assert "It is hateful towards a group of people" in text_at(response)
    assert not Report.objects.exists()
    form = next(each for each in page(response).iter("form") if each.get("method") == "post")
    fields = filled_in(form)
    # What was confirmed of one reply is no report of another.
    assert client.post(address(other), fields).status_code == 422
    assert client.post(address(comment), fields | {"confirmed": "x"}).status_code == 422
    assert client.post(address(comment), fields).status_code == 303
    report = Report.objects.get()
    assert (report.comment, report.reason) == (comment, "hate")
    assert report.words == 'Of "us".\n<b>All.</b>'


def test_too_many_from_one_network_are_asked_to_wait_with_their_words(client, monkeypatch):
    monkeypatch.setattr(reporting, "PACE", 1)
    article = make_article()
    one, other = make_approved(article=article), make_approved(article=article)
    assert send(client, one).status_code == 303
    response = send(client, other, words="Kept.")
    assert (response.status_code, response["Retry-After"]) == (429, "600")
    assert "Kept." in text_at(response)
    assert send(client, one).status_code == 303, "that is no new one"


def test_what_was_reported_enough_says_so(client, monkeypatch):
    monkeypatch.setattr(reporting, "MOST_OPEN", 0)
    response = send(client, make_approved())
    assert response.status_code == 422
    assert "Very many have reported this reply already." in summary(response)[""]


def test_a_database_that_can_not_write_loses_nothing(client, monkeypatch):
    def full(*args, **kwargs):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(reporting, "take", full)
    response = send(client, make_approved(), words="Kept.")
    assert (response.status_code, response["Retry-After"]) == (503, "30")
    assert "Kept." in text_at(response)


# --- The outcome ------------------------------------------------------------------------------


def reported(client, **fields):
    comment = make_approved(**fields)
    return comment, send(client, comment, words="Secret words.")["Location"]


def state_at(client, url):
    return text_of(by_class(page(client.get(url)), "state")[0])


def test_the_reporter_learns_the_outcome_in_words_and_nothing_else(client, clock):
    moderator = make_staff("Moderators", username="mo")
    told = []
    for verb in (Comment.approve, Comment.reject, Comment.mark_spam):
        comment, url = reported(client)
        assert state_at(client, url) == "Thank you. Your report waits for a moderator."
        verb(comment, by=moderator, reason="To the author.", note="To us.")
        told.append(state_at(client, url))
        response = client.get(url)
        for secret in ("Secret words.", "To the author.", "To us.", "mo</", "It insults"):
            assert secret not in response.content.decode()
        is_kept = verb is Comment.approve
        assert (comment.get_absolute_url() in links(response)) is is_kept
    assert told[0].endswith("and decided that it stays.")
    assert told[1] == told[2]
    assert told[1].endswith("and took it away. Thank you.")


def test_of_a_hidden_and_of_an_erased_reply_it_is_said_so(client):
    Policy(hide_after_reports=1).save()
    own, (comment, url) = make_approved(), reported(client)
    send(client, comment, proof=token_of(own))
    assert "hidden until a moderator has looked at it" in state_at(client, url)
    comment.refresh_from_db()
    comment.erase(rule="taken_back")
    assert "The reply was erased" in state_at(client, url)


def test_a_rule_that_takes_it_away_is_no_moderator(client):
    comment, url = reported(client)
    comment.restore(by=make_staff("Moderators"))
    comment.turn_down(rule="blocked_sender", reason="Blocked.")
    assert state_at(client, url).startswith("The reply was taken away on")


def test_the_page_is_for_one_person_and_in_the_language_of_the_piece(client):
    _, url = reported(client, article=make_article(language="ja"))
    response = client.get(url)
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]
    assert page(response).get("lang") == "ja"
    assert client.post(url, headers=FROM_THIS_SITE).status_code == 405


def test_only_a_token_of_a_report_opens_it(client, clock):
    comment, url = reported(client)
    token = url.split("/")[-2]
    number = Report.objects.get().pk
    for wrong in (f"{token}x", f"{number}", OF_AUTHORS.sign(str(number)), "%00", "é.x"):
        assert client.get(f"/comments/reports/{wrong}/").status_code == 404, wrong
    comment.approve(by=make_staff("Moderators"))
    clock.shift(timedelta(days=60))
    Report.objects.due_for_erasure().delete()
    response = client.get(url)
    assert response.status_code == 410
    assert "is not kept any more" in text_at(response)


# --- On the desk ------------------------------------------------------------------------------


def test_the_card_tells_how_many_reported_it_why_and_in_which_words(client):
    comment, own = make_approved(), make_approved()
    send(client, comment, words="He <b>threatens</b> me.")
    send(client, comment, reason="spam", proof=token_of(own))
    for number in range(3):
        comment.report(reason="spam", words=f"Number {number}.", network=f"{number:064}")
    client.force_login(make_staff("Moderators"))
    shown = page(client.get("/admin/comments/queue/?tab=reported"))
    (told,) = by_class(shown, "card-reports")
    assert "Reported by 5 readers, of whom 1 is a known sender, since" in text_of(told)
    reasons = [text_of(each) for each in by_class(told, "report-reasons")[0]]
    assert reasons == ["It is advertising or spam × 4", "It insults or threatens somebody"]
    assert "He <b>threatens</b> me." in text_of(told)
    assert text_of(only(told, "summary")) == "1 more"


def test_on_the_page_of_a_reply_its_reports_stand_and_it_can_be_kept(client):
    comment = make_approved()
    send(client, comment, words="Look at line two.")
    client.force_login(make_staff("Moderators"))
    url = f"/admin/comments/comment/{comment.pk}/"
    shown = client.get(f"{url}change/")
    assert "Look at line two." in text_at(shown)
    assert "Keep it" in text_at(shown)
    client.post(f"{url}decision/", {"decision": "approve", "reason": ""})
    assert Report.objects.get().outcome == "approved"
    assert "Keep it" not in text_at(client.get(f"{url}change/"))


def test_a_moderator_says_from_how_many_reports_on_a_reply_is_hidden(client):
    client.force_login(make_staff("Moderators"))
    client.get("/admin/comments/policy/")
    assert (
        'name="hide_after_reports"'
        in client.get("/admin/comments/policy/1/change/").content.decode()
    )
