from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommentsConfig(AppConfig):
    name = "comments"
    verbose_name = _("Replies")

    def ready(self) -> None:
        from comments.seen import tell_the_page_store  # noqa: PLC0415 - after all models are there

        tell_the_page_store()
