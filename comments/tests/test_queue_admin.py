"""The plain list of all replies in the admin, and deciding there."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Group

from articles.tests.factories import make_article, make_staff
from comments.models import Comment, Decision
from comments.tests.factories import make_approved, make_comment
from comments.tests.hostile import XSS
from comments.tests.reading import by_class, by_id, controls, filled_in, page, text_of
from newsroom.tests.browsing import links

pytestmark = pytest.mark.django_db

LIST = "/admin/comments/comment/"
ACTIONS = {"approve": "approved", "reject": "rejected", "mark_spam": "spam", "restore": "held"}
START = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.fixture
def moderator(client):
    user = make_staff("Moderators")
    client.force_login(user)
    return user


def rows(response):
    """The list, row by row: each cell by its name, and `pk` of the reply."""
    listed = []
    for row in list(by_id(page(response), "result_list").iter("tr"))[1:]:
        cells = {(cell.get("class") or "").split()[0]: text_of(cell) for cell in row}
        listed.append(cells | {"pk": int(next(row.iter("input")).attrib["value"])})
    return listed


def row_of(response, comment):
    (row,) = (row for row in rows(response) if row["pk"] == comment.pk)
    return row


def act(client, action, *comments, reason="", **extra):
    """Choose replies in the list, an action and a reason, and run it."""
    data = {"action": action, "reason": reason, "_selected_action": [each.pk for each in comments]}
    return client.post(LIST, data | extra, follow=True)


def messages_of(response):
    return [text_of(each) for line in by_class(page(response), "messagelist") for each in line]


# --- What the list shows ----------------------------------------------------------------------


def test_the_list_leads_to_the_queue(client, moderator):
    assert "The queue is the place to work" in text_of(page(client.get(LIST)))
    assert "/admin/comments/queue/" in links(client.get(LIST))


def test_held_replies_come_first_and_then_the_newest(client, moderator):
    states = [Comment.approve, None, Comment.mark_spam, None, Comment.reject]
    comments = []
    for number, verb in enumerate(states):
        comment = make_comment()
        if verb:
            verb(comment, by=moderator)
        Comment.objects.filter(pk=comment.pk).update(submitted_at=START + timedelta(days=number))
        comments.append(comment.pk)
    zero, one, two, three, four = comments
    assert [row["pk"] for row in rows(client.get(LIST))] == [three, one, four, two, zero]


def test_a_row_tells_all_that_a_decision_needs(client, moderator):
    article = make_article(headline="The alliance")
    answered = make_approved(article=article, name="Maud")
    comment = make_comment(
        article=article,
        parent=answered,
        name="Hana W.",
        website="https://example.org/hana",
        text="First <b>line</b>\nsecond line",
        trap="x",
    )
    row = row_of(client.get(LIST), comment)
    said = row["field-reply"]
    assert "First <b>line</b>" in said and "second line" in said
    for told in ("Hana W.", "https://example.org/hana", "The alliance", "Maud"):
        assert told in said
    assert "No reply of this sender was approved before." in row["field-why"]
    assert "A field that readers do not see was filled in." in row["field-why"]
    assert row["field-state"] == "held"
    assert row["field-record"] == "0 approved, 0 rejected"
    links = [each.get("href") for each in page(client.get(LIST)).iter("a")]
    assert article.get_absolute_url() in links
    assert f"{LIST}{comment.pk}/change/" in links


def test_the_record_of_the_sender_counts_the_other_replies(client, moderator):
    article = make_article()
    comments = []
    for verb in (Comment.approve, Comment.approve, Comment.reject, Comment.mark_spam, None):
        comment = make_comment(article=article, email="hana@example.org")
        Comment.objects.update(submitted_at=START)
        if verb:
            verb(comment, by=moderator)
        comments.append(comment)
    stranger = make_comment(article=article)
    response = client.get(LIST)
    records = [row_of(response, comment)["field-record"] for comment in comments]
    assert records == [
        "1 approved, 2 rejected",
        "1 approved, 2 rejected",
        "2 approved, 1 rejected",
        "2 approved, 1 rejected",
        "2 approved, 2 rejected",
    ]
    assert row_of(response, stranger)["field-record"] == "0 approved, 0 rejected"


OUR_TAGS = {"a", "bdi", "br", "div", "li", "p", "span", "strong", "td", "time", "ul"}


def assert_plain(element):
    """Nothing but what the admin's own templates draw."""
    for each in element.iter():
        if each.tag == "input":  # the version of the text that is shown
            assert set(each.attrib) == {"type", "name", "value"}
            assert each.attrib["name"].startswith("seen-") and each.attrib["value"].isdigit()
            continue
        assert each.tag in OUR_TAGS
        assert set(each.attrib) <= {"class", "href", "datetime"}
        assert (each.get("href") or "/").startswith("/")


