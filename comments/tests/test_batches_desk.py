"""Deciding on many replies at once: what the desk asks, begins, shows, stops and takes back."""

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.tests.factories import make_article, make_staff
from comments import batches, models
from comments.admin.desk import batch_forms
from comments.models import Batch, CannedReason, Comment, SecondReading
from comments.queue import Choice
from comments.tests.factories import make_approved, make_comment
from comments.tests.reading import by_class, only, page, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clock")]

BATCHES = "/admin/comments/queue/batches/"


@pytest.fixture
def moderator(client, monkeypatch):
    monkeypatch.setattr(batches, "BREATH", 0)
    user = make_staff("Moderators")
    client.force_login(user)
    return user


@pytest.fixture
def worker_decides(monkeypatch):
    """Also of small batches."""
    monkeypatch.setattr(models.batch, "SMALL", 0)


def ask(client, **sent):
    return client.post(BATCHES, {"decision": "spam", "chosen": "all", "choice": ""} | sent)


def fields(response):
    """What the form of the page that asks would send."""
    (form,) = by_class(page(response), "batch-form")
    sent: dict[str, list[str]] = {}
    for field in form.iter("input"):
        if field.get("type") == "hidden" and field.get("name") != "csrfmiddlewaretoken":
            sent.setdefault(field.get("name", ""), []).append(field.get("value", ""))
    return sent


def confirm(client, response, **said):
    answer = client.post(BATCHES, fields(response) | said)
    assert answer.status_code == 302, text_of(page(answer))
    made = Batch.objects.get()
    assert answer["Location"] == f"{BATCHES}{made.pk}/"
    batches.work(made.pk)
    made.refresh_from_db()
    return made


def told(response, client):
    """The messages on the page that an answer leads to."""
    after = client.get(response["Location"])
    return [text_of(each) for each in by_class(page(after), "messagelist")[0].iter("li")]


def states():
    return dict(Comment.objects.order_by("pk").values_list("pk", "status"))


# --- Asking -----------------------------------------------------------------------------------


def test_the_number_is_said_and_nothing_is_decided_until_it_is_confirmed(client, moderator):
    made = [make_comment(name=f"Hana {number}") for number in range(12)]
    make_approved()
    response = ask(client)
    assert response.status_code == 200
    assert "Mark 12 replies as spam?" in text_of(page(response))
    # Some of them are shown.
    assert "Hana 9" in text_of(page(response))
    assert "Hana 11" not in text_of(page(response))
    assert not Batch.objects.exists()
    assert Comment.objects.held().count() == 12
    batch = confirm(client, response, note="A wave.")
    assert (batch.by, batch.decided, batch.chosen) == (moderator, 12, "all")
    assert [states()[each.pk] for each in made] == ["spam"] * 12
    assert set(batch.decisions.values_list("given__note", flat=True)) == {"A wave."}


def test_what_comes_in_between_is_not_decided(client, moderator):
    first = make_comment()
    response = ask(client)
    late = make_comment()
    confirm(client, response)
    assert states() == {first.pk: "spam", late.pk: "held"}


def test_more_than_was_told_is_asked_about_again(client, moderator):
    make_comment()
    other = make_approved()
    response = ask(client)
    other.restore(by=make_staff("Moderators"))
    again = client.post(BATCHES, fields(response))
    assert again.status_code == 409
    assert "Mark 2 replies as spam?" in text_of(page(again))
    assert not Batch.objects.exists()
    assert confirm(client, again).decided == 2


def test_selected_by_hand(client, moderator):
    one, other, third = (make_comment() for _ in range(3))
    response = ask(client, chosen="hand", decision="approve", reply=[one.pk, third.pk])
    assert "Approve 2 replies?" in text_of(page(response))
    assert confirm(client, response).chosen == "hand"
    assert states() == {one.pk: "approved", other.pk: "held", third.pk: "approved"}


def test_what_is_not_in_the_queue_any_more_is_left_out_and_said(client, moderator):
    one, other = make_comment(), make_comment()
    other.approve(by=make_staff("Moderators"))
    response = ask(client, chosen="hand", reply=[one.pk, other.pk])
    assert "Mark 1 reply as spam?" in text_of(page(response))
    assert "1 that you selected is left out" in text_of(page(response))
    confirm(client, response)
    assert states() == {one.pk: "spam", other.pk: "approved"}


def test_what_others_do_after_the_question_is_left_and_listed(client, moderator):
    one, other, third = (make_comment() for _ in range(3))
    response = ask(client, chosen="hand", reply=[one.pk, other.pk, third.pk])
    one.approve(by=make_staff("Moderators"))
    other.edit("Something else.", seen=other.as_seen)
    batch = confirm(client, response)
    assert (batch.decided, batch.skipped) == (1, 2)
    shown = text_of(page(client.get(f"{BATCHES}{batch.pk}/")))
    assert f"Reply {one.pk}: somebody else has decided on it meanwhile" in shown
    assert f"Reply {other.pk}: its text was changed meanwhile" in shown


