"""All that is kept of one sender, for that sender alone."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from comments.models import (
    Comment,
    Commenter,
    Decision,
    Letter,
    Mail,
    Report,
    SecondLook,
    Standing,
)
from comments.models.comment_queryset import CommentQuerySet
from comments.models.commenter import CommenterQuerySet
from comments.report_address import report_url
from comments.status_address import status_url


def replies_of(sender: Commenter) -> CommentQuerySet:
    """Newest first, with all that stands beside them, in a constant number of queries."""
    return (
        Comment.objects.filter(commenter=sender)
        .select_related("article", "second_look")
        .prefetch_related("former_texts", "letters", "findings", "decisions__given")
        .order_by("-submitted_at", "-pk")
    )


def standings_of(sender: Commenter) -> list[Standing]:
    return list(
        Standing.objects.in_force().filter(fingerprint=sender.fingerprint).order_by("-at", "-pk")
    )


def reports_of(sender: Commenter) -> list[Report]:
    """The replies of others that the sender, whose proof was shown, has reported; newest first."""
    reports = sender.reports.select_related("comment__article", "decision").order_by("-at", "-pk")
    return list(reports)


def kept_until(sender: Commenter) -> datetime:
    """When the address ends, where no other reply is sent with it."""
    last = Comment.objects.filter(commenter=sender).order_by("-submitted_at").first()
    return (last.submitted_at if last else timezone.now()) + CommenterQuerySet.ADDRESS_KEPT


def as_json(sender: Commenter) -> dict[str, Any]:
    """For a machine. The address itself can't be read here; whoever has this knows it."""
    subscriptions = sender.subscriptions.select_related("article").order_by("asked_at", "pk")
    mails = sender.mails.select_related("article").order_by("pk")
    return {
        "site": settings.SITE_URL,
        "made_at": timezone.now(),
        "sender": {
            "first_seen": sender.first_seen,
            "address": "kept sealed; this page can't read it",
            "address_kept_until": kept_until(sender),
            "mail_came_back_at": sender.bounced_at,
            "no_mail_wanted_since": sender.mail_ended_at,
            "link_to_data_mailed_at": sender.data_mailed_at,
        },
        "standings": [
            {"kind": each.kind, "since": each.at, "until": each.until, "reason": each.reason}
            for each in standings_of(sender)
        ],
        "subscriptions": [
            {
                "piece": each.article.headline,
                "kind": each.kind,
                "asked_at": each.asked_at,
                "confirmed_at": each.confirmed_at,
                "ended_at": each.ended_at,
            }
            for each in subscriptions
        ],
        "mails": [_mail(each) for each in mails],
        "replies": [_reply(each) for each in replies_of(sender)],
        "reports": [_report(each) for each in reports_of(sender)],
    }


def _report(report: Report) -> dict[str, Any]:
    return {
        "reply": report.comment_id,
        "piece": report.comment.article.headline,
        "reason": report.reason,
        "words": report.words,
        "sent_at": report.at,
        "outcome": report.outcome or None,
        "status_page": settings.SITE_URL + report_url(report),
    }


def _mail(mail: Mail) -> dict[str, Any]:
    return {
        "about": mail.kind,
        "piece": mail.article.headline if mail.article else None,
        "reply": mail.comment_id,
        "sent_at": mail.sent_at,
        "given_up_at": mail.dropped_at,
    }


def _reply(comment: Comment) -> dict[str, Any]:
    look = getattr(comment, "second_look", None)
    return {
        "number": comment.pk,
        "piece": comment.article.headline,
        "piece_url": settings.SITE_URL + comment.article.get_absolute_url(),
        "status_page": settings.SITE_URL + status_url(comment),
        "answers": comment.parent_id,
        "state": comment.status,
        "name": comment.name,
        "website": comment.website,
        "text": comment.body,
        "sent_at": comment.submitted_at,
        "changed_at": comment.edited_at,
        "changed_by_a_moderator_at": comment.corrected_at,
        "published_at": comment.approved_at,
        "picked_at": comment.featured_at,
        "network_kept_as_keyed_hash": bool(comment.network),
        "former_texts": [
            {"text": each.body, "until": each.until} for each in comment.former_texts.all()
        ],
        "found": [each.reason for each in comment.findings.all()],
        "decisions": [_decision(each) for each in comment.decisions.all()],
        "second_look": look and _second_look(look),
        "letters": [_letter(each) for each in comment.letters.all()],
    }


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "at": decision.at,
        "from": decision.from_status,
        "to": decision.to_status,
        "about": decision.kind,
        "by": "a moderator" if decision.by_id else decision.rule,
        "reason": decision.reason,
    }


def _second_look(look: SecondLook) -> dict[str, Any]:
    return {
        "asked_at": look.asked_at,
        "words": look.words,
        "decided_at": look.decided_at,
        "outcome": look.outcome,
    }


def _letter(letter: Letter) -> dict[str, Any]:
    return {
        "text": letter.text,
        "written_at": letter.written_at,
        "answer": letter.answer,
        "answered_at": letter.answered_at,
    }
