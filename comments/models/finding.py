from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from comments.moderation import findings
from newsroom.inserting import insert_all

if TYPE_CHECKING:
    from comments.models.comment import Comment


class FindingQuerySet(models.QuerySet["Finding"]):
    def keep(self, comment: "Comment", found: Iterable[findings.Finding]) -> None:
        """Store what the rules saw in `comment`."""
        insert_all(
            [
                Finding(
                    comment=comment,
                    rule=each.rule,
                    severity=each.severity,
                    reason=each.reason,
                    start=each.span[0] if each.span else None,
                    end=each.span[1] if each.span else None,
                )
                for each in found
            ]
        )


class Finding(models.Model):
    """What a rule saw in a reply when it came in, kept so that a moderator sees why."""

    comment = models.ForeignKey(
        "comments.Comment", on_delete=models.CASCADE, related_name="findings"
    )
    rule = models.CharField(_("rule"), max_length=40)
    severity = models.PositiveSmallIntegerField(_("severity"), choices=findings.Severity)
    reason = models.CharField(_("reason"), max_length=200)
    # The part of the text it is about: characters from `start` up to `end`; null for no part.
    start = models.PositiveIntegerField(null=True)
    end = models.PositiveIntegerField(null=True)

    objects = FindingQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["-severity", "pk"]

    def __str__(self) -> str:
        return self.reason
