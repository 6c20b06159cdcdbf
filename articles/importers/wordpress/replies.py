"""What an app that keeps replies gives to the run: this one knows nothing of it."""

from typing import Protocol

from django.contrib.auth.models import User

from articles.importers.wordpress.records import PostRecord
from articles.importers.wordpress.reporting import Reporting
from articles.models import Article, OldSite


class BringReplies(Protocol):
    """Brings the replies under `post` to `article`, in its transaction."""

    def __call__(
        self, post: PostRecord, article: Article, *, site: OldSite, report: Reporting, by: User
    ) -> None: ...
