"""A reader asks what is kept of them: one mail, one link, and nobody else learns anything."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_tasks_db.models import DBTaskResult

from articles.tests.factories import make_article
from comments.email_privacy import fingerprint
from comments.models import Comment, Commenter, DataRequest
from comments.models.commenter import STAYS_AFTER
from comments.rights.links import LASTS
from comments.tests.data_links import open_link
from comments.tests.factories import FROM_THIS_SITE, make_comment, sender_of
from newsroom.tests.browsing import fields_of, text_at
from newsroom.tests.browsing import links as links_on
from newsroom.tests.clock import SITE
from newsroom.tests.mail import run_mail_worker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("mail_worker")]

ASK = "/comments/your-data/"
ADDRESS = "canary.hana@example.org"


def ask(address=ADDRESS, *, client=None, **fields):
    client = client or Client()
    return client.post(ASK, {"email": address, "subject": ""} | fields, headers=FROM_THIS_SITE)


def make_lasting(**fields):
    """A reply of hers that can't be taken back any more."""
    comment = make_comment(email=ADDRESS, **fields)
    before = comment.submitted_at - STAYS_AFTER
    Comment.objects.filter(pk=comment.pk).update(submitted_at=before)
    return comment


# --- Asking -----------------------------------------------------------------------------------


def test_the_page_explains_itself_and_sets_no_cookie(client):
    page = client.get(ASK)
    assert page.status_code == 200
    assert "Nobody at this site sees the address." in text_at(page)
    assert set(fields_of(page)) >= {"email", "subject"}
    assert not page.cookies
    assert "no-store" in page.headers["Cache-Control"]


def test_every_address_gets_the_same_answer_and_the_same_work():
    make_comment(email=ADDRESS)
    ask("warm.up@example.org")
    answers = []
    for address in (ADDRESS, "canary.nobody@example.org"):
        with CaptureQueriesContext(connection) as queries:
            response = ask(address)
        said = [re.sub(r"'[^']*'|\d+|x'.*'", "…", each["sql"]) for each in queries]
        headers = dict(response.headers.items())
        answers.append((response.status_code, response.content, headers, len(queries)))
        assert not any("comments_commenter" in each for each in said), "nobody is looked up"
    assert answers[0] == answers[1]
    assert answers[0][0] == 303
    assert answers[0][2]["Location"] == "/comments/your-data/asked/"


def test_the_typed_address_is_nowhere_but_sealed(caplog):
    caplog.set_level("DEBUG")
    response = ask()
    request = DataRequest.objects.get()
    assert "canary" not in str(response.headers) + str(response.cookies) + caplog.text
    row = DBTaskResult.objects.get()
    assert row.args_kwargs == {"args": [request.pk], "kwargs": {}}
    assert b"canary" not in bytes(request.sealed_address)
    assert fingerprint(ADDRESS) not in str(vars(request)) + str(row.args_kwargs)
    assert "canary" not in Client().get(response.headers["Location"]).content.decode()


@pytest.mark.parametrize("typed", ["", "hana", "a@b\nBcc: c@d.example", "\0@x.org", "x" * 300])
def test_what_is_no_address_is_refused_with_what_was_typed(typed):
    response = ask(typed)
    assert response.status_code == 422
    assert "Your request was not sent" in text_at(response)
    assert not DataRequest.objects.exists()


def test_a_program_that_fills_in_everything_is_told_so():
    response = ask(subject="offers")
    assert response.status_code == 422
    assert not DataRequest.objects.exists()
    again = fields_of(response)
    assert (again["email"], again["subject"]) == (ADDRESS, "")
    assert ask(**{name: again[name] for name in ("subject",)}).status_code == 303


def test_another_site_can_not_ask():
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}):
        assert Client().post(ASK, {"email": ADDRESS}, headers=headers).status_code == 403
    assert not DataRequest.objects.exists()


def test_a_text_browser_that_says_nothing_of_itself_can():
    assert Client().post(ASK, {"email": ADDRESS}).status_code == 303


def test_a_network_that_asks_too_often_is_refused_with_what_was_typed(clock):
    for number in range(DataRequest.objects.all().FROM_ONE_NETWORK):
        assert ask(f"reader-{number}@example.org").status_code == 303
    response = ask()
    assert response.status_code == 429
    assert response.headers["Retry-After"] == "60"
    assert fields_of(response)["email"] == ADDRESS
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert ask(client=elsewhere).status_code == 303
    clock.shift(61)
    assert ask().status_code == 303


def test_the_queue_does_not_grow_without_end(monkeypatch):
    monkeypatch.setattr("comments.models.data_request.DataRequestQuerySet.UNANSWERED", 2)
    for number in range(2):
        ask(f"reader-{number}@example.org")
    assert ask().status_code == 429
    DataRequest.objects.earliest("pk").answered()
    assert ask().status_code == 303


# --- The mail ---------------------------------------------------------------------------------


def test_a_known_address_is_mailed_a_link_that_opens_its_data(server, clock):
    comment = make_lasting(text="Words of hers.")
    ask(ADDRESS.upper())
    run_mail_worker()
    [(recipients, mail)] = server.received
    assert recipients == [ADDRESS], "where she wrote from, not the spelling that was typed"
    text = mail.get_body(("plain",)).get_content()
    [link] = re.findall(rf"{SITE}(/comments/your-data/\S+)", text)
    assert link in mail.get_body(("html",)).get_content()
    assert comment.name not in text
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Reply-To"] is None
    assert b"Words of hers." in Client().get(link).content
    assert not DataRequest.objects.unanswered().exists()


