"""A reply that is answered, and taken away between the form and the taking in."""

import pytest

from articles.tests.factories import make_article, make_staff
from comments import taking_in
from comments.models import Comment
from comments.moderation.pipeline import judge
from comments.posting import ParentGone
from comments.tests.factories import make_approved, make_draft, post_reply
from comments.tests.reading import filled_in, reply_form, summary

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

WAYS = {
    "rejected": lambda reply, by: reply.reject(by=by),
    "held again": lambda reply, by: reply.restore(by=by),
    "erased": lambda reply, by: reply.erase(by=by),
}


@pytest.mark.parametrize("take_away", WAYS.values(), ids=WAYS)
def test_an_answer_to_what_was_taken_away_meanwhile_comes_back_whole(
    client, monkeypatch, take_away
):
    article, by = make_article(), make_staff("Moderators")
    answered = make_approved(article=article, by=by)

    def judge_while_it_is_taken_away(submission):
        take_away(Comment.objects.get(pk=answered.pk), by)
        return judge(submission)

    monkeypatch.setattr(taking_in, "judge", judge_while_it_is_taken_away)
    response = post_reply(client, article, comment="I agree.", parent=str(answered.pk))
    assert response.status_code == 422
    assert "no longer here" in summary(response)[""]
    kept = filled_in(reply_form(response))
    assert (kept["comment"], kept["parent"]) == ("I agree.", "")
    assert not Comment.objects.filter(body="I agree.").exists()
    monkeypatch.undo()
    assert post_reply(client, article, **kept).status_code == 303
    assert Comment.objects.get(body="I agree.").parent is None


def test_nothing_is_kept_of_the_sender(monkeypatch):
    answered = make_approved()
    senders = set(Comment.objects.values_list("commenter", flat=True))
    draft = make_draft(article=answered.article, parent=answered)
    Comment.objects.filter(pk=answered.pk).update(status="rejected")
    with pytest.raises(ParentGone):
        Comment.objects.submit(draft)
    assert set(Comment.objects.values_list("commenter", flat=True)) == senders
