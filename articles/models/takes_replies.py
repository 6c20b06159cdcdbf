from django.db import models
from django.utils.translation import gettext_lazy as _


class Replies(models.TextChoices):
    """Whether readers may reply, from the widest to the strictest."""

    OPEN = "open", _("open")
    HELD = "held", _("all held")
    CLOSED = "closed", _("closed")


class TakesReplies(models.Model):
    """What a piece or a section says of its replies. It can make the site's rules stricter only."""

    replies = models.CharField(
        _("replies"),
        max_length=6,
        choices={"": _("as elsewhere")} | dict(Replies.choices[1:]),
        default="",
        blank=True,
        help_text=_("“All held”: a moderator reads each, whatever the rules say."),
    )
    replies_close_at = models.DateTimeField(
        _("replies close at"), null=True, blank=True, help_text=_("Nobody can reply after that.")
    )

    class Meta:
        abstract = True
