"""The notes that editors left at a post (WordPress 6.9), as notes for the desk: never replies."""

import re
from collections.abc import Sequence
from html import unescape

from django.utils.translation import gettext as _

from articles.importers.wordpress.records import PostRecord, ReplyRecord
from articles.importers.wordpress.reporting import Reporting
from articles.models import Article, Moved, MovedKind, OldSite
from comments import identity
from newsroom.clean_html import plain

MOST = Article._meta.get_field("desk_notes").max_length or 5000
DIGEST = "0" * 64  # they are not compared with those of a later export


def bring_notes(
    post: PostRecord,
    article: Article,
    notes: Sequence[ReplyRecord],
    *,
    site: OldSite,
    report: Reporting,
) -> None:
    """Write them below what the piece has for the desk, the oldest first, each with its date and
    name; in the database, and in `article`. What has no room left is reported."""
    if not notes:
        return
    report.found(MovedKind.NOTE, len(notes))
    keys = [str(each.number) for each in notes]
    moved = Moved.objects.filter(site=site, kind=MovedKind.NOTE, old_key__in=keys)
    before = set(moved.values_list("old_key", flat=True))
    told, brought = article.desk_notes, list[ReplyRecord]()
    for each in sorted(notes, key=lambda note: (note.at is None, note.at or 0, note.number)):
        called = _("Note %(number)s") % {"number": each.number}
        line = _line(each)
        longer = f"{told}\n{line}" if told else line
        if str(each.number) in before:
            report.unchanged(MovedKind.NOTE)
        elif not line:
            why = _("It says nothing.")
            report.left_out(MovedKind.NOTE, called, why, each.place)
        elif len(longer) > MOST:
            why = _("There is no more room in the notes for the desk of “%(piece)s”.")
            report.left_out(MovedKind.NOTE, called, why % {"piece": article.headline}, each.place)
        else:
            told = longer
            brought.append(each)
    if not brought:
        return
    article.desk_notes = told
    Article.objects.filter(pk=article.pk).update(desk_notes=told)
    Moved.objects.bulk_create(
        Moved(site=site, kind=MovedKind.NOTE, old_key=str(each.number), digest=DIGEST)
        for each in brought
    )
    report.brought(MovedKind.NOTE, len(brought))


def _line(note: ReplyRecord) -> str:
    text = " ".join(plain(unescape(re.sub(r"<[^>]*>", " ", note.text))).split())
    if not text:
        return ""
    name = " ".join(plain(unescape(note.name)).split())
    if identity.holds_an_address(name):
        name = ""
    about = ", ".join(part for part in (f"{note.at:%Y-%m-%d}" if note.at else "", name) if part)
    return f"{about}: {text}" if about else text
