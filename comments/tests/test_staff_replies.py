"""How the newsroom answers its readers from the admin."""

import pytest

from articles.tests.factories import make_article, make_author, make_draft, make_staff
from comments.answering import NothingToAnswer
from comments.models import Comment
from comments.posting import RETRY_WINDOW
from comments.tests.factories import make_approved, make_comment
from comments.tests.reading import by_class, by_id, page, text_of
from newsroom.models import SiteSettings
from newsroom.tests.browsing import fields_of, links, text_at
from newsroom.tests.factories import make_superuser

pytestmark = pytest.mark.django_db


def desk(article):
    return f"/admin/comments/comment/piece/{article.pk}/"


def answer(client, article, text="Thank you.", *, to=None):
    url = f"{desk(article)}?to={to.pk}" if to else desk(article)
    fields = fields_of(client.get(url))
    return client.post(desk(article), fields | {"comment": text}, follow=True)


# --- The verb ---------------------------------------------------------------------------------


def test_an_answer_of_the_newsroom_is_approved_at_once_and_on_record():
    SiteSettings.objects.create(name="The Gazette")
    moderator, first = make_staff("Moderators"), make_approved()
    made = Comment.objects.answer(
        first.article, parent=first, text="Thank <b>you</b>.\n\nReally.", by=moderator
    )
    made.refresh_from_db()
    assert (made.status, made.badge, made.name) == ("approved", "newsroom", "The Gazette")
    assert (made.written_by, made.commenter, made.parent, made.thread) == (
        *(moderator, None),
        *(first, first),
    )
    assert made.body_html == "<p>Thank <b>you</b>.</p><p>Really.</p>"
    assert made.approved_at is not None
    decision = made.decisions.get()
    assert (decision.by, decision.from_status, decision.to_status) == (moderator, "", "approved")
    first.refresh_from_db()
    assert first.shown_in_thread == 2
    assert first.article.reply_count == Comment.objects.approved().count() == 2


def test_the_author_of_the_piece_answers_under_their_own_name():
    reporter = make_staff("Editors")
    author = make_author("Maud Ellery", user=reporter)
    own, other = make_article(authors=[author]), make_article(authors=[make_author("Somebody")])
    made = Comment.objects.answer(own, text="I wrote it.", by=reporter)
    assert (made.badge, made.name) == ("author", "Maud Ellery")
    elsewhere = Comment.objects.answer(other, text="I did not.", by=reporter)
    assert elsewhere.badge == "newsroom" and elsewhere.name != "Maud Ellery"


def test_an_answer_answers_in_its_thread():
    first = make_approved()
    second = make_approved(article=first.article, parent=first)
    made = Comment.objects.answer(
        first.article, parent=second, text="To both.", by=make_staff("Moderators")
    )
    assert (made.parent, made.thread) == (second, first)


def nowhere():
    return make_draft(), None


def under_another_piece():
    return make_article(), make_approved()


def held():
    comment = make_comment()
    return comment.article, comment


def taken_away():
    comment = make_approved()
    comment.reject(by=make_staff("Moderators"))
    return comment.article, comment


@pytest.mark.parametrize("place", [nowhere, under_another_piece, held, taken_away])
def test_only_what_readers_see_is_answered(place):
    article, parent = place()
    before = Comment.objects.count()
    with pytest.raises(NothingToAnswer):
        Comment.objects.answer(article, parent=parent, text="Hm.", by=make_staff("Moderators"))
    assert Comment.objects.count() == before


def test_the_same_answer_sent_twice_is_one(clock):
    article, by = make_article(), make_staff("Moderators")
    first = Comment.objects.answer(article, text="Thank you.", by=by)
    assert Comment.objects.answer(article, text="Thank you.", by=by) == first
    assert Comment.objects.answer(article, text="Thank you.", by=make_staff("Editors")) != first
    clock.shift(RETRY_WINDOW)
    assert Comment.objects.answer(article, text="Thank you.", by=by) != first


def test_an_answer_is_no_readers_reply():
    """It has no sender, and counts on nobody's record."""
    made = Comment.objects.answer(make_article(), text="Thanks.", by=make_staff("Moderators"))
    assert Comment.objects.records([made.commenter_id]) == {}
    assert made.reject(by=make_staff("Moderators")) is True
    assert made.erase(by=make_staff("Moderators")) is True


# --- The page ---------------------------------------------------------------------------------

WHO = {
    "Moderators": lambda: make_staff("Moderators"),
    "Editors": lambda: make_staff("Editors"),
    "superuser": make_superuser,
}


@pytest.mark.parametrize("who", WHO.values(), ids=WHO)
def test_moderators_and_editors_answer(client, who):
    SiteSettings.objects.create(name="The Gazette")
    user = who()
    client.force_login(user)
    first = make_approved(name="Hana", text="Why so?")
    asking = client.get(f"{desk(first.article)}?to={first.pk}")
    assert "Answer Hana" in text_at(asking) and "Why so?" in text_at(asking)
    response = answer(client, first.article, "Because.", to=first)
    assert response.redirect_chain == [(desk(first.article), 302)]
    assert "Your answer is published, as The Gazette." in text_of(page(response))
    made = Comment.objects.get(body="Because.")
    assert (made.parent, made.is_approved) == (first, True)
    seen = client.get(first.article.get_absolute_url()).content.decode()
    assert "Because." in seen
    assert made.written_by == user and user.username not in seen


