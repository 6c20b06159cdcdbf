"""The newsroom writes to the author of a reply, and neither sees the other's address."""

import re
from datetime import timedelta

import pytest
from django.db import OperationalError

from articles.tests.factories import make_article, make_staff
from comments.models import Letter, Mail
from comments.models.letter import MAX_LENGTH, OPEN_FOR, NotWritten
from comments.notices.links import letter_url
from comments.tests.factories import make_comment
from newsroom.tests.browsing import fields_of, fill_in, text_at
from newsroom.tests.factories import make_superuser
from newsroom.tests.mail import run_mail_worker

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock", "mail_worker")]

HANA = "hana.canary@reader.example"


@pytest.fixture
def moderator():
    return make_staff("Moderators", email="moderator.canary@staff.example")


@pytest.fixture
def comment():
    return make_comment(article=make_article(headline="Rain & wind"), email=HANA)


@pytest.fixture
def letter(comment, moderator):
    return Letter.objects.write(comment, by=moderator, text="Dear reader,\n\nis this <true>?")


def page_of(letter):
    return letter_url(letter).removeprefix("http://localhost:8000")


def write_page(comment):
    return f"/admin/comments/comment/{comment.pk}/write/"


def test_a_moderator_writes_and_reads_the_answer_and_nobody_sees_an_address(
    client, comment, moderator, mailoutbox
):
    client.force_login(moderator)
    answer = fill_in(client, write_page(comment), text="Where did you see it?")
    assert answer.status_code == 302
    run_mail_worker()
    [mail] = mailoutbox
    assert mail.to == [HANA]
    assert mail.subject == "A letter from Newsroom about your reply to “Rain & wind”"
    assert mail.reply_to == []
    message = mail.message()
    assert message["From"] == "newsroom@localhost"
    assert "Where did you see it?" in mail.body
    assert "canary@staff" not in message.as_string()
    assert moderator.username not in message.as_string()

    [link] = re.findall(r"http://localhost:8000(/comments/letters/\S+)", mail.body)
    client.logout()
    response = fill_in(client, link, answer="In the <harbour>.")
    assert response.status_code == 303
    page = client.get(response["Location"])
    assert "You have answered." in text_at(page)

    client.force_login(moderator)
    for url in (write_page(comment), f"/admin/comments/comment/{comment.pk}/change/"):
        page = client.get(url).content.decode()
        assert "In the &lt;harbour&gt;." in page
        assert "canary" not in page.replace(moderator.email, "")
    letter = Letter.objects.get()
    assert letter.state == "answered"
    client.get(f"/admin/comments/letter/{letter.pk}/change/")


def test_the_html_of_a_letter_is_escaped(letter, mailoutbox):
    run_mail_worker()
    assert "is this &lt;true&gt;?" in mailoutbox[0].alternatives[0][0]
    assert "is this <true>?" in mailoutbox[0].body


def test_opening_a_letter_answers_nothing_and_it_is_answered_once(client, letter):
    url = page_of(letter)
    client.get(url)
    letter.refresh_from_db()
    assert letter.answered_at is None
    assert client.post(url, {"answer": "First."}).status_code == 303
    second = client.post(url, {"answer": "Second thoughts."})
    assert second.status_code == 409
    assert "Second thoughts." in text_at(second)
    letter.refresh_from_db()
    assert letter.answer == "First."


@pytest.mark.parametrize("answer", ["", "   ", "\u200b", "\x00", "x" * (MAX_LENGTH + 1)])
def test_an_answer_that_says_nothing_or_too_much_is_refused_with_its_text(client, letter, answer):
    response = client.post(page_of(letter), {"answer": answer})
    assert response.status_code == 422
    letter.refresh_from_db()
    assert letter.answered_at is None
    if answer.startswith("x"):
        assert answer in response.content.decode()


def test_an_answer_that_another_site_sends_is_refused(client, letter):
    response = client.post(
        page_of(letter), {"answer": "No."}, headers={"Sec-Fetch-Site": "cross-site"}
    )
    assert response.status_code == 403


