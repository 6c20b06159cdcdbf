"""A moderator takes something out of a reply, and readers see that one did."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext, override

from articles.tests.factories import make_article, make_staff
from comments.correcting import NotCorrected
from comments.deciding import ChangedMeanwhile
from comments.editing import CorrectedMeanwhile
from comments.meanwhile import DecidedMeanwhile
from comments.models import Comment, Policy
from comments.status_address import status_url
from comments.tests.factories import make_approved, make_comment
from comments.tests.reading import by_class, page, text_of
from newsroom.tests.browsing import text_at

pytestmark = pytest.mark.django_db


def correct(comment, text, **said):
    said = {"by": make_staff("Moderators"), "seen": comment.as_seen} | said
    return comment.correct(text, **said)


def test_the_former_text_is_kept_with_who_changed_it_and_the_rules_look_again():
    Policy(replies="open", watched_words="vermouth").save()
    comment, moderator = make_comment(text="Vermouth at Hana's, 0123."), make_staff("Moderators")
    assert correct(comment, "A drink at somebody's.", by=moderator)
    assert (comment.body, comment.version) == ("A drink at somebody's.", 2)
    assert comment.body_html == "<p>A drink at somebody's.</p>"
    assert comment.corrected_at and comment.edited_at is None and comment.is_held
    (former,) = comment.former_texts.all()
    assert (former.body, former.by) == ("Vermouth at Hana's, 0123.", moderator)
    assert "vermouth" in former.found.lower()
    assert not comment.findings.filter(rule="watched_words").exists()
    decision = comment.decisions.latest("pk")
    assert (decision.kind, decision.by, former.decision) == ("corrected", moderator, decision)


def test_what_the_rules_find_in_it_leaves_the_state_to_the_moderator():
    Policy(replies="open", banned_words="gin").save()
    comment = make_approved(text="A drink.")
    correct(comment, "A gin.")
    assert comment.is_approved and comment.findings.filter(rule="banned_words").exists()


@pytest.mark.parametrize("language", ["en", "ja"])
def test_readers_see_it_in_the_language_of_the_piece_at_no_query(client, language):
    article = make_article(language=language)
    comment = make_approved(article=article, text="Hana lives there.")
    address = article.get_absolute_url()
    with CaptureQueriesContext(connection) as before:
        client.get(address)
    correct(comment, "Somebody lives there.")
    with CaptureQueriesContext(connection) as after:
        response = client.get(address)
    (mark,) = by_class(page(response), "reply-changed")
    with override(language):
        assert text_of(mark) == gettext("edited by a moderator")
    assert "Hana lives there." not in response.content.decode()
    assert len(after) == len(before)


def test_its_author_sees_it_and_cannot_bring_the_words_back(client):
    comment = make_comment(text="Hana lives there.")
    correct(comment, "Somebody lives there.")
    assert "edited by a moderator" in text_at(client.get(status_url(comment)), ".//body")
    with pytest.raises(CorrectedMeanwhile):
        comment.edit("Hana lives there.", seen=comment.as_seen)
    assert comment.take_back()


def test_nothing_is_changed_where_there_is_nothing_to_change_or_it_was_changed_meanwhile():
    comment = make_comment(text="Words.")
    assert correct(comment, "Words.") is False
    with pytest.raises(NotCorrected):
        correct(comment, " \u200b ")
    with pytest.raises(ValueError, match="5000"):
        correct(comment, "x" * 5001)
    seen = comment.as_seen
    comment.edit("Other words.", seen=seen)
    with pytest.raises(ChangedMeanwhile):
        correct(comment, "Mine.", seen=seen)
    seen = Comment.objects.get().as_seen
    comment.approve(by=make_staff("Moderators", username="maria"))
    with pytest.raises(DecidedMeanwhile, match="maria approved it"):
        correct(comment, "Mine.", seen=seen)
    comment.erase(rule="retention")
    with pytest.raises(NotCorrected):
        correct(comment, "Mine.")
    assert not comment.former_texts.exists() and Comment.objects.get().body == ""


def test_an_answer_of_the_newsroom_is_changed_too():
    asked, author = make_approved(), make_staff("Moderators")
    answer = Comment.objects.answer(asked.article, parent=asked, text="Ask Hana.", by=author)
    correct(answer, "Ask us.")
    assert Comment.objects.get(pk=answer.pk).body == "Ask us." and not answer.findings.exists()
