"""The HTML of the mails and of the pages they lead to, with everything awkward in it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.tests.factories import make_article, make_staff
from comments.models import Letter, Mail, Subscription
from comments.notices import messages
from comments.notices.links import letter_url, subscriptions_url
from comments.tests.factories import make_comment
from newsroom.models import SiteSettings
from tests.html_rules import faults

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

AWKWARD = "“Fish & <Chips>” 'n' \"Peas\""
BOTH = frozenset({"answers", "all"})


@pytest.fixture
def replies():
    """One that is approved, its answer, and one that is rejected, of people who asked for mail."""
    SiteSettings.objects.create(name="Fish & Chips", publisher="A & B", contact="Room <1>")
    article, moderator = make_article(headline=AWKWARD), make_staff("Moderators")
    first = make_comment(article=article, name=AWKWARD, notices=BOTH)
    first.approve(by=moderator)
    answer = make_comment(article=article, parent=first, name=AWKWARD, notices=BOTH)
    refused = make_comment(article=article, notices=BOTH)
    Subscription.objects.filter(sender=first.commenter_id).confirm()
    Subscription.objects.filter(sender=refused.commenter_id).confirm()
    answer.approve(by=moderator)
    refused.reject(by=moderator, reason=AWKWARD)
    return first, answer, refused


def mails(replies):
    first, answer, refused = replies
    letter = Letter.objects.write(first, by=make_staff("Moderators"), text=f"{AWKWARD}\n\n& more")
    for kind, sender, about in [
        ("confirmation", answer.commenter, None),
        ("decision", first.commenter, first),
        ("decision", refused.commenter, refused),
        ("answer", first.commenter, answer),
        ("new_replies", refused.commenter, None),
        ("letter", first.commenter, first),
    ]:
        yield Mail(
            kind=kind,
            sender=sender,
            comment=about,
            article=first.article if kind != "confirmation" else None,
            letter=letter if kind == "letter" else None,
            tried_at=timezone.now() + timedelta(hours=1),
        )


def test_the_html_of_every_mail_is_valid_and_says_what_its_text_says(replies):
    seen = set()
    for mail in mails(replies):
        message = messages.message(mail)
        assert message, mail.kind
        # A mail is no page of its own: the heading is its subject.
        assert set(faults(message.html, "/")) == {"0 h1", "0 main landmarks"}
        assert "<Chips>" not in message.html
        assert "Fish &amp; <" not in message.html
        assert AWKWARD in message.text
        assert "&amp;" not in message.text
        assert "@" not in message.text + message.html
        seen.add(mail.kind)
    assert seen == set(Mail.Kind.values)


def test_names_take_one_line_in_a_mail(replies):
    first, answer, _ = replies
    answer.name = "Ann\nBcc: x"
    mail = Mail(kind="answer", sender=first.commenter, comment=answer, article=first.article)
    message = messages.message(mail)
    assert message
    assert message.text.startswith("Ann Bcc: x has answered")


def test_the_html_of_the_pages_is_valid_in_every_state(client, replies):
    sender = replies[1].commenter
    url = subscriptions_url(sender.pk)
    buttons = ["", "confirm", "end", "begin", "end_all", "allow"]
    for button in buttons:
        if button:
            client.post(url, {"do": button, "article": replies[0].article_id})
        assert list(faults(client.get(url).content.decode(), url)) == []
    sender.bounce()
    assert list(faults(client.get(url).content.decode(), url)) == []

    letter = Letter.objects.write(replies[0], by=make_staff("Moderators"), text=AWKWARD)
    url = letter_url(letter)
    for answer in (client.get(url), client.post(url, {"answer": ""})):
        assert list(faults(answer.content.decode(), url)) == []
    client.post(url, {"answer": f"{AWKWARD}\n</textarea>"})
    for answer in (client.get(url), client.post(url, {"answer": AWKWARD})):
        assert list(faults(answer.content.decode(), url)) == []
