"""What readers ask for, at random."""

import random
from datetime import UTC

from django.utils import timezone

from articles.keyset import Key
from articles.models import Article, Author, Correction, Section, Source, Topic
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
        *(f"/corrections/?page={_key(rng, Correction)}", f"{lists}?before={_place(rng)}"),
        *([f"/search/?{_search(rng)}"] * 4),
        *(f"/search/feed.{kind}?{_search(rng)}" for kind in ("rss", "json")),
    ]
    return rng.choice(many)


def _search(rng: random.Random) -> str:
    """Of words that pieces, sections and topics are called, and of those that are edited in."""
    words = rng.choice(["piece", "words", "words*", "desk", "wo*", "piece+-words", '"a+piece"'])
    narrowed = rng.choice(
        [
            *("", "", "", "order=newest", "page=2", "topic=no-such", "utm_source=x"),
            *("period=day", "period=day", "period=week", "period=day&order=newest"),
            *("from=2026-03-01", "from=2026-03-02&to=2026-03-02", "to=2026-03-03"),
        ]
    )
    kind = rng.choice([Section, Topic, Source])
    slugs = list(kind._default_manager.order_by("pk").values_list("slug", flat=True))
    chosen = f"{kind._meta.model_name}={rng.choice(slugs)}" if rng.random() < 0.2 else ""
    return "&".join(part for part in (f"q={words}", narrowed, chosen) if part)


def _place(rng: random.Random) -> Key:
    """Of a piece in the lists."""
    pieces = Article.objects.exclude(published_at=None).order_by("pk")
    published_at, pk = rng.choice(pieces.values_list("published_at", "pk"))
    assert published_at
    return Key(published_at, pk)


def _key(rng: random.Random, model: type[Comment] | type[Correction]) -> int:
    keys: list[int] = [*model._default_manager.order_by("pk").values_list("pk", flat=True)[:30], 1]
    return rng.choice(keys)