def test_a_letter_can_be_answered_for_thirty_days(client, letter, clock):
    clock.shift(OPEN_FOR)
    assert "can't be answered any more" in text_at(client.get(page_of(letter)))
    assert client.post(page_of(letter), {"answer": "Late."}).status_code == 409


def test_the_page_of_a_letter_is_for_one_person(client, letter):
    response = client.get(page_of(letter))
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex, nofollow"
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("change", ["x", "1", "\x00", "é", "2" * 3000])
def test_an_altered_address_leads_nowhere(client, letter, change):
    token = page_of(letter).split("/")[-2]
    for altered in (token + change, change + token, token[1:]):
        assert client.get(f"/comments/letters/{altered}/").status_code == 404


def test_one_letter_about_a_reply_waits_for_its_answer_at_a_time(
    client, comment, letter, moderator, clock
):
    with pytest.raises(NotWritten):
        Letter.objects.write(comment, by=moderator, text="And?")
    client.force_login(moderator)
    response = client.post(write_page(comment), {"text": "And this?"})
    assert response.status_code == 422
    assert "still waits for an answer" in text_at(response, ".//body")
    assert "And this?" in response.content.decode()
    clock.shift(OPEN_FOR + timedelta(seconds=1))
    Letter.objects.write(comment, by=moderator, text="And?")
    assert Letter.objects.count() == 2


def test_who_takes_no_mail_is_not_written_to(comment, moderator):
    comment.commenter.end_mail()
    with pytest.raises(NotWritten, match="takes no mail"):
        Letter.objects.write(comment, by=moderator, text="Hello?")
    assert not Mail.objects.exists()


def test_an_erased_reply_has_nobody_to_write_to_and_no_letters(comment, letter, moderator, client):
    url = page_of(letter)
    comment.erase(by=moderator)
    assert not Letter.objects.exists()
    assert client.get(url).status_code == 404
    with pytest.raises(NotWritten):
        Letter.objects.write(comment, by=moderator, text="Hello?")
    run_mail_worker()
    assert not Mail.objects.exists()


def test_a_letter_that_was_given_up_leaves_room_for_another(comment, letter, moderator):
    letter.mails.get().drop("Bounced")
    assert Letter.objects.get().state == "could not be delivered"
    Letter.objects.write(comment, by=moderator, text="Once more.")


def test_a_full_database_gives_the_answer_back(client, letter, monkeypatch):
    def full(*args, **kwargs):
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(Letter, "take_answer", full)
    response = client.post(page_of(letter), {"answer": "What I typed."})
    assert response.status_code == 503
    assert fields_of(response)["answer"] == "What I typed."


def test_only_moderators_write(client, comment):
    for name, status in (("Reporters", 403), ("Editors", 403), ("Moderators", 200)):
        client.force_login(make_staff(name))
        assert client.get(write_page(comment)).status_code == status
        posted = client.post(write_page(comment), {"text": "Hello."}).status_code
        assert posted == (302 if status == 200 else 403)
    client.logout()
    assert client.get(write_page(comment))["Location"].startswith("/admin/login/")
    assert client.get(write_page(comment).replace("/comment/", "/comment/9")).status_code == 302


def test_the_outbox_in_the_admin_names_nobody(client, letter):
    client.force_login(make_superuser())
    for url in ("/admin/comments/mail/", f"/admin/comments/mail/{letter.mails.get().pk}/change/"):
        page = client.get(url)
        assert page.status_code == 200
        assert "canary" not in page.content.decode()


def test_a_letter_nobody_wrote_is_not_found(client, moderator):
    client.force_login(moderator)
    assert client.get("/admin/comments/comment/999999/write/").status_code == 404


def test_an_empty_letter_is_refused(client, comment, moderator):
    client.force_login(moderator)
    for text in ("", " ", "\x00", "x" * (MAX_LENGTH + 1)):
        assert client.post(write_page(comment), {"text": text}).status_code == 422
    assert not Letter.objects.exists()
