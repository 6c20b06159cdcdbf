"""A newsroom in which everything has happened once, done by people whose addresses are canaries.

A reader typed READERS_ADDRESS under replies in every state. Everybody who works there, and a
colleague who was invited by mail, has STAFFS_ADDRESS.
"""

import io
import smtplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from unittest.mock import patch

import time_machine
from django.contrib.auth.models import Group, User
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http.response import HttpResponseBase
from django.test import Client, TestCase
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Worker
from django_tasks_db.models import DBTaskResult
from PIL import Image as Pillow

from articles.models import (
    Article,
    Correction,
    FrontPlace,
    Image,
    PreviewLink,
    WireItem,
    WorkingCopy,
)
from articles.picture_upload import take_in
from articles.tests import factories
from articles.tests.whole_desk import make_wire
from comments.models import Batch, Comment, Commenter, Letter
from comments.status_address import status_url
from comments.tests.factories import FROM_THIS_SITE, form_data
from newsroom import staff, tasks
from newsroom.models import SiteSettings
from newsroom.retrying import ATTEMPTS
from tests.leak import desk
from tests.leak.evidence import body_of
from tests.leak.forms import Sending, sendings
from tests.leak.moving import move_in
from tests.leak.scanner import Scanner, Secret
from tests.soak import FULL

READERS_ADDRESS = "Canary.k7q2x9w4@leak-test.example"
READERS_NAME = "Hanabi"
STAFFS_ADDRESS = "colleague.m3v8z5h6@staff-test.example"
HOST = "localhost:8000"  # as in SITE_URL

ROLES = ("reader", "reporter", "editor", "moderator", "chief", "superuser")
# Who walks the whole site, which takes a minute and more. Every kind of page is opened by a
# superuser besides: see test_the_samples_lead_to_pages_that_are_there.
WALKERS = ROLES if FULL else ("reader",)


def browser(user: User | None = None, *, raises: bool = False) -> Client:
    client = Client(
        raise_request_exception=raises,
        headers={**FROM_THIS_SITE, "Accept-Encoding": "gzip"},
        SERVER_NAME="localhost",
        SERVER_PORT="8000",
    )
    if user:
        client.force_login(user)
    return client


@dataclass
class Newsroom:
    staff: dict[str, User] = field(default_factory=dict)
    piece: Article = field(init=False)
    withdrawn: Article = field(init=False)
    picture: Image = field(init=False)
    wire: WireItem = field(init=False)
    previews: list[PreviewLink] = field(default_factory=list)  # open and revoked
    pages_of_replies: list[str] = field(default_factory=list)  # signed, each for its author
    answers: dict[str, HttpResponseBase] = field(default_factory=dict)  # by what was posted

    def person(self, role: str) -> User | None:
        return None if role == "reader" else self.staff[role]

    def scanner(self) -> Scanner:
        """For everything that anybody but the person concerned may see."""
        return Scanner([*self.addresses(), *self.keyed()])

    def addresses(self) -> list[Secret]:
        return [
            Secret.address("the reader's address", READERS_ADDRESS),
            Secret.address("the address of staff", STAFFS_ADDRESS),
        ]

    def keyed(self) -> list[Secret]:
        sender = Comment.objects.filter(name=READERS_NAME).earliest("pk").commenter
        assert sender and sender.fingerprint
        return [
            Secret.fingerprint("the reader's fingerprint", sender.fingerprint),
            Secret.sealed_address("the sealed address", bytes(sender.sealed_address)),
        ]


def build() -> Newsroom:
    site = Newsroom()
    _hire(site)
    _set_up(site)
    _publish(site)
    _work_on(site)
    _leave_replies(site)
    _moderate(site)
    _report(site)
    _work_at_the_desk(site)
    _write_a_letter(site)
    _invite(site)
    move_in(site.piece, address=READERS_ADDRESS, name=READERS_NAME, by=site.staff["superuser"])
    return site


def _hire(site: Newsroom) -> None:
    def hire(name: str, group: str = "") -> User:
        group = group or f"{name.title()}s"
        return factories.make_staff(group, username=name, email=STAFFS_ADDRESS)

    superuser = User.objects.create_superuser("superuser", STAFFS_ADDRESS, "pw")
    desk = {name: hire(name) for name in ("reporter", "editor", "moderator")}
    site.staff = desk | {"chief": hire("chief", "Chief moderators"), "superuser": superuser}
    assert set(site.staff) == set(ROLES) - {"reader"}


def _set_up(site: Newsroom) -> None:
    picture = SimpleUploadedFile("logo.png", _png(), "image/png")
    installation = SiteSettings.objects.create(
        name="The Test", tagline="A paper", logo=picture, publisher="Test & Co", contact="Room 1"
    )
    installation.menu.create(label="About", address="/about/")
    factories.make_page("About")
    factories.make_page("Privacy")


