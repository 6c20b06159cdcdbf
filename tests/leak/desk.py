"""What moderators do in the queue and around it, once each."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse
from django.utils.module_loading import import_string

from comments.models import Batch, Comment, MailChoice
from tests.leak.evidence import body_of
from tests.leak.forms import sendings

if TYPE_CHECKING:
    from tests.leak.newsroom import Newsroom

FROM_SCRIPT = {"X-Requested-With": "fetch"}


def work(site: "Newsroom", *, moderator: Client, chief: Client, address: str) -> None:
    """By HTTP, as from the pages; `address` is a reader's, which a chief moderator looks for."""
    queue = reverse("admin:comments_queue")
    held = Comment.objects.held().earliest("pk")

    def do(client: Client, url: str, *, expect: int = 302, **data: object) -> HttpResponseBase:
        answer = client.post(url, data)
        assert answer.status_code == expect, (url, data, body_of(answer).decode())
        site.answers[f"the answer {len(site.answers)}, of {url}"] = answer
        return answer

    def of(comment: Comment, name: str) -> str:
        return reverse(f"admin:comments_queue_{name}", args=[comment.pk])

    def seen() -> str:
        held.refresh_from_db()
        return held.as_seen

    for words in (address, "somebody@else-test.example"):
        do(chief, reverse("admin:comments_find_sender"), sender_address=words)
    do(chief, reverse("admin:comments_find_sender"), expect=422, sender_address=f"{address} or")
    do(chief, queue, expect=422, tab="waiting", q=address)
    do(moderator, of(held, "text"), seen=seen(), text="Without the number.")
    do(moderator, of(held, "note"), seen=seen(), note="Ask the desk.")
    do(moderator, of(held, "sender"), seen=seen(), standing="blocked", days="7", reason="Rude.")
    do(moderator, reverse("admin:comments_queue_undo"))
    do(moderator, of(held, "decide"), seen=seen(), decision="reject", reason="To test: a card")
    do(moderator, reverse("admin:comments_queue_undo"))
    do(moderator, of(held, "answer"), seen=seen(), text="We answer.")
    for url in (of(held, "decide"), reverse("admin:comments_queue_pulse")):
        told = {"open": held.pk, "cards": f"{held.pk}:{seen()}", "seen": seen()}
        answer = moderator.post(url, told | {"decision": "restore"}, headers=FROM_SCRIPT)
        assert answer.status_code == 200, body_of(answer).decode()
        site.answers[f"the answer to a script, of {url}"] = answer
    _decide_on_many(site, moderator)
    do(moderator, reverse("admin:comments_word_list", args=["watched_words"]), entries="viagra")
    do(moderator, reverse("admin:comments_mail_choice"), when="daily", hour="8")
    MailChoice.objects.update(due_at=held.submitted_at)


def _decide_on_many(site: "Newsroom", moderator: Client) -> None:
    """All that waits, confirmed; the worker does it later. Then it is asked to be taken back."""
    new = reverse("admin:comments_batch_new")
    page = moderator.get(f"{new}?decision=reject")
    confirm = reverse("admin:comments_batches")
    asked = next(form for form in sendings(body_of(page).decode(), new) if "until" in form.data)
    answer = moderator.post(confirm, asked.data | {"reason": ["To test: many"]})
    assert answer.status_code == 302, body_of(answer).decode()
    site.answers["the question about a batch"], site.answers["a batch"] = page, answer
    assert Batch.objects.count() == 1


def enqueue_all_jobs() -> None:
    """What is done from time to time, all of it now."""
    for name in settings.PERIODIC_JOBS:
        import_string(name).enqueue()
