"""Promise 1 over the whole site: an email address is stored and never shown.

tests/leak/ says what counts as an address and how the site is searched. What the database
holds, and hence a dump of it, is not searched for what belongs there: the sealed address, its
fingerprint, and the addresses of those who work here.
"""

import logging
from datetime import timedelta
from unittest.mock import Mock

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.db import OperationalError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.log import AdminEmailHandler
from django.views.debug import ExceptionReporter

from articles.models import Article, Replies
from articles.tests.factories import make_article, make_staff
from comments.forms import ReplyForm
from comments.models import Comment, Commenter
from comments.status_address import status_url
from comments.tests.factories import form_data, make_draft
from tests.leak import evidence, newsroom, samples
from tests.leak.findings import addresses_only, kept, newsroom_scanner, report, said
from tests.leak.logs import everything_logged
from tests.leak.newsroom import READERS_ADDRESS, STAFFS_ADDRESS, browser, the_form
from tests.leak.routes import Route
from tests.leak.scanner import Scanner, Secret
from tests.leak.walk import Walk

pytestmark = pytest.mark.django_db


# --- The site as it is ------------------------------------------------------------------------


@pytest.mark.sqlite_only
@pytest.mark.soak
@pytest.mark.parametrize("role", newsroom.WALKERS)
def test_no_answer_of_the_site_shows_an_address(role):
    site = newsroom.build()
    scanner = site.scanner()
    walk = Walk(scanner, role, site.person(role))
    with everything_logged(templates=False) as heard:
        walk.go(samples.addresses(site))
    leaks = walk.leaks + said(scanner, heard) + kept(scanner)
    assert not leaks, report(leaks)
    assert walk.broken == []
    assert walk.responses > 500


def test_the_samples_lead_to_pages_that_are_there():
    site = newsroom.build()
    by_route = samples.urls(site)
    walk = Walk(site.scanner(), "superuser", site.person("superuser"))
    for url in (url for of_route in by_route.values() for url in of_route):
        walk.ask("GET", url)
    assert not walk.leaks, report(walk.leaks)
    for_nothing = {
        route.pattern
        for route, of_route in by_route.items()
        if {walk.answered[url] for url in of_route} <= {404}
    }
    assert for_nothing == {"admin/(?P<url>.*)$"}  # Django's answer to whatever is not there


def test_a_url_pattern_without_a_sample_is_noticed():
    with pytest.raises(samples.NoSample, match="comments/<int:number>/likes/"):
        samples.samples(Route("comments/<int:number>/likes/"), newsroom.Newsroom())


def test_posting_deciding_and_inviting_leave_no_address():
    with everything_logged(sql=True) as heard:
        site = newsroom.build()
    scanner = site.scanner()
    leaks = said(scanner, heard) + kept(scanner)
    for where, answer in site.answers.items():
        leaks += scanner.leaks(where, *evidence.of_response(answer))
    assert not leaks, report(leaks)
    # Parameters of queries are sealed addresses and fingerprints, never a reader's address.
    assert len(heard.sql) > 100
    sql = b"\n".join(evidence.of_log_record(record) for record in heard.sql)
    leaks = addresses_only().leaks("the log of queries", sql)
    assert not leaks, report(leaks)


def test_mail_to_staff_goes_to_one_person_each():
    newsroom.build()
    assert mail.outbox
    for message in mail.outbox:
        assert message.recipients() == message.to == [STAFFS_ADDRESS]


def test_what_holds_an_address_does_not_show_it():
    article = make_article()
    draft = make_draft(article=article, email=READERS_ADDRESS)
    form = ReplyForm(article, form_data(email=READERS_ADDRESS))
    assert form.is_valid()
    receipt = Comment.objects.submit(draft)
    sender = Commenter.objects.get()
    scanner = Scanner(
        [
            Secret.address("the address", READERS_ADDRESS),
            Secret.fingerprint("the fingerprint", sender.fingerprint),
            Secret.sealed_address("the sealed address", bytes(sender.sealed_address)),
        ]
    )
    holders = [draft, form.draft(), receipt, receipt.comment, sender, Commenter.objects.all()]
    for each in [*holders, holders]:
        leaks = scanner.leaks(type(each).__name__, f"{each} {each!r}".encode())
        assert not leaks, report(leaks)
    # As a text a form is its HTML, with what was typed.
    assert not scanner.leaks("the form", repr(form).encode())