def test_the_piece_itself_can_be_answered(client):
    client.force_login(make_staff("Editors"))
    article = make_article()
    answer(client, article, "A word to all.")
    assert Comment.objects.get().parent is None


def test_others_answer_nothing(client):
    first = make_approved(text="Seen by all.")
    length = Comment.objects.count()
    for login in (lambda: None, lambda: client.force_login(make_staff("Reporters"))):
        login()
        for response in (
            client.get(desk(first.article)),
            client.post(desk(first.article), {"comment": "Hm."}),
        ):
            assert response.status_code == 403 or "/admin/login/" in response["Location"]
    assert Comment.objects.count() == length


def test_an_editor_sees_no_reply_that_readers_do_not_see(client):
    held = make_comment(name="Hana Held", text="For moderators alone.")
    make_approved(article=held.article, text="For all.")
    client.force_login(make_staff("Editors"))
    for url in (desk(held.article), f"{desk(held.article)}?to={held.pk}"):
        seen = client.get(url).content.decode()
        assert "For all." in seen
        assert "For moderators alone." not in seen and "Hana Held" not in seen
    for path in ("", f"{held.pk}/change/", f"{held.pk}/history/"):
        assert client.get(f"/admin/comments/comment/{path}").status_code == 403
    response = client.post(f"/admin/comments/comment/{held.pk}/decision/", {"decision": "approve"})
    assert response.status_code == 403


def test_an_editor_comes_to_it_from_the_piece(client):
    article = make_article()
    client.force_login(make_staff("Editors"))
    assert desk(article) in links(client.get(f"/admin/articles/article/{article.pk}/revisions/"))
    client.force_login(make_staff("Reporters"))
    for_reporters = client.get(f"/admin/articles/article/{article.pk}/revisions/")
    assert desk(article) not in links(for_reporters)


def test_a_moderator_comes_to_it_from_the_reply(client):
    client.force_login(make_staff("Moderators"))
    shown, held = make_approved(), make_comment()
    for comment, is_offered in ((shown, True), (held, False)):
        there = links(client.get(f"/admin/comments/comment/{comment.pk}/change/"))
        assert (f"{desk(comment.article)}?to={comment.pk}#answer" in there) is is_offered


@pytest.mark.parametrize("text", ["", " \n", "<i></i>", "x" * 5001], ids=len)
def test_what_is_no_answer_comes_back(client, text):
    client.force_login(make_staff("Moderators"))
    article = make_article()
    response = answer(client, article, text)
    assert response.status_code == 422
    assert fields_of(response)["comment"].strip() == text.strip()
    assert not Comment.objects.exists()


def test_an_answer_to_what_is_gone_comes_back_with_its_text(client):
    client.force_login(make_staff("Moderators"))
    first = make_approved()
    fields = fields_of(client.get(f"{desk(first.article)}?to={first.pk}"))
    first.reject(by=make_staff("Moderators"))
    response = client.post(desk(first.article), fields | {"comment": "Because."})
    assert response.status_code == 422
    assert "no longer here" in text_at(response)
    again = fields_of(response)
    assert (again["comment"], again["to"]) == ("Because.", "")
    assert client.post(desk(first.article), again).status_code == 302


@pytest.mark.parametrize("to", ["x", "-1", "0", "9" * 30, "\0", "١"])
def test_a_number_of_no_reply_is_none(client, to):
    client.force_login(make_staff("Moderators"))
    article = make_article()
    assert client.get(desk(article), {"to": to}).status_code == 200
    assert client.post(desk(article), {"to": to, "comment": "Hm."}).status_code == 422
    assert client.post(desk(article), {}).status_code == 422


def test_a_piece_that_readers_do_not_see_is_not_answered(client):
    client.force_login(make_staff("Moderators"))
    for url in (desk(make_draft()), "/admin/comments/comment/piece/999999/"):
        assert client.get(url).status_code == 404
        assert client.post(url, {"comment": "Hm."}).status_code == 404


def test_the_newest_replies_stand_first_fifty_a_page(client):
    client.force_login(make_staff("Moderators"))
    article = make_article()
    by = make_staff("Moderators")
    for number in range(51):
        Comment.objects.answer(article, text=f"Number {number}.", by=by)
    first, second = client.get(desk(article)), client.get(f"{desk(article)}?page=2")
    texts = [text_of(each) for each in by_class(page(first), "reply-text")]
    assert texts[0] == "Number 50." and len(texts) == 50
    assert [text_of(each) for each in by_class(page(second), "reply-text")] == ["Number 0."]


def test_what_readers_wrote_is_text_there(client):
    client.force_login(make_staff("Moderators"))
    comment = make_approved(text="<img src=x onerror=alert(1)> & <b>bold</b>")
    response = client.get(desk(comment.article))
    assert "<img src=x onerror=alert(1)> & <b>bold</b>" in text_at(
        response, ".//ol[@class='reply-list']"
    )
    assert by_id(page(response), "answer") is not None
