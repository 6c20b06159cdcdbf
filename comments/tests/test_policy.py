"""The form of the site's rules for replies: who changes them, and what is kept of a change."""

import pytest

from articles.models import Replies
from articles.tests.factories import make_staff
from comments.models import Policy, PolicyChange
from newsroom.append_only import RecordsAreFinal
from newsroom.tests.browsing import fields_of, text_at

pytestmark = pytest.mark.django_db

PAGE = "/admin/comments/policy/1/change/"


@pytest.fixture
def desk(client):
    client.force_login(make_staff("Moderators", username="mo"))
    client.get("/admin/comments/policy/")
    return client


def sent(desk, **fields):
    """What the form sends with these changed; False for a box that is not ticked."""
    typed = {name: value for name, value in fields_of(desk.get(PAGE)).items() if value is not None}
    typed |= fields
    return {name: value for name, value in typed.items() if value is not False}


def test_while_nobody_has_saved_any_the_rules_hold_every_reply():
    policy = Policy.objects.current()
    assert not Policy.objects.exists()
    assert (policy.replies, policy.hold_first) == (Replies.HELD, 1)
    assert policy.most_posts_a_minute == 60


def test_the_address_in_the_menu_leads_to_the_one_form(desk):
    assert desk.get("/admin/comments/policy/")["Location"] == PAGE
    assert Policy.objects.count() == 1


def test_a_moderator_changes_the_rules_and_it_is_on_record(desk):
    before = Policy.objects.get().most_links
    answer = desk.post(PAGE, sent(desk, replies="open", most_links="5", hold_shouting=False))
    assert answer.status_code == 302
    policy = Policy.objects.get()
    assert (policy.replies, policy.most_links, policy.hold_shouting) == ("open", 5, False)
    changes = {each.field: (each.was, each.became) for each in PolicyChange.objects.all()}
    assert changes == {
        "replies": ("all held", "open"),
        "most_links": (str(before), "5"),
        "hold_shouting": ("yes", "no"),
    }
    assert {each.by.username for each in PolicyChange.objects.all()} == {"mo"}
    shown = text_at(desk.get(PAGE), ".//section[@class='policy-changes']")
    assert "mo, replies: all held open" in shown
    assert "all held" in desk.get("/admin/comments/policychange/").content.decode()


def test_of_a_list_the_record_has_the_lines_that_came_and_went(desk):
    desk.post(PAGE, sent(desk, banned_words=" viagra \r\n\r\nfree   money\r\nviagra"))
    assert Policy.objects.get().banned_words == "viagra\nfree money"
    desk.post(PAGE, sent(desk, banned_words="free money\ncasino"))
    last = PolicyChange.objects.all()[0]
    assert (last.field, last.before, last.after) == ("banned_words", "viagra", "casino")


def test_saving_without_a_change_leaves_no_record(desk):
    desk.post(PAGE, sent(desk))
    assert not PolicyChange.objects.exists()


def test_a_record_is_final(desk):
    desk.post(PAGE, sent(desk, replies="open"))
    with pytest.raises(RecordsAreFinal):
        PolicyChange.objects.get().delete()
    with pytest.raises(RecordsAreFinal):
        PolicyChange.objects.update(before="")


@pytest.mark.parametrize(
    "fields",
    [
        {"replies": "never"},
        {"most_links": "-1"},
        {"hold_first": "99999999999999999999"},
        {"network_pace": "many"},
        {"banned_words": "x\x00"},
        {"watched_words": "a" * 500_000},
        {"close_after_days": ""},
    ],
)
def test_bad_input_gets_an_error_and_changes_nothing(desk, fields):
    answer = desk.post(PAGE, sent(desk, **fields))
    assert answer.status_code == 200
    assert "errornote" in answer.content.decode()
    assert not PolicyChange.objects.exists()


def test_the_rules_are_neither_added_nor_deleted(desk):
    assert desk.get("/admin/comments/policy/add/").status_code == 403
    assert desk.post("/admin/comments/policy/1/delete/", {"post": "yes"}).status_code == 403


def test_editors_have_no_say(client):
    Policy().save()
    client.force_login(make_staff("Editors"))
    for data in ({"replies": "open"}, {"_try": "1"}):
        assert client.post(PAGE, data).status_code == 403
    assert client.get("/admin/comments/policychange/").status_code == 403
    assert Policy.objects.get().replies == "held"


def test_the_fields_of_a_service_that_is_not_there_are_not_asked(desk, settings):
    assert "spam_verdict" not in sent(desk)
    settings.AKISMET_URL = "https://spam.example.org/1.1/comment-check"
    assert "spam_verdict" in sent(desk)
