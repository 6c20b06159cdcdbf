from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_save
from django.utils.translation import gettext_lazy as _


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = _("Desk")

    def ready(self) -> None:
        from articles.clock import tell_the_page_store  # noqa: PLC0415 - after all models are there

        post_save.connect(_follow_site, sender="newsroom.SiteSettings")
        tell_the_page_store()


def _follow_site(**kwargs: Any) -> None:
    """Pictures that say the name of the site, and dates on its clock, follow its settings, which
    know nothing of pieces."""
    from articles.tasks import make_share_images  # noqa: PLC0415 - after all models are there

    make_share_images.enqueue()
