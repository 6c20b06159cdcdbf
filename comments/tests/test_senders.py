"""Blocked and trusted senders: the list, and all there is about one of them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from articles.tests.factories import make_staff
from comments.admin.senders import REPLIES
from comments.models import Standing
from comments.tests.factories import make_approved, make_comment, sender_of
from newsroom.tests.browsing import fill_in, links, text_at

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
LIST = "/admin/comments/senders/"
HANA = "hana@example.org"


@pytest.fixture
def moderator(client, clock):
    user = make_staff("Moderators", username="maud")
    client.force_login(user)
    return user


def page_of(sender):
    return f"{LIST}{sender.pk}/"


def test_the_list_says_whom_until_when_why_and_by_whom(client, moderator):
    blocked, trusted, ended = (sender_of(make_comment()) for _ in range(3))
    blocked.block(by=moderator, until=NOW + timedelta(days=30), reason="Insults.")
    trusted.trust(by=moderator)
    ended.block(by=moderator, until=NOW - timedelta(days=1), reason="Long ago.")

    told = text_at(client.get(LIST), ".//table")
    assert f"Sender {blocked.pk}" in told and "Insults." in told and "maud" in told
    assert "3 June 2026" in told and "4 May 2026" in told
    assert f"Sender {trusted.pk}" not in told and "Long ago." not in told
    told = text_at(client.get(f"{LIST}?part=trusted"), ".//table")
    assert f"Sender {trusted.pk}" in told and "for good" in told
    told = text_at(client.get(f"{LIST}?part=ended"), ".//table")
    assert "Long ago." in told and "ran out" in told
    assert client.get(f"{LIST}?part=%00&page=x").status_code == 200


def test_a_standing_is_lifted_in_the_list_also_of_somebody_who_is_erased(client, moderator):
    comment = make_comment(email=HANA)
    standing = sender_of(comment).block(by=moderator)
    comment.erase(by=moderator)
    standing.refresh_from_db()
    assert standing.sender is None

    answer = client.post(f"{LIST}lift/", {"standing": str(standing.pk)}, follow=True)
    assert "It counts no more from now on." in text_at(answer)
    standing.refresh_from_db()
    assert (standing.lifted_at, standing.lifted_by) == (NOW, moderator)
    assert not Standing.objects.in_force().exists()
    again = client.post(f"{LIST}lift/", {"standing": str(standing.pk)}, follow=True)
    assert "lifted before" in text_at(again)
    for nonsense in ("", "x", "\0", "9" * 40, "999999"):
        assert client.post(f"{LIST}lift/", {"standing": nonsense}).status_code == 404


def test_a_sender_has_names_a_record_a_history_and_replies(client, moderator):
    comment = make_approved(email=HANA, name="Hana W.", text="What I think of it.")
    sender = sender_of(comment)
    other = make_comment(email=HANA, name="Ryo", text="Something else.")
    other.reject(by=moderator)
    sender.block(by=moderator, reason="The first time.")
    sender.lift(by=moderator)
    sender.block(by=moderator, reason="The second time.")

    page = client.get(page_of(sender))
    told = text_at(page)
    for words in ("Hana W., Ryo", "1 approved, 1 rejected", "The first time.", "The second time."):
        assert words in told
    for words in ("What I think of it.", "Something else.", f"Reply {other.pk}"):
        assert words in told
    assert f"/admin/comments/queue/?tab=all&sender={sender.pk}" in links(page)
    assert HANA not in page.content.decode()
    assert sender.fingerprint not in page.content.decode()


def test_a_sender_is_blocked_until_a_day_and_lifted_on_their_page(client, moderator):
    sender = sender_of(make_comment())
    sent = {"standing": "blocked", "days": "7", "day": "2026-06-01", "reason": "Insults."}
    assert fill_in(client, page_of(sender), **sent)["Location"] == page_of(sender)
    standing = Standing.objects.get()
    assert (standing.kind, standing.reason, standing.by) == ("blocked", "Insults.", moderator)
    assert timezone.localtime(standing.until).isoformat() == "2026-06-01T00:00:00+00:00"
    fill_in(client, page_of(sender), standing="trusted", days="7")
    assert Standing.objects.in_force().get().until == NOW + timedelta(days=7)
    fill_in(client, page_of(sender), standing="lift")
    assert not Standing.objects.in_force().exists()

    for wrong in ({"day": "2026-05-04"}, {"day": "x"}, {"standing": "king"}, {"days": "-1"}):
        answer = client.post(page_of(sender), sent | wrong)
        assert answer.status_code == 422
        assert "Please look at the fields below." in text_at(answer)
    assert not Standing.objects.in_force().exists()


def test_nothing_can_be_changed_of_a_sender_who_is_forgotten(client, moderator):
    comment = make_comment(text="What is left.")
    sender = sender_of(comment)
    sender.forget()

    page = client.get(page_of(sender))
    assert "This sender is forgotten" in text_at(page) and "What is left." in text_at(page)
    answer = client.post(page_of(sender), {"standing": "blocked", "days": "30"}, follow=True)
    assert "Nothing is left by which the sender could be known." in text_at(answer)
    assert not Standing.objects.exists()
    assert client.get(f"{LIST}999999/").status_code == 404


def test_the_cost_of_a_sender_does_not_grow_with_their_replies(
    client, moderator, django_assert_max_num_queries
):
    replies = [make_comment(email=HANA) for _ in range(REPLIES + 2)]
    sender = sender_of(replies[0])
    for count in (2, 4):
        for _ in range(count):
            sender.block(by=moderator)
        with django_assert_max_num_queries(14):
            page = client.get(page_of(sender))
    (older,) = (link for link in links(page) if link.startswith("?before="))
    shown = text_at(client.get(page_of(sender) + older))
    assert f"Reply {replies[0].pk}" in shown and f"Reply {replies[-1].pk}" not in shown


def test_the_old_list_leads_to_the_new_one(client, moderator):
    assert client.get("/admin/comments/standing/")["Location"] == LIST
