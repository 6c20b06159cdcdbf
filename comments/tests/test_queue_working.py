"""What the addresses behind the queue do: decide, take back, change, note, answer, block."""

import pytest
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.tests.factories import make_article, make_staff
from comments.models import CannedReason, Comment, Decision, SecondReading, Standing
from comments.tests.factories import make_comment
from comments.tests.reading import by_class, by_id, page, text_of
from newsroom.tests.browsing import fields_of, text_at

pytestmark = pytest.mark.django_db

QUEUE = "/admin/comments/queue/"
SCRIPT = {"X-Requested-With": "fetch"}


@pytest.fixture
def moderator(client):
    user = make_staff("Moderators", username="tom")
    client.force_login(user)
    return user


def press(client, comment, button, *, query="", headers=None, **fields):
    """A button of the card, which was drawn when `comment` was read."""
    sent = {"decision": button, "seen": comment.as_seen} | fields
    return client.post(f"{QUEUE}{comment.pk}/{query}", sent, headers=headers)


def ask(client, comment, button, **fields):
    response = press(client, comment, button, headers=SCRIPT, **fields)
    return response.status_code, response.json()


def state(comment):
    return Comment.objects.get(pk=comment.pk).status


def messages_of(response):
    return [text_of(each) for line in by_class(page(response), "messagelist") for each in line]


# --- Deciding ---------------------------------------------------------------------------------


def test_without_scripts_a_button_decides_and_the_queue_comes_back_as_it_was(client, moderator):
    comment, other = make_comment(name="Hana"), make_comment()
    response = client.get(f"{QUEUE}?order=oldest&age=day")
    (form,) = (
        each
        for each in by_class(page(response), "card-form")
        if each.attrib["action"].startswith(f"{QUEUE}{comment.pk}/")
    )
    response = client.post(
        form.attrib["action"], {"decision": "approve", "seen": comment.as_seen}, follow=True
    )
    assert response.redirect_chain == [(f"{QUEUE}?age=day", 302)]
    assert messages_of(response) == ["Approved: the reply of Hana."]
    assert (state(comment), state(other)) == ("approved", "held")
    assert by_id(page(response), f"reply-{other.pk}") is not None


@pytest.mark.parametrize(
    ("button", "becomes"),
    [("approve", "approved"), ("reject", "rejected"), ("spam", "spam"), ("feature", "approved")],
)
def test_scripts_are_told_what_was_done(client, moderator, button, becomes):
    comment = make_comment()
    status, told = ask(client, comment, button)
    assert (status, told["problem"], told["seen"]) == (200, "", f"{becomes}.1")
    made = Decision.objects.filter(by=moderator)
    assert sorted(told["decisions"]) == sorted(made.values_list("pk", flat=True))
    assert Comment.objects.get().is_featured == (button == "feature")


def test_a_reply_is_rejected_with_a_ready_reason_in_the_language_of_its_piece(client, moderator):
    comment = make_comment(article=make_article(language="ja"))
    reason = CannedReason.objects.get(code="insult")
    ask(client, comment, "reject", canned=str(reason.pk), note="Third time.")
    decision = comment.decisions.latest("pk")
    assert (decision.canned, decision.note) == (reason, "Third time.")
    assert decision.reason == reason.words("ja")
    other = make_comment()
    ask(client, other, "reject", canned=str(reason.pk), reason="In my own words.")
    assert other.decisions.latest("pk").reason == "In my own words."


def test_what_a_form_should_not_send_changes_nothing(client, moderator):
    comment = make_comment()
    withdrawn = CannedReason.objects.get(code="insult")
    withdrawn.withdraw()
    for wrong in (
        {"decision": "erase"},
        {"decision": ""},
        {"seen": ""},
        {"seen": "held"},
        {"seen": "held.99999999999999999999"},
        {"reason": "x" * 501},
        {"reason": "a\0b"},
        {"note": "x" * 1001},
        {"canned": "999999"},
        {"canned": "x\0"},
        {"canned": str(withdrawn.pk)},
    ):
        status, told = ask(client, comment, wrong.pop("decision", "reject"), **wrong)
        assert (status, told["problem"]) == (422, "refused"), wrong
        assert told["text"]
    assert state(comment) == "held" and not Decision.objects.filter(by=moderator).exists()
    assert client.post(f"{QUEUE}999999999/", {"decision": "approve"}).status_code == 404


