from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = _("Desk")

    def ready(self) -> None:
        post_save.connect(_follow_site, sender="newsroom.SiteSettings")


def _follow_site(**kwargs: Any) -> None:
    """Pictures that say the name of the site, and dates on its clock, follow its settings, which
    know nothing of pieces."""
    from articles.tasks import make_share_images  # noqa: PLC0415 - after all models are there

    make_share_images.enqueue()
