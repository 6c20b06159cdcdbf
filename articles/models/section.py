from typing import TYPE_CHECKING

from django.contrib.auth.models import User
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from newsroom.line_field import LineField

if TYPE_CHECKING:
    from articles.models.article import Article


class Section(models.Model):
    """A part of the paper. A piece stands in one; the menu shows them in their order."""

    name = LineField(_("name"), max_length=60, unique=True)
    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    description = LineField(_("description"), max_length=200, blank=True)
    position = models.PositiveSmallIntegerField(
        _("position"), default=0, help_text=_("The menu shows the smallest first.")
    )
    is_on_front = models.BooleanField(
        _("block on the front page"),
        default=False,
        help_text=_("Its pieces stand in a block of their own below the first ones."),
    )

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("articles:section", args=[self.slug])

    def take_in(self, article: "Article", *, by: User) -> bool:
        """See Article.move_to."""
        with transaction.atomic():
            current = (
                type(article)
                .objects.select_for_update(of=("self",))
                .select_related("section")
                .get(pk=article.pk)
            )
            if current.section == self:
                return False
            names = {"old": current.section, "new": self}
            article.section = self
            article.save(update_fields=["section", "updated_at"])
            article.record(by=by, note=gettext("Moved from %(old)s to %(new)s.") % names)
        return True


class Topic(models.Model):
    """What a piece is about. It can have several."""

    name = LineField(_("name"), max_length=60, unique=True)
    slug = models.SlugField(_("slug"), max_length=60, unique=True)
    description = LineField(_("description"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("articles:topic", args=[self.slug])
