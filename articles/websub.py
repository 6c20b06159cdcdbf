"""Tells a hub (WebSub, W3C) which feeds changed, so that those who follow them learn it at once.

`announce()` is called in the transaction of a change; the hub is asked by the task queue, which
lives in the database: it is told when, and only when, that commits. Without WEBSUB_HUB nothing is
done.
"""

from datetime import datetime
from http.client import HTTPException
from typing import TYPE_CHECKING
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from articles.content import Content, content_of
from newsroom.outgoing import opener

if TYPE_CHECKING:
    from articles.models import Article, Revision
    from articles.models.article import ArticleQuerySet

SECONDS = 10
TRY_AGAIN = frozenset([408, 425, 429])  # of the answers 4xx; all 5xx besides
# Under which name the content of a revision has what a feed can be about.
NAMES = {"section": "section", "source": "source", "bylines": "author", "topics": "topic"}

type Lists = dict[str, list[int]]  # "section", "topic" … → primary keys


class HubFailed(Exception):
    """The hub did not take the news. `permanent`: it would not the next time either."""

    def __init__(self, why: str, *, permanent: bool = False) -> None:
        super().__init__(why)
        self.permanent = permanent


def announce(revision: "Revision", before: "Revision | None") -> None:
    """Have the hub told what a new `revision` changed for readers, now or at its moment."""
    if not settings.WEBSUB_HUB:
        return
    from articles.tasks import tell_hub, tell_hub_when_public  # noqa: PLC0415 - they import models

    moment, earlier = _moment(revision), _moment(before) if before else None
    is_public, was_public = (at is not None and at <= timezone.now() for at in (moment, earlier))
    if is_public != was_public or (is_public and before and _differs(revision, before)):
        tell_hub.enqueue(lists_of(revision.content, before.content if before else {}))
    elif moment and not is_public and moment != earlier:
        tell_hub_when_public.using(run_after=moment).enqueue(
            revision.article_id, moment.isoformat()
        )


def announce_pieces(pieces: "ArticleQuerySet") -> None:
    """Have the hub told that a picture was taken from all these, or came back."""
    if not settings.WEBSUB_HUB:
        return
    from articles.tasks import tell_hub  # noqa: PLC0415 - it imports the models

    contents = [content_of(each) for each in pieces if each.is_public]
    if contents:
        tell_hub.enqueue(lists_of(*contents))


def announce_correction(article: "Article") -> None:
    """Have the hub told of a correction, made or taken back."""
    if settings.WEBSUB_HUB and article.is_public:
        from articles.tasks import tell_hub  # noqa: PLC0415 - it imports the models

        tell_hub.enqueue(lists_of(content_of(article)))


def _moment(revision: "Revision") -> datetime | None:
    """From when on readers see what it holds, by the rule of Article.public_from; None: never. Its
    own `public_from` would be ahead where the clock was put back, and the hub told nothing."""
    if revision.status != "published" or revision.published_at is None:
        return None
    return max(revision.published_at, revision.embargo_until or revision.published_at)


def _differs(revision: "Revision", before: "Revision") -> bool:
    """Whether the feeds of a piece that is public say something else in substance."""
    if revision.digest != before.digest and not revision.is_minor:
        return True
    was, now = before.content, revision.content
    return lists_of(was) != lists_of(now) or was.get("slug") != now.get("slug")


def lists_of(*contents: Content) -> Lists:
    """The lists in whose feeds a piece stands that holds any of these `contents`."""
    lists: Lists = {}
    for content in contents:
        for name, kind in NAMES.items():
            value = content.get(name) or []
            for row in value if isinstance(value, list) else [value]:
                if row["id"] not in lists.setdefault(kind, []):
                    lists[kind].append(row["id"])
    return {kind: sorted(keys) for kind, keys in sorted(lists.items())}


def feeds_of(lists: Lists) -> list[str]:
    """The addresses of the paper's feeds, and of those of the lists, in all formats."""
    from articles.feeds.addresses import KINDS, addresses, rss_path  # noqa: PLC0415 - needs models

    paths = [reverse("articles:latest_rss")]
    for kind, keys in lists.items():
        rows = KINDS[kind].objects.filter(pk__in=keys).order_by("pk")
        paths += [rss_path(row) for row in rows]
    return addresses(paths)


def publish(feeds: list[str]) -> None:
    """Tell the hub that these feeds changed. Raises HubFailed."""
    told = [("hub.mode", "publish"), *(("hub.url", feed) for feed in feeds)]
    request = Request(
        settings.WEBSUB_HUB, urlencode(told).encode(), {"User-Agent": "Newsroom"}, method="POST"
    )
    try:
        with opener().open(request, timeout=SECONDS):
            pass
    except HTTPError as error:
        error.close()
        again = error.code >= 500 or error.code in TRY_AGAIN
        raise HubFailed(f"it answered {error.code}", permanent=not again) from None
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise HubFailed(type(reason).__name__) from None