def test_what_readers_typed_is_text_in_the_admin(client, moderator):
    """Moderators read an attack first, on the site's own origin."""
    article = make_article()
    typed = {}
    for number, payload in enumerate(XSS[-40:]):
        comment = make_comment(
            article=article, text=f"{number} {payload}", name=f"N {payload}"[:80]
        )
        typed[comment.pk] = " ".join(comment.body.split())
    listed = by_class(page(client.get(LIST)), "field-reply")
    assert len(listed) == 40
    for cell, text in zip(listed, reversed(typed.values()), strict=True):
        assert_plain(cell)
        assert text in text_of(cell)
    for number, text in [*typed.items()][::8]:
        fields = by_class(page(client.get(f"{LIST}{number}/change/")), "readonly")
        for field in fields:
            assert_plain(field)
        assert text in [text_of(field) for field in fields]
    history = client.get(f"{LIST}{number}/history/")
    assert f"Reply {number}" in text_of(by_id(page(history), "content"))


def test_a_reply_can_be_found_by_its_words_its_name_and_its_piece(client, moderator):
    alliance = make_article(headline="The alliance")
    by_piece = make_comment(article=alliance, name="A", text="a")
    by_name = make_comment(name="Wójcik", text="b")
    by_text = make_comment(name="C", text="Where can I read the treaty?")
    for words, found in [("alliance", by_piece), ("wójcik", by_name), ("treaty where", by_text)]:
        assert [row["pk"] for row in rows(client.get(LIST, {"q": words}))] == [found.pk], words


def test_an_address_finds_nothing(client, moderator):
    make_comment(email="hana@example.org", name="Somebody", text="Words.")
    for words in ("hana@example.org", "hana", "example.org"):
        assert not by_class(page(client.get(LIST, {"q": words})), "field-reply")


@pytest.mark.parametrize(
    "query", ["\x00", "'", '"', "%", "\\", "x" * 5000, "\ufdd0", "1 OR 1=1", "<b>"]
)
def test_any_words_can_be_searched_for(client, moderator, query):
    make_comment(text="Words.")
    assert client.get(LIST, {"q": query}, follow=True).status_code == 200


def test_the_list_can_be_narrowed_to_a_state(client, moderator):
    held, spam = make_comment(), make_comment()
    spam.mark_spam(by=moderator)
    assert [row["pk"] for row in rows(client.get(LIST, {"status__exact": "spam"}))] == [spam.pk]
    assert [row["pk"] for row in rows(client.get(LIST, {"status__exact": "held"}))] == [held.pk]


# --- Deciding ---------------------------------------------------------------------------------


def test_six_actions_are_offered_and_deleting_is_not(client, moderator):
    make_comment()
    (choice,) = (
        each for each in page(client.get(LIST)).iter("select") if each.get("name") == "action"
    )
    offered = {
        each.get("value"): text_of(each) for each in choice.iter("option") if each.get("value")
    }
    assert offered == {
        "approve": "Approve",
        "reject": "Reject",
        "mark_spam": "Mark as spam",
        "restore": "Put back into the queue",
        "feature": "Pick: show it first",
        "unfeature": "Pick no more",
    }


@pytest.mark.parametrize(("action", "state"), ACTIONS.items())
@pytest.mark.parametrize("before", [Comment.approve, Comment.reject, Comment.mark_spam])
def test_an_action_decides_on_each_reply_chosen_with_its_reason(
    client, moderator, action, state, before
):
    other = make_staff("Moderators")
    chosen = [make_comment(), make_comment()]
    left = make_comment()
    for comment in [*chosen, left]:
        before(comment, by=other)
    length = Decision.objects.count()
    response = act(client, action, *chosen, reason="Off topic.")
    changed = 0 if chosen[0].status == state else 2
    told = f"{changed} replies decided."
    assert messages_of(response) == [told]
    assert Decision.objects.count() == length + changed
    for comment in chosen:
        comment.refresh_from_db()
        assert comment.status == state
        if changed:
            latest = comment.decisions.latest("pk")
            assert (latest.by, latest.reason, latest.to_status) == (moderator, "Off topic.", state)
    left.refresh_from_db()
    assert left.decisions.latest("pk").by == other


def test_approving_shows_the_reply_to_readers_at_once(client, moderator):
    comment = make_comment(text="Let me out.")
    url = comment.article.get_absolute_url()
    assert "Let me out." not in client.get(url).content.decode()
    act(client, "approve", comment)
    assert "Let me out." in client.get(url).content.decode()
    act(client, "restore", comment)
    assert "Let me out." not in client.get(url).content.decode()


def test_approving_twice_is_deciding_once(client, moderator):
    comment = make_comment()
    assert messages_of(act(client, "approve", comment)) == ["1 reply decided."]
    assert messages_of(act(client, "approve", comment)) == ["0 replies decided."]
    assert comment.decisions.filter(by=moderator).count() == 1


