"""What is laid for programs leaves a finding for the moderator and no trace for the sender."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from articles.tests.factories import make_article
from comments.forms import DRAWN
from comments.models import Comment
from comments.tests.factories import FROM_THIS_SITE, form_data, post_reply
from comments.tests.reading import filled_in, reply_form

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=ZoneInfo("UTC"))


def drawn(seconds_ago):
    return DRAWN.sign(f"{(NOW - timedelta(seconds=seconds_ago)).timestamp():.2f}")


HONEST: dict[str, str] = {}
TRAPPED = {
    "the field readers do not see": ({"subject": "Cheap watches"}, "honeypot"),
    "at once": ({"drawn": drawn(0)}, "answered_too_fast"),
    "in less than two seconds": ({"drawn": drawn(1.99)}, "answered_too_fast"),
    "before the form was drawn": ({"drawn": drawn(-3600)}, "answered_too_fast"),
    "without a time stamp": ({"drawn": ""}, "answered_too_fast"),
    "with a time stamp of its own": ({"drawn": "1777887000.00"}, "answered_too_fast"),
    "with a forged signature": ({"drawn": drawn(60)[:-1] + "_"}, "answered_too_fast"),
    "with a signed word": ({"drawn": DRAWN.sign("yesterday")}, "answered_too_fast"),
    "with another form's signature": ({"drawn": "1777886940.00:abc"}, "answered_too_fast"),
}


def rules_that_saw(comment):
    return set(comment.findings.values_list("rule", flat=True)) - {"newcomer"}


@pytest.mark.parametrize(("fields", "rule"), TRAPPED.values(), ids=TRAPPED)
def test_a_trap_leaves_a_finding_and_the_reply_is_held(client, clock, fields, rule):
    assert post_reply(client, make_article(), **fields).status_code == 303
    reply = Comment.objects.get()
    assert reply.is_held
    assert rules_that_saw(reply) == {rule}


@pytest.mark.parametrize("seconds", [2, 60, 3 * 24 * 3600, 400 * 24 * 3600])
def test_an_honest_reply_leaves_none_however_long_it_took(client, clock, seconds):
    """A page may have stood in a cache or an open tab for long."""
    post_reply(client, make_article(), drawn=drawn(seconds))
    assert rules_that_saw(Comment.objects.get()) == set()


@pytest.mark.parametrize(("fields", "rule"), TRAPPED.values(), ids=TRAPPED)
def test_the_sender_is_not_told(client, clock, fields, rule):
    article = make_article()
    answers = []
    for text, given in [("Well said.", HONEST), ("A good piece.", fields)]:
        sent = {"comment": text, "email": f"{len(text)}@example.org"} | given
        answer = post_reply(client, article, **sent)
        shown = client.get(answer["Location"])
        signed, token = answer["Location"].split("/")[-3:-1]
        page = shown.content.decode().replace(text, "").replace(token, "")
        answers.append((answer.status_code, signed, shown.status_code, page))
    assert answers[0] == answers[1]


def test_the_honeypot_is_kept_like_any_field_when_the_form_comes_back(client, clock):
    kept = filled_in(reply_form(post_reply(client, make_article(), author="", subject="Mr")))
    assert kept["subject"] == "Mr"


def test_a_form_that_came_back_counts_from_when_it_was_first_drawn(client, clock):
    article = make_article()
    form = filled_in(reply_form(client.get(article.get_absolute_url())))
    clock.shift(30)
    url = f"/articles/{article.slug}/comments/"
    refused = client.post(
        url, form_data() | {"drawn": form["drawn"], "author": ""}, headers=FROM_THIS_SITE
    )
    clock.shift(1)
    corrected = filled_in(reply_form(refused)) | {"author": "Hana"}
    assert client.post(url, corrected, headers=FROM_THIS_SITE).status_code == 303
    assert rules_that_saw(Comment.objects.get()) == set()


def test_the_page_of_a_piece_carries_a_time_stamp_that_holds(client, clock):
    article = make_article()
    form = filled_in(reply_form(client.get(article.get_absolute_url())))
    clock.shift(1)
    post_reply(client, article, drawn=form["drawn"])
    (finding,) = Comment.objects.get().findings.filter(rule="answered_too_fast")
    assert finding.reason == "The form was answered after 1.0 seconds."
