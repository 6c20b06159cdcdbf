"""What readers ask for, at random."""

import random
from datetime import UTC

from django.utils import timezone

from articles.models import Author, Correction, Section, Source, Topic
from comments.models import Comment


def address(rng: random.Random) -> str:
    """Mostly of what stands there; of pieces mostly the few that are changed most."""
    slug = f"p{rng.randrange(8)}"
    reply = _key(rng, Comment)
    month = timezone.now().astimezone(UTC).strftime("%Y/%m")
    of_lists = [
        f"/{model._meta.model_name}s/{slug}/"
        for model in (Section, Topic, Author, Source)
        for slug in model._default_manager.order_by("pk").values_list("slug", flat=True)
    ]
    lists = rng.choice(of_lists)
    many = [
        *(["/"] * 4),
        *([f"/articles/{slug}/"] * 8),
        *([f"/articles/{slug}/comments.atom", f"/articles/{slug}/changes/"] * 2),
        *(f"/articles/{slug}/{rest}" for rest in ("comments/1/", "comments/2/", "picks.atom")),
        *(f"/articles/{slug}/?{query}" for query in ("replies=newest", "utm_source=x", "page=2")),
        *(f"/articles/{slug}/?reply_to={reply}", f"/p/{rng.randrange(1, 9)}/"),
        *(f"/comments/{reply}/", f"/comments/{reply}/thread/", "/comments/picks.atom"),
        *([lists] * 4),
        *(f"{lists}feed.rss", f"{lists}feed.json", f"{lists}?page=2"),
        *("/feeds/latest.rss", "/feeds/latest.atom", "/feeds/latest.json"),
        *("/archive/", f"/archive/{month}/", "/popular/", "/corrections/"),
        *("/corrections/feed.atom", "/sitemap.xml", "/sitemap-pieces-0.xml", "/sitemap-lists.xml"),
        *("/sitemap-news.xml", "/sitemap-news-1.xml", "/about-us/", "/about/moderation/"),
        *("/robots.txt", "/.well-known/security.txt", "/no-such-page/"),
        *(f"/corrections/?page={_key(rng, Correction)}", "/search/?q=words"),
    ]
    return rng.choice(many)


def _key(rng: random.Random, model: type[Comment] | type[Correction]) -> int:
    keys: list[int] = [*model._default_manager.order_by("pk").values_list("pk", flat=True)[:30], 1]
    return rng.choice(keys)
