"""The lists of the rules on pages of their own: who added what, adding, removing, files."""

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile

from articles.tests.factories import make_staff
from comments import word_lists
from comments.models import Policy, PolicyChange
from comments.models.policy import MAX_LIST
from comments.tests.factories import make_comment
from newsroom.tests.browsing import text_at

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
BANNED = "/admin/comments/lists/banned_words/"


@pytest.fixture
def moderator(client, clock):
    user = make_staff("Moderators", username="maud")
    client.force_login(user)
    return user


def banned():
    return Policy.objects.current().banned_words.splitlines()


def a_file(text, name="list.txt"):
    return SimpleUploadedFile(name, text if isinstance(text, bytes) else text.encode())


def test_entries_are_added_and_removed_with_who_did_so_and_when(client, moderator, clock):
    answer = client.post(BANNED, {"entries": "casino*\n  free   money \n\ncasino*"}, follow=True)
    assert "2 entries added." in text_at(answer)
    clock.shift(timedelta(days=1))
    other = make_staff("Moderators", username="hana")
    client.force_login(other)
    client.post(BANNED, {"entries": "pills\ncasino*"})

    assert banned() == ["casino*", "free money", "pills"]
    told = text_at(client.get(BANNED), ".//table")
    assert "pills5 May 2026, 09:30hana" in told
    assert "casino*4 May 2026, 09:30maud" in told
    answer = client.post(BANNED, {"remove": "yes", "entry": ["pills", "nowhere"]}, follow=True)
    assert "1 entry removed." in text_at(answer)
    assert banned() == ["casino*", "free money"]
    last = PolicyChange.objects.latest("pk")
    assert (last.field, last.before, last.after, last.by) == ("banned_words", "pills", "", other)


def test_what_is_added_counts_at_once_and_changes_no_other_rule(client, moderator):
    Policy(most_links=7, watched_words="maybe").save()
    client.post(BANNED, {"entries": "casino*"})
    policy = Policy.objects.get()
    assert (policy.most_links, policy.watched_words) == (7, "maybe")
    assert make_comment(text="The best casinos in town.").status == "rejected"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("list.txt", "casino*\r\n\r\n=cmd\nüber\n"),
        ("list.txt", "\ufeffcasino*\n=cmd\nüber"),
        ("list.CSV", "\ufeffentry,added_by\r\ncasino*,maud\r\n'=cmd,\r\nüber\r\n"),
        ("list.csv", "casino*\n\n'=cmd\nüber\n"),
    ],
)
def test_a_list_is_imported_from_a_file(client, moderator, name, text):
    assert client.post(BANNED, {"file": a_file(text, name)}).status_code == 302
    assert banned() == ["casino*", "=cmd", "über"]


def test_an_import_can_take_the_place_of_the_whole_list(client, moderator):
    client.post(BANNED, {"entries": "one\ntwo"})
    answer = client.post(BANNED, {"file": a_file("two\nthree"), "instead": "on"}, follow=True)
    assert "1 entry added. 1 entry removed." in text_at(answer)
    assert banned() == ["two", "three"]
    assert PolicyChange.objects.count() == 2


def test_what_is_exported_can_be_imported_again(client, moderator):
    client.post(BANNED, {"entries": 'casino*\n=cmd\n"quoted", twice\n-x'})
    text, table = client.get(f"{BANNED}list.txt"), client.get(f"{BANNED}list.csv")
    assert text.content.decode() == 'casino*\n=cmd\n"quoted", twice\n-x\n'
    sheet = b"".join(table)
    rows = list(csv.reader(io.StringIO(sheet.decode("utf-8-sig"))))
    assert rows[0] == ["entry", "added_by", "added_at"]
    assert rows[1] == ["casino*", "maud", "2026-05-04T09:30:00+00:00"]
    assert [row[0] for row in rows[2:]] == ["'=cmd", '"quoted", twice', "'-x"]
    before = banned()
    for name, content in (("list.txt", text.content), ("list.csv", sheet)):
        client.post(BANNED, {"remove": "yes", "entry": before})
        assert banned() == []
        client.post(BANNED, {"file": a_file(content, name)})
        assert banned() == before


def test_bad_input_gets_an_error_and_changes_nothing(client, moderator):
    client.post(BANNED, {"entries": "casino*"})
    hosts = BANNED.replace("banned_words", "blocked_domains")
    for address, sent in [
        (BANNED, {}),
        (BANNED, {"entries": " \n "}),
        (BANNED, {"entries": "x" * 101}),
        (BANNED, {"entries": "**"}),
        (BANNED, {"entries": "a\0b"}),
        (BANNED, {"entries": "x" * (MAX_LIST + 1)}),
        (BANNED, {"file": a_file(b"\xff\xfe\0x")}),
        (BANNED, {"file": a_file("a\0b")}),
        (BANNED, {"file": a_file('"open', "list.csv")}),
        (BANNED, {"file": a_file("x" * (4 * MAX_LIST + 1))}),
        (BANNED, {"file": a_file("\n".join(f"{number:099}" for number in range(4001)))}),
        (hosts, {"entries": "no host"}),
        (hosts, {"entries": "//"}),
    ]:
        answer = client.post(address, sent)
        assert answer.status_code == 422, sent
        assert "Nothing was changed." in text_at(answer)
    assert banned() == ["casino*"]
    assert PolicyChange.objects.count() == 1
    assert client.get(BANNED.replace("banned_words", "most_links")).status_code == 404
    assert client.get(f"{BANNED}?page=x&order=%00").status_code == 200


def test_an_entry_is_found_without_standing_in_an_address(client, moderator):
    client.post(BANNED, {"entries": "casino*\nfree money"})
    told = text_at(client.post(BANNED, {"find": "yes", "words": "MONEY"}), ".//table")
    assert "free money" in told and "casino*" not in told
    nothing = client.post(BANNED, {"find": "yes", "words": "x\0"})
    assert nothing.status_code == 200


def test_a_long_list_costs_what_a_short_one_does(client, moderator, django_assert_max_num_queries):
    for count in (1, 3000):
        word_lists.change("banned_words", by=moderator, add=[f"word{n}" for n in range(count)])
        with django_assert_max_num_queries(10):
            page = client.get(BANNED)
    assert "3,000 entries" in text_at(page)
    assert "word2999" in text_at(page) and "word10 " not in text_at(page)


def test_each_list_has_its_page_and_who_may_not_change_the_rules_only_reads(client, moderator):
    for name in word_lists.LISTS:
        assert client.get(f"/admin/comments/lists/{name}/").status_code == 200
    told = text_at(client.get("/admin/comments/lists/"))
    assert "Banned words" in told and "Reserved names" in told
    moderator.groups.clear()
    for address in (BANNED, f"{BANNED}list.txt", f"{BANNED}list.csv", "/admin/comments/lists/"):
        assert client.get(address).status_code == 403
    assert client.post(BANNED, {"entries": "casino*"}).status_code == 403
    moderator.user_permissions.add(Permission.objects.get(codename="view_policy"))
    page = client.get(BANNED)
    assert page.status_code == 200 and 'name="add"' not in page.content.decode()
    for sent in ({"entries": "casino*"}, {"remove": "yes", "entry": "x"}):
        assert client.post(BANNED, sent).status_code == 403
    assert banned() == []