def test_who_comes_second_is_told_who_came_first(client, moderator):
    maria = make_staff("Moderators", username="maria")
    comment = make_comment()
    comment.reject(by=maria)
    comment.status = "held"  # as it was read
    status, told = ask(client, comment, "approve")
    assert (status, told["problem"], told["seen"]) == (409, "decided", "rejected.1")
    assert "maria rejected it" in told["text"]
    page_again = client.post(
        f"{QUEUE}{comment.pk}/", {"decision": "approve", "seen": "held.1"}, follow=True
    )
    assert "aria rejected it" in messages_of(page_again)[0]
    assert state(comment) == "rejected"


def test_on_a_text_that_nobody_here_has_read_nothing_is_decided(client, moderator):
    comment = make_comment(text="Harmless.")
    seen = comment.as_seen
    comment.edit("Something else.", seen=seen)
    status, told = ask(client, comment, "approve", seen=seen)
    assert (status, told["problem"], told["seen"]) == (409, "changed", "held.2")
    assert state(comment) == "held"


def test_a_decision_that_is_sent_twice_is_one(client, moderator):
    comment = make_comment()
    first = ask(client, comment, "approve")
    again = ask(client, comment, "approve")
    assert first[0] == again[0] == 200 and first[1]["decisions"] == again[1]["decisions"]
    assert comment.decisions.count() == 2


def test_a_pick_of_what_readers_do_not_see_is_refused(client, moderator):
    comment = make_comment()
    comment.reject(by=moderator)
    comment.refresh_from_db()
    status, told = ask(client, comment, "feature")
    assert (status, told["problem"]) == (422, "refused")


def test_a_blind_second_reading_is_taken_and_changes_nothing(client, moderator):
    comment = make_comment()
    comment.approve(by=make_staff("Moderators", username="maria"))
    reading = SecondReading.objects.create(
        decision=comment.decisions.latest("pk"), comment=comment, version=1
    )
    beat = pulse(client, cards=f"{comment.pk}:held.1")
    assert beat["changed"] == {}, "or it would say that somebody has decided"
    status, told = ask(client, comment, "reject", seen="held.1")
    reading.refresh_from_db()
    assert (status, told["told"], reading.verdict) == (200, True, "rejected")
    assert "maria" in told["text"] and state(comment) == "approved"


def test_the_card_alone_is_drawn_for_scripts_and_a_page_for_all_others(client, moderator):
    comment = make_comment(text="What I say.")
    card = client.get(f"{QUEUE}{comment.pk}/", headers=SCRIPT)
    assert card.content.decode().lstrip().startswith("<article")
    assert "<html" not in card.content.decode()
    whole = client.get(f"{QUEUE}{comment.pk}/")
    assert "What I say." in text_at(whole, ".//body") and b"<html" in whole.content
    assert fields_of(whole)["seen"] == "held.1"


def test_deciding_costs_the_same_however_many_there_are(client, moderator):
    few = make_comment()
    with CaptureQueriesContext(connection) as first:
        ask(client, few, "approve")
    for _each in range(5):
        make_comment(article=few.article)
    more = make_comment(article=few.article)
    with CaptureQueriesContext(connection) as second:
        ask(client, more, "approve")
    assert len(second) == len(first) <= 45


# --- Taking back ------------------------------------------------------------------------------


def test_what_was_done_last_is_taken_back_with_and_without_scripts(client, moderator):
    first, second = make_comment(name="Hana"), make_comment()
    _, told = ask(client, first, "feature")
    ask(client, second, "spam")
    response = client.post(f"{QUEUE}undo/", follow=True)
    assert "Taken back (spam)." in messages_of(response)[0]
    assert state(second) == "held"
    response = client.post(f"{QUEUE}undo/", {"decision": told["decisions"]}, headers=SCRIPT)
    assert response.json()["reply"] == first.pk and response.json()["seen"] == "held.1"
    assert state(first) == "held" and not Comment.objects.get(pk=first.pk).is_featured
    response = client.post(f"{QUEUE}undo/", headers=SCRIPT)
    assert response.status_code == 422 and "nothing" in response.json()["text"]