def test_a_range_within_the_filter_of_the_queue(client, moderator):
    article = make_article()
    made = [make_comment(article=article if number % 2 else None) for number in range(6)]
    response = ask(
        client,
        chosen="range",
        first=made[4].pk,
        last=made[1].pk,
        choice=f"article={article.pk}",
    )
    confirm(client, response)
    assert [states()[each.pk] for each in made] == ["held", "spam", "held", "spam", "held", "held"]


def test_a_link_leads_to_the_question_about_all_of_a_filter(client, moderator):
    article = make_article(headline="A piece of news")
    make_comment(article=article)
    make_comment()
    response = client.get(f"{BATCHES}new/?article={article.pk}&decision=approve&after=x")
    assert response.status_code in {200, 302}
    response = client.get(f"{BATCHES}new/?article={article.pk}&decision=approve")
    assert "Approve 1 reply?" in text_of(page(response))
    assert "Piece: A piece of news" in text_of(page(response))


def test_what_is_so_already_is_not_counted(client, moderator):
    make_comment()
    make_approved()
    assert "Approve 1 reply?" in text_of(page(ask(client, decision="approve", choice="tab=all")))


def test_a_ready_reason_is_for_rejecting(client, moderator):
    make_comment(article=make_article(language="en"))
    insult = CannedReason.objects.get(code="insult")
    response = ask(client, decision="reject")
    assert str(insult) in text_of(page(response))
    batch = confirm(client, response, canned=str(insult.pk))
    assert batch.decisions.get().canned == insult
    assert batch.decisions.get().reason == insult.words("en")


def test_the_form_sent_twice_is_one_batch(client, moderator):
    make_comment()
    sent = fields(ask(client))
    for _ in range(2):
        assert client.post(BATCHES, sent)["Location"] == f"{BATCHES}{Batch.objects.get().pk}/"


def test_words_that_were_searched_for_are_not_kept(client, moderator):
    make_comment(name="Hana", text="About the harbour.")
    batch = confirm(client, ask(client, choice="q=Hana&tab=waiting&age=hour"))
    assert batch.decided == 1
    assert parse_qs(batch.query) == {"age": ["hour"]}


NONSENSE = {
    "no button": ({"decision": ""}, "no button was pressed"),
    "another decision": ({"decision": "erase"}, "no button was pressed"),
    "nothing selected": ({"chosen": "hand"}, "no reply was selected"),
    "no number": ({"chosen": "hand", "reply": "x\x00"}, "Nothing is left to decide"),
    "a forged state": (
        {"chosen": "hand", "reply": "999999999999999999.erased.1"},
        "Nothing is left",
    ),
    "an unknown filter": ({"choice": "tab=everything"}, ""),
    "half a range": ({"chosen": "range", "first": "1"}, "A range needs two numbers"),
    "an odd range": ({"chosen": "range", "first": "1", "last": "9" * 30}, ""),
    "a long filter": ({"choice": "q=" + "x" * 10_000}, ""),
    "a surrogate": ({"choice": "q=%ED%B2%80"}, "Nothing is left"),
}


@pytest.mark.parametrize("name", NONSENSE)
def test_nonsense_is_refused_in_words_and_changes_nothing(client, moderator, name):
    make_comment()
    sent, words = NONSENSE[name]
    response = ask(client, **sent)
    assert response.status_code == 302, name
    assert urlsplit(response["Location"]).path == "/admin/comments/queue/"
    (message,) = told(response, client)
    assert words in message
    assert not Batch.objects.exists()


def test_too_many_by_hand_and_forged_confirmations_are_refused(client, moderator, monkeypatch):
    made = [make_comment() for _ in range(3)]
    sent = fields(ask(client))
    for name in ("until", "count", "key"):
        for value in ("", "x", "-1", "9" * 40):
            response = client.post(BATCHES, sent | {name: value})
            assert response.status_code == 422, (name, value)
    assert client.post(BATCHES, sent | {"note": "x" * 2000}).status_code == 422
    monkeypatch.setattr(batch_forms, "MOST_BY_HAND", 2)
    response = ask(client, chosen="hand", reply=[each.pk for each in made])
    assert "At most 2 replies" in told(response, client)[0]
    assert not Batch.objects.exists()


def test_a_reply_read_a_second_time_stays_as_it_is_and_looks_like_the_others(client, moderator):
    other = make_staff("Moderators")
    again, plain = make_comment(), make_comment()
    again.approve(by=other)
    SecondReading.objects.create(
        decision=again.decisions.latest("pk"), comment=again, version=again.version
    )
    response = ask(client, chosen="hand", reply=[again.pk, plain.pk])
    assert "Mark 2 replies as spam?" in text_of(page(response))
    assert "left out" not in text_of(page(response))
    batch = confirm(client, response)
    assert batch.total == 1
    assert states() == {again.pk: "approved", plain.pk: "spam"}
    assert SecondReading.objects.get().verdict == "spam"