def test_an_unknown_address_is_mailed_nothing_and_not_kept(server):
    ask("canary.nobody@example.org")
    run_mail_worker()
    assert server.received == []
    assert bytes(DataRequest.objects.get().sealed_address) == b""


def test_who_takes_back_what_was_sent_with_an_address_has_it_written_to_never(server, clock):
    """Else the day would begin anew each time: with the only reply its sender is forgotten."""
    for number in range(2):
        comment = make_comment(email=ADDRESS, text=f"Reply {number}.")
        ask()
        clock.shift(timedelta(minutes=4))
        run_mail_worker()
        comment.take_back()
    clock.shift(timedelta(hours=1))
    run_mail_worker()
    assert server.received == []
    assert not DataRequest.objects.unanswered().exists()


def test_who_asks_as_soon_as_they_have_replied_gets_the_link_minutes_later(server, clock):
    make_comment(email=ADDRESS)
    ask()
    run_mail_worker()
    assert server.received == []
    clock.shift(STAYS_AFTER)
    run_mail_worker()
    assert len(server.received) == 1


def test_an_address_gets_one_such_mail_a_day(server, clock):
    make_lasting()
    for _again in range(3):
        ask()
    run_mail_worker()
    assert len(server.received) == 1
    clock.shift(timedelta(hours=23, minutes=59))
    ask()
    run_mail_worker()
    assert len(server.received) == 1
    clock.shift(timedelta(minutes=1))
    ask()
    run_mail_worker()
    assert len(server.received) == 2


def test_a_mail_that_the_server_does_not_take_is_tried_again(server, clock, caplog):
    make_lasting()
    ask()
    server.refusal = "451 not now, {address}"
    run_mail_worker()
    assert server.received == []
    assert bytes(DataRequest.objects.get().sealed_address)
    server.refusal = ""
    clock.shift(timedelta(minutes=2))
    run_mail_worker()
    assert len(server.received) == 1
    assert "canary" not in caplog.text
    rows = DBTaskResult.objects.values_list("traceback", "args_kwargs", "return_value")
    assert "canary" not in str(list(rows))


def test_without_the_private_key_it_is_tried_again(server, settings, clock):
    make_lasting()
    ask()
    file, settings.ADDRESS_PRIVATE_KEY_FILE = settings.ADDRESS_PRIVATE_KEY_FILE, None
    run_mail_worker()
    settings.ADDRESS_PRIVATE_KEY_FILE = file.with_name("moved-away.pem")
    clock.shift(timedelta(minutes=2))
    run_mail_worker()
    assert server.received == []
    settings.ADDRESS_PRIVATE_KEY_FILE = file
    clock.shift(timedelta(minutes=3))
    run_mail_worker()
    assert len(server.received) == 1


def test_after_eight_attempts_the_address_goes_all_the_same(server, clock):
    make_lasting()
    ask()
    server.refusal = "451 not now"
    for _attempt in range(8):
        run_mail_worker()
        clock.shift(timedelta(hours=2))
    run_mail_worker()
    assert bytes(DataRequest.objects.get().sealed_address) == b""
    failed = DBTaskResult.objects.failed().get()
    assert "canary" not in failed.traceback


def test_where_the_private_key_was_lost_asking_mends_the_address(server, settings):
    make_lasting()
    Commenter.objects.update(sealed_address=b"sealed to a key that is lost")
    ask()
    run_mail_worker()
    [(recipients, _mail)] = server.received
    assert recipients == [ADDRESS]
    from comments.email_privacy import unseal  # noqa: PLC0415

    sender = Commenter.objects.get()
    assert unseal(sender.sealed_address, fingerprint=sender.fingerprint) == ADDRESS


# --- The link ---------------------------------------------------------------------------------


def test_the_link_holds_nothing_that_leads_to_the_address():
    sender = sender_of(make_comment(email=ADDRESS))
    first = open_link(sender)
    assert str(sender.data_handle) in first
    assert str(sender.fingerprint)[:8] not in first
    assert len(str(sender.data_handle)) >= 24


def test_it_ends_after_a_day_and_with_a_newer_one(clock, client):
    sender = sender_of(make_comment(email=ADDRESS))
    first = open_link(sender)
    clock.shift(LASTS)
    assert client.get(first).status_code == 200
    second = open_link(sender)
    assert client.get(first).status_code == 410
    assert "Ask for a new link" in text_at(client.get(first))
    assert ASK in links_on(client.get(first))
    assert client.get(second).status_code == 200
    clock.shift(LASTS + timedelta(seconds=1))
    assert client.get(second).status_code == 410


@pytest.mark.parametrize("below", ["", "your-data.json", "erasing/", "erasing/1/"])
def test_an_altered_link_leads_nowhere(client, below):
    sender = sender_of(make_comment(email=ADDRESS))
    link = open_link(sender)
    token = link.split("/")[-2]
    for altered in (token[:-1] + ("A" if token[-1] != "A" else "B"), f"x{token}", "x", "1.2.3"):
        for method in (client.get, client.post):
            assert method(f"/comments/your-data/{altered}/{below}").status_code in {404, 405}
    assert Comment.objects.get().name


def test_the_pages_of_one_reader_are_kept_by_nobody_and_named_to_none(client):
    comment = make_comment(email=ADDRESS)
    link = open_link(sender_of(comment))
    for page in ("", "your-data.json", "erasing/", f"erasing/{comment.pk}/"):
        headers = client.get(link + page).headers
        assert "no-store" in headers["Cache-Control"]
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Robots-Tag"] == "noindex, nofollow"


def test_the_foot_of_every_page_and_the_form_lead_there(client):
    page = client.get(make_article().get_absolute_url())
    assert links_on(page).count(ASK) >= 1
    assert ASK in links_on(client.get("/"))
