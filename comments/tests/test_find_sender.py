"""A chief moderator finds who wrote from an address, which is seen nowhere."""

import logging

import pytest
from django.contrib.admin.models import LogEntry

from articles.tests.factories import make_staff
from comments.models import Commenter, SenderSearch
from comments.models.sender_search import MOST
from comments.retention import erase_due
from comments.tests.factories import FROM_THIS_SITE, make_comment, sender_of
from comments.tests.reading import page, text_of
from newsroom.tests.browsing import fill_in, links

pytestmark = pytest.mark.django_db

FIND = "/admin/comments/queue/find-sender/"
ADDRESS = "canary.hana@example.org"


@pytest.fixture
def chief(client):
    user = make_staff("Chief moderators")
    client.force_login(user)
    return user


def find(client, address, **extra):
    return fill_in(client, FIND, sender_address=address, **extra)


def test_an_address_leads_to_all_that_its_sender_wrote(client, chief):
    comment = make_comment(email=ADDRESS)
    make_comment()
    response = find(client, f" {ADDRESS.upper()} ")
    sender = sender_of(comment)
    assert response.status_code == 302
    assert response["Location"] == f"/admin/comments/queue/?tab=all&sender={sender.pk}"
    shown = client.get(response["Location"])
    assert f"reply-{comment.pk}" in shown.content.decode()
    search = SenderSearch.objects.get()
    assert (search.by, search.sender) == (chief, sender)
    listed = client.get(FIND)
    assert f"{chief.username}, found sender {sender.pk}" in text_of(page(listed))
    assert FIND in links(client.get("/admin/comments/queue/"))


def test_nobody_is_found_where_nobody_wrote(client, chief):
    comment = make_comment(email=ADDRESS)
    sender_of(comment).block(by=chief)
    assert "Nobody has written" in text_of(page(client.get(find(client, "a@b.example").url)))
    sender_of(comment).erase(rule="retention")
    assert "its sender is blocked" in text_of(page(client.get(find(client, ADDRESS).url)))
    assert list(SenderSearch.objects.values_list("sender", flat=True)) == [None, None]


@pytest.mark.parametrize(
    "typed", ["", "canary.hana", "a@b", f"{'canary' * 50}@example.org", "canary\x00@example.org"]
)
def test_what_is_no_address_is_refused_and_not_repeated(client, chief, typed):
    response = find(client, typed)
    assert response.status_code == 422
    assert "canary" not in response.content.decode()
    assert not SenderSearch.objects.exists()


def test_the_address_stands_in_no_answer_no_log_and_no_row(client, chief, caplog):
    caplog.set_level(logging.DEBUG)
    make_comment(email=ADDRESS)
    answers = [find(client, ADDRESS), find(client, "canary.else@example.org")]
    answers += [client.get(each.url) for each in answers] + [client.get(FIND)]
    # Where the session has ended, the form isn't drawn again.
    client.logout()
    sent = {"sender_address": ADDRESS}
    answers.append(client.post(FIND, sent, headers=FROM_THIS_SITE))
    for answer in answers:
        assert "canary" not in answer.content.decode() + str(answer.headers)
        assert Commenter.objects.get().fingerprint not in answer.content.decode()
    assert "canary" not in caplog.text
    assert not LogEntry.objects.filter(change_message__contains="canary").exists()


def test_so_many_can_be_looked_for_an_hour_and_no_more(client, chief, clock):
    other = make_staff("Chief moderators")
    for _ in range(MOST):
        SenderSearch.objects.find("a@b.example", by=chief)
    response = find(client, ADDRESS)
    assert (response.status_code, "canary" in response.content.decode()) == (429, False)
    assert SenderSearch.objects.count() == MOST
    assert SenderSearch.objects.find("a@b.example", by=other) is None
    clock.shift(3601)
    assert find(client, ADDRESS).status_code == 302


def test_who_has_looked_is_kept_for_a_year(chief, clock):
    SenderSearch.objects.find("a@b.example", by=chief)
    clock.shift(365 * 86400 - 1)
    list(erase_due())
    assert SenderSearch.objects.exists()
    clock.shift(1)
    list(erase_due())
    assert not SenderSearch.objects.exists()


def test_it_is_offered_to_chief_moderators_alone(client, chief):
    assert FIND in links(client.get("/admin/"))
    client.force_login(make_staff("Moderators"))
    assert FIND not in links(client.get("/admin/"))