@pytest.mark.parametrize(
    ("rows", "question"),
    [
        ("auth_user", f"email={STAFFS_ADDRESS}"),
        ("auth_user", "email__startswith=colleague"),
        ("auth_user", "email__gt=a"),
        ("auth_group", "user__email__startswith=colleague"),
        ("articles_article", "state_changes__by__email__startswith=colleague"),
        ("comments_comment", "commenter__fingerprint__startswith=a"),
        ("comments_comment", "commenter__sealed_address__isnull=0"),
    ],
)
def test_lists_in_the_admin_do_not_answer_whose_address_it_is(rows, question):
    """Else an address could be guessed letter by letter, from which rows are left."""
    chief = browser(User.objects.create_superuser("chief", STAFFS_ADDRESS, "pw"))
    answer = chief.get(f"{reverse(f'admin:{rows}_changelist')}?{question}")
    assert answer.status_code == 400


# --- The answer to the one who typed it -------------------------------------------------------


def typed(**fields):
    return form_data(email=READERS_ADDRESS) | fields


def same_text_again(article):
    Comment.objects.submit(make_draft(article=article, email=READERS_ADDRESS, text="Again"))
    Comment.objects.update(submitted_at="2020-01-01T00:00:00Z")
    return typed(comment="Again")


def closed(article):
    Article.objects.filter(pk=article.pk).update(replies=Replies.CLOSED)
    return typed()


REFUSED = {
    "no name": lambda article: typed(author=""),
    "the address as the name": lambda article: typed(author=READERS_ADDRESS),
    "the address in the text": lambda article: typed(comment=f"Write to {READERS_ADDRESS}"),
    "a reply that is not there": lambda article: typed(parent="4711"),
    "the same text again": same_text_again,
    "replies are closed": closed,
}


@pytest.mark.parametrize("why", REFUSED)
def test_a_refused_form_shows_the_address_to_its_sender_alone(why):
    article = make_article()
    data = REFUSED[why](article)
    with everything_logged(sql=True) as heard:
        answer = browser(raises=True).post(reverse("comments:create", args=[article.slug]), data)
    assert answer.status_code == 422
    for_its_sender_alone(answer, heard)


def test_the_confirmation_page_shows_the_address_to_its_sender_alone(client):
    article = make_article()
    # Long enough to be packed; base64 alone would be found too, as what it is.
    text = "I would like to know more about it, and more, and more, and more, and more."
    with everything_logged(sql=True) as heard:
        answer = client.post(reverse("comments:create", args=[article.slug]), typed(comment=text))
    assert answer.status_code == 200
    assert "Yes, post it" in answer.content.decode()
    for_its_sender_alone(answer, heard)


def test_a_form_that_comes_back_from_a_busy_database_shows_the_address_to_its_sender_alone(
    monkeypatch,
):
    article = make_article()
    busy = Mock(side_effect=OperationalError("database is locked"))
    monkeypatch.setattr("comments.taking_in.Commenter.objects.locked", busy)
    with everything_logged(sql=True) as heard:
        answer = browser().post(reverse("comments:create", args=[article.slug]), typed())
    assert answer.status_code == 503
    for_its_sender_alone(answer, heard)


def for_its_sender_alone(answer, heard):
    """As it was typed, in nothing made from it, and stored by no cache."""
    assert "no-store" in answer["Cache-Control"]
    assert not answer.cookies
    head, body = evidence.of_response(answer)
    assert addresses_only().leaks("the head of the answer", head) == []
    leaks = addresses_only().leaks("the answer", body)
    assert "plain" in {leak.form for leak in leaks}
    derived = [leak for leak in leaks if leak.form not in {"plain", "domain"}]
    assert not derived, report(derived)
    log = b"\n".join(evidence.of_log_record(record) for record in heard.records)
    leaks = addresses_only().leaks("the log", log)
    assert not leaks, report(leaks)


def test_after_a_withdrawn_piece_only_the_text_is_given_back():
    article = make_article()
    article.withdraw(by=make_staff())
    answer = browser().post(reverse("comments:create", args=[article.slug]), typed())
    assert answer.status_code == 410
    assert "no-store" in answer["Cache-Control"]
    assert not addresses_only().leaks("the answer", *evidence.of_response(answer))


@pytest.mark.parametrize("is_public", [False, True])
def test_others_who_send_the_same_words_do_not_learn_who_did(is_public):
    article = make_article()
    draft = make_draft(article=article, email=READERS_ADDRESS, text="Hm")
    comment = Comment.objects.submit(draft).comment
    if is_public:
        comment.approve(by=make_staff("Moderators"))
    for seconds_ago in (60, 3600):
        Comment.objects.update(submitted_at=timezone.now() - timedelta(seconds=seconds_ago))
        data = form_data(comment="Hm", email=f"other-{seconds_ago}@example.org")
        answer = browser().post(reverse("comments:create", args=[article.slug]), data)
        leaks = addresses_only().leaks("the answer", *evidence.of_response(answer))
        assert not leaks, report(leaks)
        assert answer.get("Location") != status_url(comment)