def test_of_others_nothing_is_taken_back(client, moderator):
    comment = make_comment()
    comment.approve(by=make_staff("Moderators"))
    theirs = comment.decisions.latest("pk").pk
    for sent in ([str(theirs)], ["999999999999"], ["x", "\0"]):
        response = client.post(f"{QUEUE}undo/", {"decision": sent}, headers=SCRIPT)
        assert response.status_code == 422, sent
    assert state(comment) == "approved"


# --- What else is done with a reply -----------------------------------------------------------


def fill_in(client, comment, what, **fields):
    """The form of a card, as it is drawn now."""
    form = client.get(f"{QUEUE}{comment.pk}/{what}/", headers=SCRIPT)
    assert form.status_code == 200, form.content
    sent = fields_of(form) | fields
    return client.post(f"{QUEUE}{comment.pk}/{what}/", sent, headers=SCRIPT)


def test_a_number_is_taken_out_of_the_text(client, moderator):
    comment = make_comment(text="Call Hana: 0123 456.")
    told = fill_in(client, comment, "text", text="Call Hana.").json()
    assert told["seen"] == "held.2" and len(told["decisions"]) == 1
    assert Comment.objects.get().body == "Call Hana."
    for text in ("", " \u200b", "x" * 5001):
        response = fill_in(client, comment, "text", text=text)
        assert response.status_code == 422 and b"<form" in response.content
    stale = fill_in(client, comment, "text", text="Mine.", seen="held.1")
    assert stale.status_code == 422 and "another text by now" in stale.content.decode()
    assert Comment.objects.get().body == "Call Hana."


def test_a_note_is_for_moderators_alone(client, moderator):
    comment = make_comment()
    fill_in(client, comment, "note", note="Known from 2019.")
    decision = comment.decisions.latest("pk")
    assert (decision.kind, decision.note, decision.reason) == ("noted", "Known from 2019.", "")
    assert "Known from 2019." in text_at(client.get(QUEUE), ".//body")
    assert fill_in(client, comment, "note", note="").status_code == 422
    client.post(f"{QUEUE}undo/")
    assert "Known from 2019." not in text_at(client.get(QUEUE), ".//body")


def test_an_answer_lets_the_reply_out_with_it_or_neither(client, moderator):
    comment = make_comment(text="Is that so?")
    told = fill_in(client, comment, "answer", text="It is.").json()
    answer = Comment.objects.get(parent=comment)
    assert (answer.body, answer.written_by, answer.is_approved) == ("It is.", moderator, True)
    assert (told["seen"], len(told["decisions"])) == ("approved.1", 2)
    client.post(f"{QUEUE}undo/", {"decision": told["decisions"]}, headers=SCRIPT)
    assert state(comment) == "held" and not Comment.objects.approved().exists()
    hidden = make_comment(article=make_article())
    hidden.article.withdraw(by=moderator, reason="Not true")
    assert fill_in(client, hidden, "answer", text="It is.").status_code == 422
    assert state(hidden) == "held"
    rejected = make_comment()
    rejected.reject(by=moderator)
    refused = client.get(f"{QUEUE}{rejected.pk}/answer/", headers=SCRIPT)
    assert refused.status_code == 409


