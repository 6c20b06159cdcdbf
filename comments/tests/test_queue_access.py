"""Who sees the list of all replies, what it costs, and what it never shows."""

import base64
import re
from itertools import product

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles.tests.factories import make_article, make_staff
from comments.models import Comment, Commenter, Decision
from comments.tests.factories import make_approved, make_comment
from comments.tests.reading import by_class, page, text_of
from newsroom.tests.browsing import links
from newsroom.tests.factories import make_superuser

pytestmark = pytest.mark.django_db

LIST = "/admin/comments/comment/"
ADDRESS = "canary.hana@example.org"


def admin_pages():
    comment = make_comment()
    return [
        "/admin/",
        "/admin/password_change/",
        "/admin/comments/",
        LIST,
        f"{LIST}{comment.pk}/change/",
        f"{LIST}{comment.pk}/history/",
        "/admin/comments/log/",
        f"/admin/comments/decision/{comment.decisions.get().pk}/change/",
    ]


def waiting(response):
    return [text_of(each) for each in by_class(page(response), "waiting")]


# --- The number waiting -----------------------------------------------------------------------


def test_every_page_of_the_admin_tells_moderators_how_many_wait(client):
    client.force_login(make_staff("Moderators"))
    for url in admin_pages():
        response = client.get(url)
        assert response.status_code == 200, url
        assert waiting(response) == ["1 reply waiting"], url
        (link,) = (each for each in by_class(page(response), "waiting")[0].iter("a"))
        assert link.get("href") == "/admin/comments/queue/"


@pytest.mark.parametrize("group", ["Editors", "Reporters"])
def test_no_page_of_the_admin_tells_others(client, group):
    client.force_login(make_staff(group))
    make_comment()
    for url in (
        "/admin/",
        "/admin/articles/",
        "/admin/articles/article/",
        "/admin/password_change/",
    ):
        response = client.get(url)
        assert response.status_code == 200, url
        assert waiting(response) == [], url
        assert not re.search(r"repl\w+ waiting", text_of(page(response)))


def test_the_number_waiting_is_that_of_the_held_ones(client):
    moderator = make_staff("Moderators")
    client.force_login(moderator)
    assert waiting(client.get("/admin/")) == ["0 replies waiting"]
    comments = [make_comment() for _ in range(4)]
    assert waiting(client.get("/admin/")) == ["4 replies waiting"]
    comments[0].approve(by=moderator)
    comments[1].reject(by=moderator)
    comments[2].mark_spam(by=moderator)
    assert waiting(client.get("/admin/")) == ["1 reply waiting"]
    comments[0].restore(by=moderator)
    assert waiting(client.get("/admin/")) == ["2 replies waiting"]


def test_the_index_names_no_list_twice(client):
    client.force_login(make_staff("Moderators"))
    named = links(client.get("/admin/"))
    for name, same in (("log", "decision"), ("senders", "standing")):
        assert named.count(f"/admin/comments/{name}/") == 1
        assert f"/admin/comments/{same}/" not in named
    onlooker = make_staff("Editors")
    onlooker.user_permissions.add(Permission.objects.get(codename="view_decision"))
    client.force_login(onlooker)
    assert "/admin/comments/log/" in links(client.get("/admin/"))


def test_readers_and_the_login_page_are_not_told(client):
    make_comment()
    for url in ("/admin/login/", "/"):
        assert waiting(client.get(url)) == []


# --- Who may decide ---------------------------------------------------------------------------


def visitor():
    return Client()


def logged_in(group):
    client = Client()
    client.force_login(make_staff(group))
    return client


ACTIONS = ["approve", "reject", "mark_spam", "restore"]
STRANGERS = {
    "reader": visitor,
    "editor": lambda: logged_in("Editors"),
    "reporter": lambda: logged_in("Reporters"),
}


@pytest.mark.parametrize("client", STRANGERS.values(), ids=STRANGERS)
def test_others_decide_on_nothing_however_they_ask(client):
    browser, comment = client(), make_comment()
    comment.reject(by=make_staff("Moderators"))
    length = Decision.objects.count()
    data = {"_selected_action": [comment.pk], "select_across": "1", "index": "0"}
    urls = [LIST, f"{LIST}{comment.pk}/change/", "/admin/comments/decision/"]
    for url, action in product(urls, ACTIONS):
        response = browser.post(url, data | {"action": action})
        assert response.status_code in {302, 403}, url
        if response.status_code == 302:
            assert response["Location"].startswith(("/admin/login/", LIST)), url
    comment.refresh_from_db()
    assert comment.status == "rejected"
    assert Decision.objects.count() == length


@pytest.mark.parametrize("client", STRANGERS.values(), ids=STRANGERS)
def test_others_see_no_reply_that_readers_do_not_see(client):
    comment = make_comment(text="For moderators alone.")
    browser = client()
    for url in [LIST, f"{LIST}{comment.pk}/change/", f"{LIST}{comment.pk}/history/"]:
        response = browser.get(url, follow=True)
        assert "For moderators alone." not in response.content.decode()
        assert response.status_code == 403 or response.redirect_chain
    response = browser.get("/admin/comments/decision/", follow=True)
    assert response.status_code == 403 or response.redirect_chain


