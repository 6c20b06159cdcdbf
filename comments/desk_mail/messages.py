"""What the mails to moderators say.

A mail passes servers that aren't the newsroom's, and stays in mailboxes. So addresses of email are
left out also where readers have typed them into their text, and long texts are cut short.
"""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comments.body_html import readable
from comments.desk_mail.links import DECISIONS, LASTS, Link, decision_url
from comments.desk_mail.news import News, bar, news
from comments.models import Comment, MailChoice
from comments.models.second_look import active_moderators
from comments.moderation.addresses import Links
from comments.moderation.contact_rules import without_email_addresses
from comments.notices.delivery import Message
from comments.templatetags.reports import in_short
from newsroom.language import speaking_as_the_site
from newsroom.models import SiteSettings
from newsroom.moments import grouped

LONGEST_TEXT = 1_500  # characters of one reply in a mail
LONGEST_LINK = 200
MOST_LINKS = 10  # of one reply


@dataclass(frozen=True)
class Told:
    """One reply in a mail."""

    comment: Comment
    name: str
    text: str
    is_cut: bool
    links: list[str]  # what its links lead to
    why: list[str]
    words: str  # of its author, who asks for a second look
    bar: str  # why this moderator can't decide on it
    card: str
    approve: str
    reject: str
    spam: str

    @property
    def quoted(self) -> str:
        """The text as plain mails mark what somebody else has written."""
        return "\n".join(f"> {line}".rstrip() for line in self.text.splitlines())


def message(choice: MailChoice) -> tuple[Message, News] | None:
    """What a mail of this choice says now; None where there is nothing to say."""
    site = SiteSettings.objects.current()
    with timezone.override(site.zone), speaking_as_the_site():
        found = news(choice)
        if found is None:
            return None
        active = {user.pk for user in active_moderators()}
        context = {
            "site": site,
            "site_url": settings.SITE_URL,
            "subject": _subject(choice, found, site),
            "is_digest": choice.is_digest,
            "queue": found.queue,
            "count": found.count,
            "more": found.count - len(found.replies),
            "replies": [_told(each, choice.user, active) for each in found.replies],
            "days": LASTS.days,
            "queue_url": _absolute("admin:comments_queue"),
            "choice_url": _absolute("admin:comments_mail_choice"),
        }
        return _written(context), found


def _subject(choice: MailChoice, found: News, site: SiteSettings) -> str:
    words = (
        ngettext(
            "%(count)s reply waits at %(site)s", "%(count)s replies wait at %(site)s", found.count
        )
        if choice.is_digest
        else ngettext(
            "%(count)s new reply to decide on at %(site)s",
            "%(count)s new replies to decide on at %(site)s",
            found.count,
        )
    )
    return words % {"count": grouped(found.count), "site": site.name}


def _told(comment: Comment, user: User, active: set[int]) -> Told:
    link = Link(user, comment.pk, comment.version, comment.basis)  # type: ignore[attr-defined]
    text = without_email_addresses(readable(comment.body_html))
    targets = Links.of(comment.body_html).targets[:MOST_LINKS]
    look = getattr(comment, "second_look", None)
    asked = look.words if look and look.is_waiting and comment.is_refused else ""
    addresses = {each: decision_url(link, each) for each in DECISIONS}
    return Told(
        comment=comment,
        name=_line(without_email_addresses(comment.name)),
        text=text[:LONGEST_TEXT].rstrip(),
        is_cut=len(text) > LONGEST_TEXT,
        links=[without_email_addresses(each)[:LONGEST_LINK] for each in targets],
        why=_why(comment),
        words=_line(without_email_addresses(asked)),
        bar=bar(comment, user, active),
        card=_absolute("admin:comments_queue_decide", comment.pk),
        **addresses,
    )


def _why(comment: Comment) -> list[str]:
    """In words: what the rules found, and what else asks for a decision."""
    why = [_line(without_email_addresses(each.reason)) for each in comment.findings.all()]
    if comment.is_refused:
        why.insert(0, _("Its author asks for a second look."))
    elif comment.reported_at:
        why = [*_reports(comment), *why]
    return why


def _reports(comment: Comment) -> list[str]:
    """Of readers: what they find wrong, and the words of the first few."""
    told = in_short(comment.open_reports)  # type: ignore[attr-defined]
    if told is None:
        return [_("Readers have reported it.")]
    count = ngettext(
        "%(count)s reader has reported it.", "%(count)s readers have reported it.", told.count
    )
    reasons = (f"{reason} ({number})" for reason, number in told.reasons)
    words = (_("A reader's words: %s") % each.words for each in told.words)
    lines = [count % {"count": grouped(told.count)}, *reasons, *words]
    return [_line(without_email_addresses(each)) for each in lines]


def _written(context: dict[str, Any]) -> Message:
    text, html = (
        render_to_string(f"comments/desk_mail/news.{ending}", context).strip() + "\n"
        for ending in ("txt", "html")
    )
    return Message(subject=context["subject"], text=text, html=html)


def _absolute(name: str, *args: Any) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=args)}"


def _line(words: str) -> str:
    return " ".join(words.split())
