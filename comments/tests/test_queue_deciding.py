"""What moderators see of a reply before they decide, and deciding on its own page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.tests.factories import make_article, make_staff
from comments.models import Comment, Decision, Policy
from comments.tests.factories import make_approved, make_comment
from comments.tests.reading import by_class, by_id, page, text_of
from newsroom.tests.browsing import fields_of, links, text_at

pytestmark = pytest.mark.django_db

LIST = "/admin/comments/comment/"


@pytest.fixture
def moderator(client):
    user = make_staff("Moderators")
    client.force_login(user)
    return user


def page_of(comment):
    return f"{LIST}{comment.pk}/change/"


def press(client, comment, button, **fields):
    """A button on the page of the reply, as it stands there now."""
    sent = fields_of(client.get(page_of(comment))) | {"decision": button} | fields
    return client.post(f"{LIST}{comment.pk}/decision/", sent, follow=True)


def messages_of(response):
    return [text_of(each) for line in by_class(page(response), "messagelist") for each in line]


def row_of(response, comment):
    (row,) = (
        row
        for row in by_id(page(response), "result_list").iter("tr")
        if any(
            each.get("name") == "_selected_action" and each.get("value") == str(comment.pk)
            for each in row.iter("input")
        )
    )
    return row


def buttons(client, comment):
    return {
        each.attrib["value"]: text_of(each)
        for each in page(client.get(page_of(comment))).iter("button")
        if each.get("name") == "decision"
    }


# --- The buttons ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("button", "state"),
    [("approve", "approved"), ("reject", "rejected"), ("mark_spam", "spam")],
)
def test_a_reply_is_decided_on_on_its_own_page(client, moderator, button, state):
    comment = make_comment()
    response = press(client, comment, button, reason="Because.")
    assert response.redirect_chain == [(page_of(comment), 302)]
    assert messages_of(response) == ["1 reply decided."]
    comment.refresh_from_db()
    latest = comment.decisions.latest("pk")
    assert (comment.status, latest.by, latest.reason) == (state, moderator, "Because.")


def test_a_reply_is_picked_and_put_back_on_its_own_page(client, moderator):
    comment = make_approved()
    picked = Comment.objects.filter(featured_at__isnull=False)
    press(client, comment, "feature")
    assert picked.exists() and "picked" in text_at(client.get(page_of(comment)), ".//body")
    press(client, comment, "unfeature")
    assert not picked.exists()
    press(client, comment, "restore")
    comment.refresh_from_db()
    assert comment.is_held


def test_only_what_changes_something_is_offered(client, moderator):
    held, approved = make_comment(), make_approved()
    assert set(buttons(client, held)) == {"approve", "reject", "mark_spam"}
    assert set(buttons(client, approved)) == {"reject", "mark_spam", "restore", "feature"}
    approved.feature(by=moderator)
    assert "unfeature" in buttons(client, approved) and "feature" not in buttons(client, approved)
    held.erase(by=moderator)
    assert buttons(client, held) == {}
    assert client.get(page_of(held)).status_code == 200


def test_the_actions_of_the_list_pick_as_well(client, moderator):
    held, approved = make_comment(), make_approved()
    data = {"action": "feature", "_selected_action": [held.pk, approved.pk]}
    assert messages_of(client.post(LIST, data, follow=True)) == ["1 reply decided."]
    assert list(Comment.objects.filter(featured_at__isnull=False)) == [approved]
    client.post(LIST, data | {"action": "unfeature"})
    assert not Comment.objects.filter(featured_at__isnull=False).exists()


@pytest.mark.parametrize("sent", [{}, {"decision": ""}, {"decision": "erase"}, {"decision": "\0"}])
def test_a_button_that_is_none_decides_nothing(client, moderator, sent):
    comment = make_comment()
    assert client.post(f"{LIST}{comment.pk}/decision/", sent).status_code == 302
    assert client.get(f"{LIST}{comment.pk}/decision/").status_code == 405
    assert client.post(f"{LIST}999999999/decision/", sent).status_code == 404
    assert Comment.objects.get().is_held


@pytest.mark.parametrize("group", ["Editors", "Reporters", None])
def test_others_press_no_button(client, group):
    comment = make_comment()
    if group:
        client.force_login(make_staff(group))
    response = client.post(f"{LIST}{comment.pk}/decision/", {"decision": "approve"})
    assert response.status_code == 403 or "/admin/login/" in response["Location"]
    assert Comment.objects.get().is_held


# --- A text that was changed meanwhile --------------------------------------------------------


def test_the_list_decides_on_no_text_that_was_changed_since_it_was_drawn(client, moderator):
    changed, other = make_comment(text="First words."), make_comment()
    drawn = fields_of(client.get(LIST))
    changed.edit("Other words.", seen=changed.as_seen)
    data = drawn | {"action": "approve", "_selected_action": [changed.pk, other.pk]}
    response = client.post(LIST, data, follow=True)
    told = messages_of(response)
    assert told[0] == "1 reply decided."
    assert f"Reply {changed.pk}: its author has changed it since you read it." in told[1]
    assert list(Comment.objects.approved()) == [other]
    # The list that is drawn now shows the new words, and decides on them.
    data = fields_of(response) | {"action": "approve", "_selected_action": [changed.pk]}
    client.post(LIST, data)
    assert Comment.objects.approved().count() == 2


def test_nor_does_the_page_of_a_reply(client, moderator):
    comment = make_comment(text="First words.")
    drawn = fields_of(client.get(page_of(comment)))
    comment.edit("Other words.", seen=comment.as_seen)
    sent = drawn | {"decision": "approve"}
    response = client.post(f"{LIST}{comment.pk}/decision/", sent, follow=True)
    assert "its author has changed it since you read it" in messages_of(response)[0]
    assert Comment.objects.get().is_held
    assert "Other words." in text_at(response, ".//body")


def test_the_page_shows_what_it_said_before_and_what_was_found_in_it(client, moderator):
    Policy(replies="open", watched_words="vermouth").save()
    comment = make_comment(text="Vermouth, please.")
    found = comment.findings.get(rule="watched_words").reason
    comment.edit("Water, <b>please</b>.", seen=comment.as_seen)
    shown = text_of(by_class(page(client.get(page_of(comment))), "field-former")[0])
    assert "Vermouth, please." in shown and found in shown
    log = text_of(by_class(page(client.get(page_of(comment))), "field-log")[0])
    assert "changed by its author" in log
    assert "changed by its author" in text_of(row_of(client.get(LIST), comment))


# --- Second looks -----------------------------------------------------------------------------


def asked(by, **fields):
    comment = make_comment(**fields)
    comment.reject(by=by, reason="Off topic.")
    comment.ask_again("I meant it <b>well</b>.")
    return comment


def test_a_second_look_that_waits_is_seen_in_the_list_with_who_decides(client, moderator):
    first = make_staff("Moderators", username="maud")
    comment, plain = asked(first), make_comment()
    make_approved(by=moderator)
    response = client.get(LIST)
    row = text_of(row_of(response, comment))
    assert "Second look asked for" in row and "Another moderator than maud decides." in row
    assert "Second look" not in text_of(row_of(response, plain))
    shown = text_at(client.get(page_of(comment)), ".//body")
    assert "I meant it <b>well</b>." in shown
    assert "Another moderator than maud decides." in shown


def test_where_nobody_else_is_active_the_list_says_from_when_on_the_same_one_decides(
    client, moderator, clock
):
    comment = asked(make_staff("Moderators", username="maud"))
    assert "from 5 March 2026, 12:00 on, maud may." in text_of(row_of(client.get(LIST), comment))


def test_second_looks_can_be_listed_by_themselves_oldest_first(client, moderator):
    first = make_staff("Moderators")
    waiting = [asked(first), asked(first)]
    decided, _plain = asked(first), make_comment()
    decided.approve(by=moderator)
    asked(first).erase(rule="retention")

    def listed(value):
        root = page(client.get(LIST, {"second_look": value}))
        boxes = by_class(root, "action-select")
        return [int(each.attrib["value"]) for each in boxes if each.get("name")]

    assert listed("waiting") == [each.pk for each in waiting]
    assert listed("decided") == [decided.pk]
    assert client.get(LIST, {"second_look": "x"}).status_code == 200


def test_whoever_refused_it_is_told_that_another_decides(client, moderator):
    comment, other = asked(moderator), make_comment()
    make_approved()
    length = Decision.objects.count()
    data = {"action": "approve", "_selected_action": [comment.pk, other.pk]}
    told = messages_of(client.post(LIST, data, follow=True))
    assert told[0] == "1 reply decided."
    assert f"Reply {comment.pk}: You turned this reply down" in told[1]
    assert Decision.objects.count() == length + 1
    told = messages_of(press(client, comment, "reject"))
    assert len(told) == 1 and "Another moderator decides." in told[0]


def test_another_moderator_upholds_it_with_a_button_that_says_so(client, moderator):
    comment = asked(make_staff("Moderators"))
    assert buttons(client, comment)["reject"] == "It stays rejected"
    press(client, comment, "reject", reason="Still off topic.")
    comment.refresh_from_db()
    assert comment.second_look.is_upheld and comment.second_look.decided_by == moderator
    assert "reject" not in buttons(client, comment)
    assert "upheld" in text_of(by_class(page(client.get(page_of(comment))), "field-look")[0])


# --- Replies of the newsroom, and erased ones -------------------------------------------------


def test_the_list_and_the_page_show_replies_without_a_sender(client, moderator):
    answer = Comment.objects.answer(make_article(), text="Thanks.", by=moderator)
    erased = make_comment()
    erased.erase(by=moderator)
    response = client.get(LIST)
    assert f"newsroom: {moderator.username}" in text_of(row_of(response, answer))
    assert "erased" in text_of(row_of(response, erased))
    for comment in (answer, erased):
        assert client.get(page_of(comment)).status_code == 200


def test_replies_to_one_piece_can_be_listed(client, moderator):
    comment = make_approved()
    make_approved()
    address = f"{LIST}?article__id__exact={comment.article_id}"
    desk = client.get(f"{LIST}piece/{comment.article_id}/")
    assert address in links(desk)
    boxes = by_class(page(client.get(address)), "action-select")
    assert [each.get("value") for each in boxes if each.get("name")] == [str(comment.pk)]


def test_the_list_costs_one_query_more_where_second_looks_wait(client, moderator):
    make_comment()

    def cost():
        with CaptureQueriesContext(connection) as captured:
            assert client.get(LIST).status_code == 200
        return len(captured)

    without = cost()
    first = make_staff("Moderators")
    asked(first)
    assert cost() == without + 1
    for _ in range(5):
        asked(first)
    assert cost() == without + 1
