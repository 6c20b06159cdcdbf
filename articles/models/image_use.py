from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models.image import Image
from articles.picture_html import tokens_in

if TYPE_CHECKING:
    from articles.models.article import Article
    from articles.models.page import StandingPage

    type User = Article | StandingPage


class ImageUseQuerySet(models.QuerySet["ImageUse"]):
    def public(self) -> "ImageUseQuerySet":
        """Those in what readers may see now: the standing pages, and what `published()` says."""
        from articles.models.article import Article  # noqa: PLC0415 - it imports this

        return self.filter(Q(page__isnull=False) | Article.objects.is_public_of("article"))

    def for_listing(self) -> "ImageUseQuerySet":
        return self.select_related("article", "page").order_by("article", "page", "place")

    def follow(self, user: "User", written: Iterable[str] | None) -> None:
        """Make the uses of a piece or a page those that it has now, in the transaction that has
        `written` these fields of it; None: all. Draws its text anew where a picture was changed
        at the same moment."""
        deferred = {name.removesuffix("_id") for name in user.get_deferred_fields()}
        fields = {"body", "lead_image"} - deferred
        if not fields & set(written if written is not None else fields):
            return
        kind = "page" if user._meta.model_name == "standingpage" else "article"
        lead = getattr(user, "lead_image_id", None)
        tokens = tokens_in(user.body)
        images = (
            # Locked, so that one that is withdrawn at this moment is seen as such, or sees this.
            Image.objects.select_for_update(of=("self",))
            .filter(Q(token__in=tokens) | Q(pk=lead))
            .order_by("pk")
            .only("pk", "token")
            if tokens or lead
            else []
        )
        wanted = {(each.pk, ImageUse.Place.BODY.value) for each in images if each.token in tokens}
        if lead:
            wanted.add((lead, ImageUse.Place.LEAD.value))
        own = self.filter(**{kind: user})
        there = {(use.image_id, use.place): use.pk for use in own}
        self.filter(pk__in=[there[use] for use in there.keys() - wanted]).delete()
        self.bulk_create(
            ImageUse(image_id=image, place=place, **{kind: user})
            for image, place in sorted(wanted - there.keys())
        )
        if tokens:
            _draw_if_changed(user)


def _draw_if_changed(user: "User") -> None:
    from articles.drawn_html import made_of_body  # noqa: PLC0415 - the models import it

    drawn = made_of_body(type(user))["body_html"].made_for(user)
    if drawn != user.body_html:
        user.body_html = drawn
        type(user).objects.filter(pk=user.pk).update(body_html=drawn)


class ImageUse(models.Model):
    """Where a picture is used now. Written with the piece or the page, never by hand."""

    class Place(models.TextChoices):
        LEAD = "lead", _("lead picture")
        BODY = "body", _("in the text")

    image = models.ForeignKey(Image, on_delete=models.PROTECT, related_name="uses")
    article = models.ForeignKey(
        "articles.Article", null=True, on_delete=models.CASCADE, related_name="image_uses"
    )
    page = models.ForeignKey(
        "articles.StandingPage", null=True, on_delete=models.CASCADE, related_name="image_uses"
    )
    place = models.CharField(_("place"), max_length=4, choices=Place)

    objects = ImageUseQuerySet.as_manager()

    class Meta:
        verbose_name = _("use of a picture")
        verbose_name_plural = _("uses of pictures")
        constraints = [
            models.CheckConstraint(
                condition=Q(article__isnull=True) ^ Q(page__isnull=True),
                name="a_picture_is_used_by_a_piece_or_a_page",
            ),
            models.UniqueConstraint(
                fields=["article", "image", "place"], name="a_piece_uses_a_picture_once_a_place"
            ),
            models.UniqueConstraint(fields=["page", "image"], name="a_page_uses_a_picture_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_place_display()}: {self.article or self.page}"

    @property
    def user(self) -> "User":
        used_by = self.article or self.page
        assert used_by is not None  # by the constraint
        return used_by