# --- When something breaks --------------------------------------------------------------------

# What is missing when a reply comes in, in the order in which it is needed.
BROKEN = [
    "newsroom.site.of",
    "comments.views.ReplyForm",
    "comments.forms.normalised",
    "comments.forms.body_html.clean",
    "comments.forms.identity.clean_name",
    "comments.forms.identity.holds_this_address",
    "comments.identity.unquote",
    "comments.views.sender",
    "comments.forms.Draft",
    "comments.email_privacy.normalise",
    "comments.email_privacy.SUITE",
    "comments.taking_in.submission_of",
    "comments.taking_in.judge",
    "comments.taking_in.Commenter",
    "comments.taking_in.Finding",
    "comments.taking_in.asked",
    "comments.taking_in.decided",
    "comments.views._lead_to",
]


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("way", ["sent by the form", "confirmed"])
def test_an_error_while_a_reply_is_taken_shows_no_address(way, name, monkeypatch, settings):
    settings.ADMINS = ["operator@example.org"]
    article = make_article()
    Comment.objects.submit(make_draft(article=article, email=READERS_ADDRESS))
    Comment.objects.update(submitted_at="2020-01-01T00:00:00Z")
    scanner = Scanner(
        [
            Secret.address("the reader's address", READERS_ADDRESS),
            Secret.fingerprint("the fingerprint", Commenter.objects.get().fingerprint),
        ]
    )
    url = reverse("comments:create", args=[article.slug])
    data = typed(comment="word " * 40)
    if way == "confirmed":
        data = the_form(Client().post(url, data), url).data
    monkeypatch.setattr(name, NotThere())
    with everything_logged() as heard:
        answer = browser().post(url, data)
    assert answer.status_code == 500
    leaks = scanner.leaks("the page", *evidence.of_response(answer))
    leaks += said(scanner, heard) + kept(scanner) + reported(scanner, heard)
    assert not leaks, report(leaks)


@pytest.mark.parametrize(
    ("view", "name"),
    [
        ("admin_password_reset", "newsroom.staff._enqueue"),
        ("admin:auth_user_add", "newsroom.admin.staff.invite"),
    ],
)
def test_an_error_while_staff_are_mailed_shows_no_address(view, name, monkeypatch, settings):
    settings.ADMINS = ["operator@example.org"]
    chief = User.objects.create_superuser("chief", STAFFS_ADDRESS, "pw")
    monkeypatch.setattr(name, NotThere())
    with everything_logged() as heard:
        data = {"username": "colleague", "email": STAFFS_ADDRESS}
        answer = browser(chief).post(reverse(view), data)
    assert answer.status_code == 500
    scanner = newsroom_scanner()
    leaks = scanner.leaks("the page", *evidence.of_response(answer))
    leaks += said(scanner, heard) + kept(scanner) + reported(scanner, heard)
    assert not leaks, report(leaks)


@pytest.mark.parametrize(
    "name",
    [
        "comments.admin.desk.find_sender.AddressForm",
        "comments.admin.desk.find_sender.SenderSearch",
        "comments.models.sender_search.Commenter",
        "comments.admin.desk.find_sender.email_privacy",
    ],
)
def test_an_error_while_a_sender_is_looked_for_shows_no_address(name, monkeypatch, settings):
    settings.ADMINS = ["operator@example.org"]
    chief = make_staff("Chief moderators", email=STAFFS_ADDRESS)
    monkeypatch.setattr(name, NotThere())
    with everything_logged(sql=True) as heard:
        data = {"sender_address": READERS_ADDRESS}
        answer = browser(chief).post(reverse("admin:comments_find_sender"), data)
    assert answer.status_code == 500
    scanner = newsroom_scanner()
    leaks = scanner.leaks("the page", *evidence.of_response(answer))
    leaks += said(scanner, heard) + kept(scanner) + reported(scanner, heard)
    assert not leaks, report(leaks)


def reported(scanner, heard):
    """Leaks in Django's own reports of the error that was logged."""
    error = next(record for record in heard.others if record.levelno == logging.ERROR)
    reporter = ExceptionReporter(vars(error)["request"], *(error.exc_info or ()))
    leaks = scanner.leaks("Django's report as text", reporter.get_traceback_text().encode())
    leaks += scanner.leaks("Django's report as HTML", reporter.get_traceback_html().encode())
    AdminEmailHandler(include_html=True).handle(error)
    return leaks + scanner.leaks("Django's report by mail", *evidence.of_mail(mail.outbox[-1]))


class NotThere:
    """Breaks whatever calls it or asks it for something, within that function itself."""