def _png(color: str = "navy") -> bytes:
    stream = io.BytesIO()
    Pillow.new("RGB", (96, 48), color).save(stream, "PNG")
    return stream.getvalue()


def _publish(site: Newsroom) -> None:
    editor = site.staff["editor"]
    section = factories.make_section(name="World", description="From abroad")
    authors = [factories.make_author("Maud Ellery"), factories.make_author("Ken Sato")]
    agency = factories.make_source("AFP", url="https://www.afp.com/")
    yesterday = timezone.now() - timedelta(days=1)
    site.piece = factories.make_article(
        by=editor,
        at=yesterday,
        slug="first-address",
        section=section,
        authors=authors,
        topics=[factories.make_topic()],
        source=agency,
        dateline="TOKYO",
    )
    factories.make_article(by=editor, at=yesterday, slug="from-the-wire", source=agency)
    site.withdrawn = factories.make_article(by=editor, at=yesterday, slug="withdrawn")
    scheduled = timezone.now() + timedelta(days=1)
    factories.make_article(by=editor, at=scheduled, slug="scheduled", section=section)
    factories.make_draft(slug="in-review", section=section).submit_for_review(
        by=site.staff["reporter"]
    )
    factories.make_draft(slug="draft", section=section)


def _work_on(site: Newsroom) -> None:
    """Pictures, versions, corrections, links, a former address, places, a window left open."""
    editor, reporter, piece = site.staff["editor"], site.staff["reporter"], site.piece
    site.picture, killed = (
        take_in(SimpleUploadedFile(f"{color}.png", _png(color), "image/png"), by=reporter)[0]
        for color in ("green", "red")
    )
    figure = f'<figure><img src="{site.picture.src}" alt="A field"></figure>'
    for fields in (
        {"slug": "piece", "body": f"<p>The body, longer.</p>{figure}", "lead_image": site.picture},
        {"standfirst": "What should not have been said."},
        {"standfirst": "One sentence more.", "lead_alt": "A field", "lead_image": killed},
        {"lead_image": site.picture},
    ):
        for name, value in fields.items():
            setattr(piece, name, value)
        piece.save()
        revision = piece.record(by=editor, note="To test")
        site.previews.append(
            PreviewLink.objects.make(revision, by=reporter, lasts=timedelta(days=1))
        )
    site.previews[-1].revoke(by=editor)
    piece.revisions.get(number=3).close(by=editor, reason="Personal data")
    killed.withdraw(by=editor, reason="The agency asks for it")
    piece.correct(by=editor, kind=Correction.Kind.CORRECTION, text="It was longer.")
    update = piece.correct(by=editor, kind=Correction.Kind.UPDATE, text="More is known.")
    update.take_back(by=editor, reason="It is not")
    FrontPlace.objects.create(position=0, article=piece, by=editor)
    site.wire = make_wire(piece, by=editor)
    for person in site.staff.values():
        for article in (piece, None):
            typed = {"headline": ["Typed"], "body": ["<p>Typed and not saved.</p>"]}
            WorkingCopy.objects.begin(article, by=person).keep(typed)


@contextmanager
def _minutes() -> Iterator["Clock"]:
    """A clock that begins three hours ago and goes on a minute with each `tick`."""
    with time_machine.travel(timezone.now() - timedelta(hours=3), tick=False) as traveller:
        yield Clock(traveller)


@dataclass
class Clock:
    traveller: time_machine.Traveller

    def tick(self) -> datetime:
        self.traveller.shift(timedelta(minutes=1))
        return timezone.now()


def _leave_replies(site: Newsroom) -> None:
    """By HTTP, as readers do: approved, rejected, spam and held, threaded, with findings."""
    with _minutes() as clock:

        def reply(state: str = "", article: Article = site.piece, **fields: str) -> str:
            now = clock.tick()
            data = {"author": READERS_NAME, "email": READERS_ADDRESS, "comment": f"At {now}."}
            response = browser().post(
                reverse("comments:create", args=[article.slug]), form_data(**data | fields)
            )
            assert response.status_code == 303, body_of(response).decode()
            site.pages_of_replies.append(response.headers["Location"])
            comment = Comment.objects.latest("pk")
            site.answers[f"the answer to {comment}"] = response
            if state:
                getattr(comment, state)(by=site.staff["moderator"], reason=f"To test: {state}")
            return str(comment.pk)

        first = reply(
            "approve",
            url="https://hanabi.example.org/garden",
            notify_answers="on",
            notify_all="on",
        )
        stranger = reply("approve", parent=first, author="Stranger", email="other@example.org")
        answer = reply("approve", parent=stranger, email=READERS_ADDRESS.upper())
        reply("approve", parent=answer, email=f"  {READERS_ADDRESS.lower()} ")
        reply("approve", site.withdrawn)
        reply("reject")
        reply("mark_spam")
        reply(subject="filled in by a machine", drawn="", comment="<b>Buy</b> https://spam.test")
        reply(parent=answer, key="0123456789abcdef")
        reply(email="other@example.org", author="Stranger")
    site.withdrawn.withdraw(by=site.staff["editor"])
    assert Commenter.objects.count() == 2