def test_the_sender_is_blocked_and_trusted_again(client, moderator):
    comment = make_comment()
    told = fill_in(client, comment, "sender", days="30", reason="Threats.").json()
    standing = Standing.objects.in_force().get()
    assert (standing.kind, standing.reason, standing.by) == ("blocked", "Threats.", moderator)
    assert comment.decisions.latest("pk").kind == "blocked"
    assert "@" not in str(told)
    client.post(f"{QUEUE}undo/", headers=SCRIPT)
    assert not Standing.objects.in_force().exists()
    fill_in(client, comment, "sender", standing="trusted", days="0")
    assert Standing.objects.in_force().get().kind == "trusted"
    assert fill_in(client, comment, "sender", standing="lift").status_code == 422
    answer = Comment.objects.answer(comment.article, text="Ours.", by=moderator)
    assert client.get(f"{QUEUE}{answer.pk}/sender/", headers=SCRIPT).status_code == 409


def test_the_forms_are_pages_without_scripts(client, moderator):
    comment = make_comment(text="Call Hana: 0123.")
    for what in ("text", "note", "answer", "sender"):
        response = client.get(f"{QUEUE}{comment.pk}/{what}/")
        assert "Call Hana: 0123." in text_at(response, ".//body"), what
    sent = fields_of(client.get(f"{QUEUE}{comment.pk}/text/?tab=all")) | {"text": "Call Hana."}
    response = client.post(f"{QUEUE}{comment.pk}/text/?tab=all", sent, follow=True)
    assert response.redirect_chain == [(f"{QUEUE}?tab=all", 302)]
    assert messages_of(response) == ["The text is saved."]


def test_who_does_not_answer_for_the_newsroom_cannot_here(client):
    user = make_staff("Moderators")
    user.groups.clear()
    user.user_permissions.add(Permission.objects.get(codename="moderate_comment"))
    client.force_login(user)
    comment = make_comment()
    address = f"{QUEUE}{comment.pk}/answer/"
    assert client.get(address).status_code == 403
    assert client.post(address, {"text": "Yes.", "seen": "held.1"}).status_code == 403
    assert "Answer as the newsroom" not in client.get(QUEUE).content.decode()
    assert state(comment) == "held"


# --- What others do meanwhile -----------------------------------------------------------------


def pulse(client, **sent):
    return client.post(f"{QUEUE}pulse/", sent).json()


def test_a_window_learns_what_others_did_and_which_cards_they_have_open(client, moderator, clock):
    maria = make_staff("Moderators", username="maria")
    mine, decided, changed = make_comment(), make_comment(), make_comment()
    client.force_login(maria)
    assert pulse(client, open=str(mine.pk))["open"] == {}
    decided.mark_spam(by=maria)
    changed.edit("Other words.", seen=changed.as_seen)
    client.force_login(moderator)
    cards = f"{mine.pk}:held.1 {decided.pk}:held.1 {changed.pk}:held.1 77777:held.1"
    told = pulse(client, open=str(decided.pk), cards=cards)
    assert told["open"] == {str(mine.pk): "maria has it open"}
    assert told["counts"]["waiting"] == "2" and told["counts"]["spam"] == "1"
    assert str(mine.pk) not in told["changed"]
    assert "maria marked it as spam" in told["changed"][str(decided.pk)]["text"]
    assert told["changed"][str(changed.pk)]["problem"] == "changed"
    assert told["changed"]["77777"]["problem"] == "decided"
    clock.shift(31)
    assert pulse(client, cards=cards)["open"] == {}


def test_a_pulse_bears_whatever_is_sent(client, moderator):
    assert client.get(f"{QUEUE}pulse/").json()["token"]
    for wrong in ("x", "1:held", "9" * 30 + ":held.1", "1:" + "a" * 9999, "\0", "🙂:held.1"):
        assert pulse(client, cards=wrong, open=wrong)["changed"] == {}
    many = " ".join(f"{number}:held.1" for number in range(1, 2000))
    assert len(pulse(client, cards=many)["changed"]) == 300


def test_a_pulse_costs_the_same_however_much_has_changed(client, moderator):
    def queries(cards):
        with CaptureQueriesContext(connection) as captured:
            pulse(client, open=str(cards[0].pk), cards=" ".join(f"{c.pk}:held.1" for c in cards))
        return len(captured)

    replies = [make_comment() for _each in range(6)]
    for each in replies:
        each.approve(by=moderator)
    queries(replies[:1])
    assert queries(replies[:1]) == queries(replies) <= 20
