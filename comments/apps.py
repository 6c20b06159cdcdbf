from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CommentsConfig(AppConfig):
    name = "comments"
    verbose_name = _("Replies")

    def ready(self) -> None:
        from articles.old_site.targets import (  # noqa: PLC0415 - after all models are there
            pages_of_replies,
        )
        from comments.places import page_of_replies  # noqa: PLC0415 - after all models are there
        from comments.seen import tell_the_page_store  # noqa: PLC0415 - after all models are there

        tell_the_page_store()
        pages_of_replies.append(page_of_replies)