def _moderate(site: Newsroom) -> None:
    """In the admin: an approval taken back, so that messages and the log have lines of it."""
    moderator = browser(site.staff["moderator"], raises=True)
    held = [str(pk) for pk in Comment.objects.held().values_list("pk", flat=True)]
    for action in ("approve", "restore"):
        response = moderator.post(
            reverse("admin:comments_comment_changelist"),
            {"action": action, "_selected_action": held, "reason": f"To test: {action}"},
            follow=True,
        )
        assert response.status_code == 200
        site.answers[f"the answer to “{action}”"] = response


def _report(site: Newsroom) -> None:
    """The stranger's reply, by the reader, whose browser shows who it is, and by somebody else."""
    stranger = Comment.objects.approved().filter(name="Stranger").earliest("pk")
    own = Comment.objects.approved().filter(name=READERS_NAME).earliest("pk")
    page = reverse("comments:report", args=[stranger.pk])
    given = {"reason": "other", "words": "This isn't Stranger."}
    for proof in (status_url(own).split("/")[-2], ""):
        response = browser().post(page, given | {"proof": proof})
        assert response.status_code == 303, body_of(response).decode()
        site.answers[f"the answer to report {len(site.answers)}"] = response


def _work_at_the_desk(site: Newsroom) -> None:
    moderator, chief = (browser(site.staff[name], raises=True) for name in ("moderator", "chief"))
    desk.work(site, moderator=moderator, chief=chief, address=READERS_ADDRESS)
    desk.enqueue_all_jobs()
    _work()
    assert Batch.objects.get().state == Batch.State.DONE
    assert [message.to for message in mail.outbox] == [[STAFFS_ADDRESS]]


def _write_a_letter(site: Newsroom) -> None:
    """To the author of the first reply, who answers."""
    first = Comment.objects.earliest("pk")
    moderator = browser(site.staff["moderator"], raises=True)
    page = reverse("admin:comments_comment_write", args=[first.pk])
    drawn = the_form(moderator.get(page), page)
    written = moderator.post(page, drawn.data | {"text": ["May we quote you?"]})
    assert written.status_code == 302
    site.answers["the answer to a letter"] = written
    Letter.objects.get().take_answer("You may.")


def _invite(site: Newsroom) -> None:
    """By mail; then another address, a reset of the password, and a mail server that refuses."""
    chief = browser(site.staff["superuser"], raises=True)
    add, reset = reverse("admin:auth_user_add"), reverse("admin_password_reset")
    group = Group.objects.get(name="Reporters").pk
    invitation = {"username": "colleague", "email": STAFFS_ADDRESS, "groups": [group]}
    with TestCase.captureOnCommitCallbacks(execute=True):
        site.answers["the answer to an invitation"] = chief.post(add, invitation)
    colleague = User.objects.get(username="colleague")
    change = reverse("admin:auth_user_change", args=[colleague.pk])
    drawn = the_form(chief.get(change), change)
    new = drawn.data | {"new_email": [STAFFS_ADDRESS]}
    site.answers["the answer to a new address"] = chief.post(change, new)
    with TestCase.captureOnCommitCallbacks(execute=True):
        site.answers["the answer to a forgotten password"] = browser().post(
            reset, {"email": STAFFS_ADDRESS}
        )
    assert [answer.status_code for answer in site.answers.values()][-3:] == [302] * 3
    _work()
    assert {tuple(message.recipients()) for message in mail.outbox} == {(STAFFS_ADDRESS,)}
    for attempt in (1, ATTEMPTS):
        tasks.send_password_mail.enqueue("reset", colleague.pk, attempt)
    refusal = smtplib.SMTPRecipientsRefused({STAFFS_ADDRESS: (550, STAFFS_ADDRESS.encode())})
    with patch.object(staff, "send_mail", side_effect=refusal):
        _work()
    assert DBTaskResult.objects.failed().count() == 1


def _work() -> None:
    """What the worker does, but for waiting."""
    worker = Worker(
        queue_names=["*"],
        interval=0,
        batch=True,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id="leak-test",
        excluded_queue_names=[],
    )
    for task in DBTaskResult.objects.ready():
        worker.run_task(task)


def the_form(response: HttpResponseBase, url: str) -> Sending:
    """The form of a page that is sent to the page itself."""
    page = body_of(response).decode()
    return next(form for form in sendings(page, url) if form.url == url)
