"""What becomes of a piece that two people, or one in two windows, change at once.

A form shows a version of the piece. Where a newer one was saved when the form comes back, nothing
is saved: the form is drawn again with all that was typed, beside it what differs. Fields that
whoever sent it had left alone take the newer text over; in the others theirs is replaced by
saving again.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.db import models
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from articles.changes import Stretch, compare, stretches
from articles.content import FIELDS, ONE
from articles.models import Article, Byline, Revision
from newsroom.moments import day_text, moment_text, time_text

TIMES = ("published_at", "embargo_until")
PROSE = (
    *("headline", "standfirst", "dateline", "body", "desk_notes"),
    *("credit_line", "lead_alt", "lead_caption", "lead_credit"),
)
NAMES = (*FIELDS, "bylines", *ONE, "topics", *TIMES)


@dataclass(frozen=True)
class Value:
    """Of a field: what to compare it by, and how to show it."""

    key: Any
    text: str
    is_html: bool = False


type Values = dict[str, Value]


@dataclass(frozen=True)
class Difference:
    """A field in which the saved piece and what was typed are not the same.

    `changed_by` is "them", "you", "both", or empty where what stood there before is unknown.
    `stretches` are both texts laid beside each other; empty for what is no prose.
    """

    name: str
    label: str | Promise
    changed_by: str
    theirs: str
    yours: str
    stretches: list[Stretch]

    @property
    def who(self) -> str:
        return {
            "them": _("Changed by them, not by you"),
            "you": _("Changed by you alone"),
            "both": _("Changed by both of you"),
        }.get(self.changed_by, _("Differs"))


@dataclass(frozen=True)
class Collision:
    """Versions that were saved `since` a form was opened, the oldest first.

    `before` is the one that the form showed; None where it is unknown, or was erased.
    """

    before: Revision | None
    since: list[Revision]

    def told(self, user: User) -> list[str]:
        """Who saved what and when, a sentence each, for `user` to read."""
        status = self.before.status if self.before else None
        sentences = []
        for revision in self.since:
            told = {
                "who": _("You, in another window,") if revision.by == user else str(revision.by),
                "number": revision.number,
                "when": moment(revision.at),
                "state": Article.Status(revision.status).label,
            }
            if status and revision.status != status:
                sentences.append(_("%(who)s saved version %(number)d, %(when)s: %(state)s.") % told)
            else:
                sentences.append(_("%(who)s saved version %(number)d, %(when)s.") % told)
            status = revision.status
        return sentences


def find_collision(article: Article, opened: str) -> Collision | None:
    """What happened since a form was drawn that showed version `opened`; None: nothing."""
    if opened == str(article.version):
        return None
    revisions = article.revisions.select_related("by")
    number = int(opened) if opened.isascii() and opened.isdigit() and len(opened) < 9 else None
    if number is None or number > article.version:
        return Collision(None, list(revisions.filter(number=article.version)))
    before = revisions.filter(number=number, erased_at=None).first()
    return Collision(before, list(revisions.filter(number__gt=number).order_by("number")))


def moment(at: datetime) -> str:
    is_today = timezone.localtime(at).date() == timezone.localdate()
    return time_text(at) if is_today else moment_text(at)


def saved_values(article: Article) -> Values:
    """Of the piece as it is in the database."""
    now = Article.objects.select_related("section", "source", "lead_image").get(pk=article.pk)
    values = {name: _plain(name, getattr(now, name)) for name in (*FIELDS, *TIMES)}
    values |= {name: _one(getattr(now, name)) for name in ONE}
    values["topics"] = _several(now.topics.all())
    values["bylines"] = bylines_value(each.author for each in now.bylines.with_authors())
    return values


def revision_values(revision: Revision) -> Values:
    content = revision.content
    values = {name: _plain(name, content.get(name)) for name in FIELDS}
    values |= {name: _plain(name, getattr(revision, name)) for name in TIMES}
    for name in ONE:
        row = content.get(name)
        values[name] = Value(row["id"], row["name"]) if row else Value(None, "")
    for name, as_key in (("topics", frozenset), ("bylines", tuple)):
        rows = content.get(name, [])
        text = ", ".join(row["name"] for row in rows)
        values[name] = Value(as_key(row["id"] for row in rows), text)
    return values


def typed_values(form: forms.ModelForm) -> Values:
    """Of a form that was cleaned; what it found wrong is as it was typed."""
    return {name: _typed(form, name) for name in NAMES if name in form.fields}


def bylines_value(authors: Iterable[models.Model]) -> Value:
    named = list(authors)
    return Value(tuple(author.pk for author in named), ", ".join(map(str, named)))


def differences(collision: Collision, theirs: Values, yours: Values) -> list[Difference]:
    """Where both changed first, then where only one did."""
    found = list(_differences(collision, theirs, yours))
    order = ["both", "", "them", "you"]
    return sorted(found, key=lambda difference: order.index(difference.changed_by))


def left_alone(collision: Collision, theirs: Values, yours: Values) -> list[str]:
    """The names of what they changed and you did not."""
    if collision.before is None:
        return []
    before = revision_values(collision.before)
    return [
        name
        for name, value in yours.items()
        if name in before and before[name].key == value.key != theirs[name].key
    ]


def take_over(data: QueryDict, form: forms.ModelForm, names: Iterable[str]) -> None:
    """Write into `data` what the piece of `form` has saved in these fields."""
    for name in names:
        if name in form.fields:
            value = getattr(form.instance, name)
            if name == "topics":
                value = list(form.instance.topics.all())
            elif name in ONE:
                value = getattr(form.instance, f"{name}_id")
            _write(data, form, name, value)


def _write(data: QueryDict, form: forms.ModelForm, name: str, value: Any) -> None:
    field, html_name = form.fields[name], form.add_prefix(name)
    widget, value = field.widget, field.prepare_value(value)
    if isinstance(widget, forms.MultiWidget):
        many: Any = widget
        parts = zip(many.widgets_names, many.widgets, many.decompress(value), strict=True)
        for suffix, part, part_value in parts:
            data[html_name + suffix] = part.format_value(part_value) or ""
    elif isinstance(value, list):
        data.setlist(html_name, [str(each) for each in value])
    elif isinstance(widget, forms.CheckboxInput):
        data.setlist(html_name, ["on"] if value else [])
    else:
        data[html_name] = "" if value is None else str(value)


def _differences(collision: Collision, theirs: Values, yours: Values) -> Iterator[Difference]:
    before = revision_values(collision.before) if collision.before else {}
    for name, mine in yours.items():
        their = theirs[name]
        if their.key == mine.key:
            continue
        changed_by = ""
        if name in before:
            by_them, by_you = before[name].key != their.key, before[name].key != mine.key
            changed_by = "both" if by_them and by_you else "them" if by_them else "you"
        beside: list[Stretch] = []
        if name in PROSE:
            is_html = their.is_html and mine.is_html
            beside = list(stretches(compare(their.text, mine.text, is_html=is_html)))
        yield Difference(name, label_of(name), changed_by, their.text, mine.text, beside)


def label_of(name: str) -> str | Promise:
    if name == "bylines":
        return Byline._meta.verbose_name_plural or name
    field: Any = Article._meta.get_field(name)
    label: str = field.verbose_name
    return label


def _typed(form: forms.ModelForm, name: str) -> Value:
    if name not in form.cleaned_data:
        raw = form[name].value()
        text = " ".join(str(part) for part in raw if part) if isinstance(raw, list) else str(raw)
        return Value(("as typed", text), text)
    value = form.cleaned_data[name]
    if name in ONE:
        return _one(value)
    return _several(value) if name == "topics" else _plain(name, value)


def _one(row: models.Model | None) -> Value:
    return Value(row.pk, str(row)) if row else Value(None, "")


def _several(rows: Iterable[models.Model]) -> Value:
    listed = list(rows)
    return Value(frozenset(row.pk for row in listed), ", ".join(map(str, listed)))


def _plain(name: str, value: Any) -> Value:
    if isinstance(value, bool):
        return Value(value, _("yes") if value else _("no"))
    if name in TIMES:
        # Forms show the second, and no more.
        exact = value.replace(microsecond=0) if value else None
        clock = f"{timezone.localtime(value):%H:%M:%S}" if value else ""
        return Value(exact, f"{day_text(value)} {clock}".strip())
    field: Any = Article._meta.get_field(name)
    text = str(dict(field.flatchoices).get(value, value) or "")
    return Value(value or "", text, is_html=name == "body")