def test_all_pages_of_the_list_can_be_decided_on_at_once(client, moderator):
    article = make_article()
    comments = [make_comment(article=article) for _ in range(52)]
    act(client, "mark_spam", comments[0], select_across="1")
    assert set(Comment.objects.values_list("status", flat=True)) == {"spam"}
    assert Decision.objects.filter(by=moderator).count() == 52


@pytest.mark.parametrize(
    "sent",
    [
        {"_selected_action": []},
        {"_selected_action": ["0"]},
        {"action": "delete_selected"},
        {"action": "publish"},
        {"action": ""},
        {"action": "\x00"},
        {"reason": "a\x00b"},
    ],
    ids=str,
)
def test_what_cannot_be_done_changes_nothing(client, moderator, sent):
    comment = make_comment()
    data = {"action": "approve", "reason": "", "_selected_action": [comment.pk]} | sent
    response = client.post(LIST, data, follow=True)
    assert response.status_code < 500
    assert Comment.objects.get().is_held
    assert not Decision.objects.filter(rule="").exists()


def test_a_reason_that_is_too_long_is_cut(client, moderator):
    comment = make_comment()
    data = {"action": "approve", "reason": "x" * 501, "_selected_action": [comment.pk]}
    client.post(LIST, data)
    assert Decision.objects.get(rule="").reason == "x" * 500


# --- One reply by itself ----------------------------------------------------------------------


def test_the_page_of_a_reply_tells_its_whole_history(client, moderator):
    comment = make_comment(text="x" * 4999 + "!", trap="x")
    comment.mark_spam(by=moderator, reason="Looks like it.")
    comment.restore(by=make_staff("Moderators", username="maud"), reason="It is not.")
    shown = text_of(by_id(page(client.get(f"{LIST}{comment.pk}/change/")), "content"))
    assert "x" * 4999 + "!" in shown
    assert "A field that readers do not see was filled in." in shown
    by_whom = ("First replies of a sender", moderator.username, "maud")
    for told in (*by_whom, "Looks like it.", "It is not."):
        assert told in shown


def test_the_page_of_a_reply_offers_a_decision_and_nothing_else_to_write(client, moderator):
    comment = make_comment()
    content = by_id(page(client.get(f"{LIST}{comment.pk}/change/")), "content")
    names = {each.get("name") for each in controls(content) if each.get("type") != "hidden"}
    assert names == {"reason"}
    assert not {"_save", "_continue", "_addanother"} & set(filled_in(content))


@pytest.mark.parametrize("path", ["add/", "{pk}/delete/"])
def test_replies_are_neither_added_nor_deleted_by_hand(client, moderator, path):
    comment = make_comment()
    url = LIST + path.format(pk=comment.pk)
    assert client.get(url).status_code == 403
    assert client.post(url, {"post": "yes"}).status_code == 403
    assert Comment.objects.count() == 1


def test_the_log_of_decisions_shows_who_did_what_and_is_read_only(client, moderator):
    comment = make_comment()
    comment.reject(by=moderator, reason="Off topic.")
    decision = comment.decisions.get(by=moderator)
    listed = text_of(by_id(page(client.get("/admin/comments/log/")), "content"))
    by_whom = ("First replies", moderator.username)
    for told in (f"Reply {comment.pk}", *by_whom, "Off topic.", "rejected"):
        assert told in listed
    url = f"/admin/comments/decision/{decision.pk}/"
    assert client.get(f"{url}change/").status_code == 200
    changed = {"reason": "Another.", "to_status": "approved", "_save": "Save"}
    assert client.post(f"{url}change/", changed).status_code == 403
    assert client.get(f"{url}delete/").status_code == 403
    assert client.get("/admin/comments/decision/add/").status_code == 403
    decision.refresh_from_db()
    assert decision.reason == "Off topic."


def test_moderators_exist_from_the_start():
    permissions = Group.objects.get(name="Moderators").permissions
    names = set(permissions.values_list("codename", flat=True))
    assert names >= {"moderate_comment", "view_comment", "view_decision"}
    writing = {name for name in names if name.startswith(("add_", "change_", "delete_"))}
    assert writing == {"change_policy"}  # the rules; nothing that readers wrote


@pytest.mark.parametrize("selected", ["x", "-1", "\0", "9" * 40, "١", ["x", "y"]])
def test_a_selection_of_nonsense_decides_on_nothing(client, selected):
    comment = make_comment()
    client.force_login(make_staff("Moderators"))
    posted = {"action": "approve", "index": "0", "_selected_action": selected}
    assert client.post(LIST, posted).status_code == 302
    comment.refresh_from_db()
    assert comment.status == "held"
