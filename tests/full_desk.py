"""Pieces on which everything has happened that the desk can do, in a newsroom that runs.

Run there: `manage.py shell -c "from tests.full_desk import build; build()"` prints the addresses
of the pages about them, of readers and of the desk, as JSON. build("ja") makes pieces in Japanese.
"""

import io
import json
import os
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image as Pillow

from articles.importers.wordpress.reporting import Reporting
from articles.models import (
    Article,
    Author,
    Byline,
    Image,
    MovedKind,
    MoveReport,
    OldSite,
    PreviewLink,
    Section,
    WorkingCopy,
)
from articles.picture_upload import take_in
from articles.preview_links import address_of
from comments.desk_mail.links import Link, decision_url, last_decision
from comments.models import Comment

BODY = """
<p>The first paragraph.</p><h2>A part</h2><p>The second, with a
<a href="https://example.org/">link</a>.</p>
<blockquote><p>To be.</p><cite>Hamlet</cite></blockquote>
<ul><li>One</li></ul><table><tbody><tr><th>Port</th><th>Tonnes</th></tr><tr><td>Kobe</td><td>12</td>
</tr></tbody></table><hr>
<figure><img src="{picture}" alt="A quay"><figcaption>The quay</figcaption></figure>
"""


def build(language: str = "en") -> None:
    number = os.urandom(3).hex()
    editor = User.objects.get(username="editor")
    image = _picture(editor)
    piece = _piece(
        f"Everything happened {number}", editor, language, body=BODY.format(picture=image.src)
    )
    piece.lead_image, piece.lead_alt, piece.lead_caption = image, "A quay", "At dawn"
    _save(piece, editor)
    piece.publish(by=editor)
    Byline.objects.create(article=piece, author=Author.objects.earliest("pk"))
    for standfirst in ("What nobody should read.", "What is said now."):
        piece.standfirst = standfirst
        _save(piece, editor)
    piece.revisions.get(number=4).close(by=editor, reason="Personal data")
    for kind in ("correction", "clarification", "update", "retraction"):
        piece.correct(by=editor, kind=kind, text=f"The {kind}.")
    withdrawn = _piece(f"Withdrawn {number}", editor, language)
    withdrawn.publish(by=editor)
    withdrawn.withdraw(by=editor, reason="It was not true.")
    waiting = _piece(f"Waiting {number}", editor, language)
    waiting.submit_for_review(by=editor)
    link, ended = (
        PreviewLink.objects.make(waiting.record(by=editor), by=editor, lasts=timedelta(days=1))
        for _ in range(2)
    )
    ended.revoke(by=editor)
    copy = WorkingCopy.objects.begin(piece, by=editor)
    copy.keep({"headline": ["Typed and not saved"], "body": ["<p>Typed.</p>"]})
    print(
        json.dumps(
            {
                "readers": [
                    piece.get_absolute_url(),
                    f"{piece.get_absolute_url()}changes/",
                    withdrawn.get_absolute_url(),
                    address_of(link),
                    address_of(ended),
                    *_deciding_from_a_mail(),
                ],
                "desk": [*_pages(piece, withdrawn, waiting, image), copy.address]
                + [f"/admin/articles/article/unsaved/{copy.window}/", _move_report(editor)],
            }
        )
    )


def _move_report(by: User) -> str:
    """Of a site that moved in, with something left out and something changed."""
    site, _is_new = OldSite.objects.get_or_create(address="https://old.example.org")
    report = MoveReport.objects.create(site=site, by=by, files=["export.xml"])
    with Reporting(report) as reporting:
        reporting.found(MovedKind.PIECE, 2)
        reporting.brought(MovedKind.PIECE)
        reporting.changed(MovedKind.PIECE, "Post 17", "It had no title.", "export.xml, line 120")
        reporting.left_out(MovedKind.PIECE, "Post 18", "It is empty.", "export.xml, line 240")
    return reverse("admin:articles_movereport_change", args=[report.pk])


def _deciding_from_a_mail() -> list[str]:
    """Where the links lead that a moderator is mailed, for the demo's last reply."""
    comment = Comment.objects.latest("pk")
    last = last_decision(comment)
    assert last
    moderator = User.objects.get(username="moderator")
    link = Link(moderator, comment.pk, comment.version, last.pk)
    pages = [decision_url(link, decision) for decision in ("approve", "reject")]
    return [page.removeprefix(settings.SITE_URL) for page in pages]


def _pages(piece: Article, withdrawn: Article, waiting: Article, image: Image) -> list[str]:
    desk, revisions = f"/admin/articles/article/{piece.pk}/", "revisions/4/"
    own = ["change/", "history/", "preview/", "preview/page/", "corrections/", "withdrawal/"]
    own += ["revisions/", "revisions/compare/", "revisions/compare/?to=4", "revisions/1/restore/"]
    own += ["revisions/3/close/", f"{revisions}reopen/", "related/"]
    return [
        *(f"{desk}{page}" for page in own),
        f"/admin/articles/article/{withdrawn.pk}/return/",
        f"/admin/articles/article/{waiting.pk}/change/",
        f"/admin/articles/article/{waiting.pk}/preview/",
        f"/admin/articles/article/{waiting.pk}/sending-back/",
        f"/admin/articles/image/{image.pk}/change/",
        f"/admin/articles/image/{image.pk}/withdraw/",
    ]


def _piece(headline: str, by: User, language: str, body: str = "<p>The text.</p>") -> Article:
    piece = Article.objects.create(
        headline=headline,
        slug=headline.lower().replace(" ", "-"),
        standfirst="As it was first.",
        body=body,
        language=language,
        section=Section.objects.earliest("pk"),
        begun_by=by,
    )
    piece.record(by=by)
    return piece


def _save(piece: Article, by: User) -> None:
    piece.save()
    piece.record(by=by)


def _picture(by: User) -> Image:
    stream = io.BytesIO()
    Pillow.frombytes("RGB", (120, 80), os.urandom(120 * 80 * 3)).save(stream, "PNG")
    return take_in(SimpleUploadedFile("Quay.png", stream.getvalue(), "image/png"), by=by)[0]
