from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _


class FormerSlugQuerySet(models.QuerySet["FormerSlug"]):
    def refuse(self, slug: str, number: int | None) -> None:
        """Raises ValidationError where `slug` leads to another piece than that of this number."""
        taken = self.filter(slug=slug).exclude(article=number).select_related("article").first()
        if taken:
            raise ValidationError(
                {
                    "slug": _(
                        "This address leads readers to “%(piece)s”, which had it before. Choose "
                        "another, or have an administrator release it (former addresses)."
                    )
                    % {"piece": taken.article}
                }
            )


class FormerSlug(models.Model):
    """A slug under which readers knew a piece: it leads to where the piece is now, for ever.

    It points to the piece and not to an address, so there are no chains of redirects.
    """

    slug = models.SlugField(_("slug"), max_length=160, unique=True)
    article = models.ForeignKey(
        "articles.Article",
        on_delete=models.CASCADE,
        related_name="former_slugs",
        verbose_name=_("piece"),
    )
    since = models.DateTimeField(_("since"), auto_now_add=True)

    objects = FormerSlugQuerySet.as_manager()

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")
        ordering = ["-since"]

    def __str__(self) -> str:
        return self.slug
