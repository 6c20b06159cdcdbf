"""What is measured in each newspaper: the pages of readers, the desk's, and what is written."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from articles.keyset import Key
from articles.models import Article
from articles.models.article import ArticleQuerySet
from bench.news import Writer
from bench.newspaper.make import MARK, SEED
from comments.models import Comment
from comments.reply_page import PAGE_THREADS

type Reader = Literal["reader", "editor", "moderator"]


@dataclass(frozen=True)
class Address:
    """`by` is who asks. `why` says why it costs more in a larger archive, where it has to."""

    what: str
    path: str
    by: Reader = "reader"
    status: int = 200
    why: str = ""


MONTHS = "each month is a line of it: 329 in the largest, 4 in the smallest"
SITEMAPS = "each 10,000 pieces are a line of it: 101 in the largest, 2 in the smallest"
FEW = "of up to 2,000 pieces each is looked up and sorted: 750 in the largest, 7 in the smallest"
FOUND = "more pieces are found, and 25 shown; up to 2,000 are ranked, of more the newest shown"
RANKED = "FTS5 ranks by how rare a word is, and for that counts it in the whole paper"
PHRASE = "FTS5 has no index of pairs: wherever both words stand their places are compared, thrice"
BEGUN = "FTS5 gathers all pieces with a word so begun before it gives the newest"


def addresses() -> list[Address]:
    shapes = json.loads((settings.STATE.root / MARK).read_text())["shapes"]
    return [*_pieces(shapes), *_lists(), *_searches(), *_machines(), *_desk()]


def _pieces(shapes: list[int]) -> Iterator[Address]:
    yield Address("front page", "/")
    for number in shapes:
        yield Address(f"piece with {number:,} replies", f"/articles/replies-{number}/")
    many = f"/articles/replies-{shapes[-1]}/"
    piece = Article.objects.get(slug=f"replies-{shapes[-1]}")
    last = -(-Comment.objects.threads(piece).count() // PAGE_THREADS)
    middle = Comment.objects.under(piece)[shapes[-1] // 2]
    yield Address("its newest replies", f"{many}?replies=newest")
    yield Address("its replies, middle page", f"{many}comments/{max(2, last // 2)}/")
    yield Address("its replies, last page", f"{many}comments/{last}/")
    link = middle.get_absolute_url()
    yield Address("permanent link to a reply in its middle", link, status=302)
    yield Address("a thread of it", f"/comments/{middle.thread_key}/thread/")
    yield Address("feed of its replies", f"{many.rstrip('/')}/comments.atom")
    yield Address("oldest piece", _public().reverse()[0].get_absolute_url())


def _lists() -> Iterator[Address]:
    half = _public()[Article.objects.count() // 2]
    assert half.published_at
    below = f"?before={Key(half.published_at, half.pk)}"
    for name, path in (
        ("section", "/sections/section-3/"),
        ("topic with very many pieces", "/topics/topic-0/"),
        ("author with very many pieces", "/authors/author-0/"),
        ("source", "/sources/agency-3/"),
    ):
        yield Address(name, path)
        yield Address(f"{name}, half-way down", path + below)
    yield Address("topic with few pieces", "/topics/topic-399/", why=FEW)
    yield Address("author with few pieces", "/authors/author-299/", why=FEW)
    yield Address("archive", "/archive/", why=MONTHS)
    yield Address("a month of it", f"/archive/{half.published_at:%Y/%m}/")
    yield Address("most read", "/popular/")
    yield Address("corrections", "/corrections/")
    yield Address("how replies are moderated", "/about/moderation/")


def _searches() -> Iterator[Address]:
    """Words by how common they are: each is in the same part of any archive."""
    words = Writer(SEED).words
    number = Article.objects.count() // 2
    asked_for: dict[str, dict[str, str | int]] = {
        "search, one piece": {"q": number},
        "search, a rare word": {"q": words[9000]},
        "search, an uncommon word": {"q": words[2000]},
        "search, a common word": {"q": "minister"},
        "search, the commonest word": {"q": "the"},
        "search, three words": {"q": "harbour union budget"},
        "search, a phrase": {"q": '"city council"'},
        "search, newest first": {"q": words[2000], "order": "newest"},
        "search in a section and a year": {
            "q": "election",
            "section": "section-3",
            "period": "year",
        },
        "search, nothing found": {"q": "quxquux"},
    }
    whys = {"search, a phrase": PHRASE, "search in a section and a year": RANKED}
    for name, asked in asked_for.items():
        yield Address(name, f"/search/?{urlencode(asked)}", why=whys.get(name, FOUND))
    yield Address("suggestions, two letters", "/search/suggest/?q=ha")
    yield Address("suggestions, a word", "/search/suggest/?q=harbo", why=BEGUN)


def _machines() -> Iterator[Address]:
    yield Address("feed of the paper", "/feeds/latest.rss")
    yield Address("feed of a section", "/sections/section-3/feed.rss")
    yield Address("feed of a topic", "/topics/topic-0/feed.atom")
    yield Address("sitemap of sitemaps", "/sitemap.xml", why=SITEMAPS)
    yield Address("sitemap of pieces", "/sitemap-pieces-1.xml")
    yield Address("sitemap of lists", "/sitemap-lists.xml")
    yield Address("sitemap of news", "/sitemap-news.xml")


def _desk() -> Iterator[Address]:
    desk, queue = "/admin/articles/article/", "/admin/comments/queue/"
    for what, path in {
        "list of pieces": desk,
        "list of pieces, of a section": f"{desk}?section=3",
        "list of pieces, words looked for": f"{desk}?q=harbour",
    }.items():
        yield Address(what, path, by="editor")
    waiting = Comment.objects.held().order_by("pk")
    reply = waiting[waiting.count() // 2]
    for what, path in {
        "queue": queue,
        "queue, all replies": f"{queue}?tab=all",
        "queue, of one piece": f"{queue}?article={reply.article_id}",
        "queue, of one sender": f"{queue}?tab=all&sender={reply.commenter_id}",
        "queue, found by one rule": f"{queue}?rule=shouting",
        "queue, words looked for in what waits": f"{queue}?q=harbour",
        "log of decisions": reverse("admin:comments_log"),
        "figures of replies": reverse("admin:comments_dashboard"),
    }.items():
        yield Address(what, path, by="moderator")


def _public() -> ArticleQuerySet:
    return Article.objects.published().only("slug", "published_at")
