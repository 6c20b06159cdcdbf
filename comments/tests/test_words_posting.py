"""Replies whose words the rules read, from the form to the row."""

import pytest

from articles.tests.factories import make_article, make_author
from comments.models import Comment, Policy
from comments.moderation.findings import Severity
from comments.tests.factories import make_comment, post_reply

pytestmark = pytest.mark.django_db

SPAM = "Earn 5000 dollars a week from home, just like I did. Ask me how it works, friends!"


def save_policy(**rules):
    Policy(replies="open", hold_first=0, **rules).save()


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Buy v.i.a.g.r.a now.", "rejected"),
        ("Buy v&#105;<b>ag</b>rа now.", "rejected"),
        ("A casino, at last.", "held"),
        ("See https://a.evil.example/ for more.", "rejected"),
        ("Write to me at name@example.org please.", "held"),
        ("I agree with the author.", "approved"),
    ],
)
def test_a_reply_becomes_what_its_words_make_of_it(client, text, status):
    save_policy(banned_words="viagra", watched_words="casino", blocked_domains="evil.example")
    assert post_reply(client, make_article(), comment=text).status_code == 303
    assert Comment.objects.get().status == status


def test_the_part_that_was_found_is_kept(client):
    save_policy(banned_words="viagra")
    post_reply(client, make_article(), comment="Buy <b>v.i.</b>a.g.r.a now.")
    finding = Comment.objects.get().findings.get(rule="banned_words")
    assert (finding.severity, finding.start, finding.end) == (Severity.REJECT, 4, 15)


def test_a_name_like_that_of_the_staff_is_held(client):
    save_policy()
    post_reply(client, make_article(), author="Еditоr")
    assert Comment.objects.get().findings.get().rule == "reserved_name"
    assert Comment.objects.get().is_held


def test_the_name_of_an_author_is_held_under_any_piece(client):
    save_policy()
    make_author("Hana Itō")
    post_reply(client, make_article(), author="Ito Hanа")
    assert Comment.objects.get().findings.get().rule == "reserved_name"


def test_the_words_of_another_sender_under_another_piece_are_held():
    save_policy()
    make_comment(text=SPAM)
    again = make_comment(text=SPAM)
    nearly = make_comment(text=SPAM.replace("5000", "7,000").replace("friends", "folks"))
    assert again.findings.get().rule == "same_words"
    assert nearly.findings.get().rule == "nearly_same_words"
    assert {again.status, nearly.status} == {"held"}


def test_thanks_may_be_said_by_many():
    save_policy()
    replies = [make_comment(text="Thank you!") for _ in range(3)]
    assert {reply.status for reply in replies} == {"approved"}


def test_a_reply_in_another_language_than_its_piece_is_held():
    save_policy(hold_other_language=True)
    french = "Je pense que c'est un très bon article et que nous devons tous le lire avec eux."
    assert make_comment(text=french, article=make_article(language="fr")).is_approved
    found = make_comment(text=f"{french[::-1]} {french}").findings
    assert found.get().rule == "other_language"