def test_the_verdicts_are_kept_also_where_nothing_else_was_selected(client, moderator):
    again = make_comment()
    again.approve(by=make_staff("Moderators"))
    SecondReading.objects.create(
        decision=again.decisions.latest("pk"), comment=again, version=again.version
    )
    response = ask(client, chosen="hand", reply=[again.pk])
    client.post(BATCHES, fields(response))
    assert SecondReading.objects.get().verdict == "spam"
    assert not Batch.objects.exists()


def test_what_is_erased_is_brought_back_by_nobody(client, moderator):
    answer = Comment.objects.answer(make_approved().article, text="We say.", by=moderator)
    selected = {"chosen": "hand", "choice": "tab=approved", "reply": [answer.pk]}
    sent = fields(ask(client, decision="reject", **selected))
    answer.erase(by=moderator)
    answer.refresh_from_db()
    sent |= {"decision": ["approve"], "reply": [f"{answer.pk}.{answer.as_seen}"]}
    client.post(BATCHES, sent)
    assert not Batch.objects.exists()
    begun = Batch.objects.begin(
        Comment.objects.filter(pk=answer.pk), Comment.Status.APPROVED, by=moderator
    )
    batches.work(begun.pk)
    assert states()[answer.pk] == "erased"


def test_a_long_search_in_japanese_can_be_decided_on(client, moderator):
    words = "議" * 90
    make_comment(text=words)
    response = ask(client, choice=Choice(q=words).as_query())
    assert "Mark 1 reply as spam?" in text_of(page(response))


# --- How far it has got -----------------------------------------------------------------------


def test_the_page_shows_how_far_it_has_got_also_without_scripts(
    client, moderator, worker_decides, monkeypatch
):
    monkeypatch.setattr(batches, "CHUNK", 2)
    for _ in range(3):
        make_comment()
    client.post(BATCHES, fields(ask(client)))
    batch = Batch.objects.get()
    url = f"{BATCHES}{batch.pk}/"
    shown = [client.get(url)]
    monkeypatch.setattr(batches, "sleep", lambda seconds: shown.append(client.get(url)))
    batches.work(batch.pk)
    after = client.get(url)
    bars = [only(page(each), "progress") for each in (*shown, after)]
    assert [(bar.get("value"), bar.get("max")) for bar in bars] == [
        ("0", "3"),
        ("2", "3"),
        ("3", "3"),
    ]
    for each in shown:
        assert re.search(
            r'<noscript><meta http-equiv="refresh" content="\d">', each.content.decode()
        )
        assert each["Cache-Control"].endswith("private")
        # Else browsers would send its forms with `Origin: null`.
        assert each["Referrer-Policy"] == "same-origin"
    assert b"http-equiv" not in after.content
    part = client.get(url, headers={"X-Requested-With": "fetch"}).content.decode()
    assert part.lstrip().startswith('<div id="batch"')
    assert "3 of 3" in part


def test_buttons_stop_it_and_take_it_back(client, moderator, worker_decides):
    first = make_comment()
    client.post(BATCHES, fields(ask(client)))
    batch = Batch.objects.get()
    url = f"{BATCHES}{batch.pk}/"
    assert client.post(f"{url}undo/")["Location"] == url
    assert "nothing to take back" in told({"Location": url}, client)[0]
    client.post(f"{url}stop/")
    batches.work(batch.pk)
    assert states() == {first.pk: "held"}
    assert client.post(f"{url}stop/")["Location"] == url
    second = confirm_another(client)
    client.post(f"{BATCHES}{second.pk}/undo/")
    batches.work(second.pk)
    second.refresh_from_db()
    assert (second.state, second.undone, second.undone_by) == ("undone", 1, moderator)
    assert states() == {first.pk: "held"}
    shown = text_of(page(client.get(BATCHES)))
    assert "stopped" in shown
    assert "taken back" in shown


def confirm_another(client):
    client.post(BATCHES, fields(ask(client)))
    batch = Batch.objects.order_by("-pk")[0]
    batches.work(batch.pk)
    return batch


def test_the_pages_cost_the_same_however_many_replies_and_batches_there_are(client, moderator):
    numbers: list[list[int]] = []
    for count in (1, 15):
        for _ in range(count):
            make_comment()
        batch = confirm_another(client)
        batch.undo(by=moderator)
        batches.work(batch.pk)
        numbers.append([])
        for url in (f"{BATCHES}new/?decision=reject", BATCHES, f"{BATCHES}{batch.pk}/"):
            with CaptureQueriesContext(connection) as asked:
                assert client.get(url).status_code == 200
            numbers[-1].append(len(asked))
    assert numbers[0] == numbers[1]
