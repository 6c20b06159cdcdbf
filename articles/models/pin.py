from collections.abc import Iterable

from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _


class PinQuerySet(models.QuerySet["Pin"]):
    def pin(self, article: int, pieces: Iterable[int], *, by: User) -> bool:
        """Show these with the piece, in this order, and no others; False where it was so already.

        All by primary key. Raises ValidationError for the piece itself, for one twice, and for
        more than there is room for.
        """
        wanted = list(pieces)
        if article in wanted:
            raise ValidationError(_("A piece can't be pinned to itself."))
        if len(wanted) != len(set(wanted)):
            raise ValidationError(_("This piece is pinned already."))
        if len(wanted) > Pin.MOST:
            raise ValidationError(_("There is no room for more."))
        from articles.models.article import Article  # noqa: PLC0415 - it refers to this

        with transaction.atomic():
            Article.objects.select_for_update(no_key=True).only("pk").get(pk=article)
            pins = self.filter(article=article)
            if list(pins.order_by("position").values_list("piece", flat=True)) == wanted:
                return False
            pins.delete()
            self.bulk_create(
                Pin(article_id=article, piece_id=piece, position=position, by=by)
                for position, piece in enumerate(wanted)
            )
        return True


class Pin(models.Model):
    """A piece that an editor shows with another, before those that are found by their topics.

    One that is not public is left out for as long as that.
    """

    MOST = 4

    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="pins", verbose_name=_("piece")
    )
    piece = models.ForeignKey(
        "articles.Article",
        on_delete=models.CASCADE,
        related_name="pinned_to",
        verbose_name=_("related piece"),
    )
    position = models.PositiveSmallIntegerField(_("position"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("since"), auto_now_add=True)

    objects = PinQuerySet.as_manager()

    class Meta:
        verbose_name = _("related piece")
        verbose_name_plural = _("related pieces")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "position"], name="a_place_beside_a_piece_is_given_once"
            ),
            models.UniqueConstraint(fields=["article", "piece"], name="a_piece_is_pinned_once"),
            models.CheckConstraint(
                condition=~models.Q(article=F("piece")), name="a_piece_is_not_pinned_to_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article} → {self.piece}"