def test_who_may_only_look_is_offered_no_action_and_decides_on_nothing(client):
    onlooker, comment = make_staff("Editors"), make_comment()
    comment.reject(by=make_staff("Moderators"))
    onlooker.user_permissions.add(Permission.objects.get(codename="view_comment"))
    client.force_login(onlooker)
    response = client.get(LIST)
    assert response.status_code == 200
    assert not [each for each in page(response).iter("select") if each.get("name") == "action"]
    for action in ACTIONS:
        client.post(LIST, {"action": action, "_selected_action": [comment.pk], "index": "0"})
    comment.refresh_from_db()
    assert comment.status == "rejected"
    assert not comment.decisions.filter(by=onlooker).exists()


def test_a_moderator_who_left_decides_on_nothing(client):
    moderator, comment = make_staff("Moderators"), make_comment()
    client.force_login(moderator)
    moderator.is_active = False
    moderator.save()
    client.post(LIST, {"action": "approve", "_selected_action": [comment.pk]})
    assert Comment.objects.get().is_held


def test_another_site_cannot_decide_through_a_moderators_browser():
    moderator, comment = make_staff("Moderators"), make_comment()
    data = {"action": "approve", "_selected_action": [comment.pk]}
    checked = Client(enforce_csrf_checks=True)
    checked.force_login(moderator)
    assert checked.post(LIST, data).status_code == 403
    trusting = Client()
    trusting.force_login(moderator)
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}):
        assert trusting.post(LIST, data, headers=headers).status_code == 403
    assert Comment.objects.get().is_held


# --- What the list costs ----------------------------------------------------------------------

LIST_QUERIES = 10


def queries_of(client, url):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_the_list_costs_the_same_however_many_replies_there_are(client):
    client.force_login(make_staff("Moderators"))
    article = make_article()
    first = make_approved(article=article)
    make_comment(article=article, parent=first, trap="x")
    assert queries_of(client, LIST) == LIST_QUERIES
    for number in range(30):
        make_comment(article=article if number % 2 else None, trap="x" * (number % 3))
    for _ in range(8):
        make_comment(article=article, parent=first)
    assert queries_of(client, LIST) == LIST_QUERIES


# --- What is nowhere in it --------------------------------------------------------------------


def test_nothing_made_from_an_address_is_anywhere_in_the_admin(client):
    moderator = make_superuser()
    client.force_login(moderator)
    comment = make_comment(email=ADDRESS, name="Somebody", text="Words.")
    client.post(LIST, {"action": "mark_spam", "_selected_action": [comment.pk], "reason": "x"})
    sender = Commenter.objects.get()
    assert sender.fingerprint
    sealed = bytes(sender.sealed_address)
    secrets = [ADDRESS, "canary.hana", sender.fingerprint, sealed.hex()]
    secrets += [base64.b64encode(sealed).decode(), repr(sealed), str(sealed)]
    decision = comment.decisions.latest("pk")
    urls = [LIST, f"{LIST}?q=words", f"{LIST}{comment.pk}/change/", f"{LIST}{comment.pk}/history/"]
    urls += ["/admin/", "/admin/comments/", "/admin/comments/log/", "/admin/comments/senders/"]
    urls += [f"/admin/comments/senders/{sender.pk}/", "/admin/comments/log/decisions.csv"]
    urls += [f"/admin/comments/decision/{decision.pk}/{what}/" for what in ("change", "history")]
    for url in urls:
        response = client.get(url)
        assert response.status_code == 200, url
        sent = b"".join(response) if response.streaming else response.content
        seen = sent.decode() + str(response.headers)
        for secret in secrets:
            assert secret not in seen, url
    for entry in LogEntry.objects.all():
        for secret in secrets:
            assert secret not in f"{entry.object_repr} {entry.change_message}"


def test_the_senders_rows_have_no_page_of_their_own(client):
    client.force_login(make_superuser())
    make_comment(email=ADDRESS)
    sender = Commenter.objects.get()
    for path in ("", "add/", f"{sender.pk}/change/", f"{sender.pk}/delete/"):
        assert client.get(f"/admin/comments/commenter/{path}").status_code == 404
    assert "commenter" not in client.get("/admin/comments/").content.decode()


@pytest.mark.parametrize(
    "query",
    [
        "commenter__fingerprint__startswith=a",
        "commenter__fingerprint=x",
        "commenter__sealed_address__isnull=0",
        "commenter__fingerprint__regex=^a",
        "o=commenter__fingerprint",
        "commenter__first_seen__gt=2000-01-01",
    ],
)
def test_the_list_cannot_be_asked_about_what_is_made_from_an_address(client, query):
    client.force_login(make_staff("Moderators"))
    make_comment(email=ADDRESS)
    plain = client.get(LIST).content.decode().count("action-checkbox")
    response = client.get(f"{LIST}?{query}", follow=True)
    refused = response.status_code == 400 or "e=1" in response.request.get("QUERY_STRING", "")
    assert refused or response.content.decode().count("action-checkbox") == plain
