from django.db import models
from django.utils.translation import gettext_lazy as _


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

    class Meta:
        verbose_name = _("former address")
        verbose_name_plural = _("former addresses")
        ordering = ["-since"]

    def __str__(self) -> str:
        return self.slug
