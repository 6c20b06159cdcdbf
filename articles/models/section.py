from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import User
from django.db import models, transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.models.takes_replies import TakesReplies
from newsroom.line_field import LineField
from newsroom.paths import SlugPath

if TYPE_CHECKING:
    from articles.models.article import Article

path_of = SlugPath("articles:section")


class Section(TakesReplies, models.Model):
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

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Where it is called by another name now, the pictures that say the old one follow."""
        from articles.tasks import make_share_images  # noqa: PLC0415 - tasks import the models

        with transaction.atomic():
            was = Section.objects.filter(pk=self.pk).exclude(name=self.name) if self.pk else None
            is_renamed = was is not None and was.exists()
            super().save(*args, **kwargs)
            if is_renamed:
                make_share_images.enqueue(section=self.pk)

    def get_absolute_url(self) -> str:
        return path_of(self.slug)

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
