"""The indexes of pieces, each with the queries it is for. `make bench` measures."""

from typing import Any

from django.db.models import BigIntegerField, DateTimeField, F, Func, Index, Q
from django.db.models.functions import Coalesce, Greatest

SITEMAP_PIECES = 10_000  # primary keys: a piece stays on its page

# Each ends with what else published() asks about, so that the keys of any page of a list, and the
# months of the archive, are found without reading a row. `python -m bench.lists` measures.
NEWEST = [
    # published(): the front page, the archive and the feeds.
    Index(fields=["status", "-published_at", "-id", "embargo_until"], name="article_newest"),
    # published() within a section: its page, its block on the front page, a piece's neighbours.
    Index(
        fields=["section", "status", "-published_at", "-id", "embargo_until"],
        name="article_newest_in_section",
    ),
    # published() of a source: its page and feeds.
    Index(
        fields=["source", "status", "-published_at", "-id", "embargo_until"],
        name="article_newest_of_source",
    ),
]

GONE = [
    # gone(): what feeds tell of, the last withdrawn first.
    Index(
        fields=["status", "-withdrawn_at", "-id", "published_at", "embargo_until"],
        name="article_last_withdrawn",
    ),
]

# The desk's list (articles/admin/article_list.py): newest changed first, and counted.
DESK = [
    Index(fields=["-updated_at", "-id"], name="article_last_changed"),
    # In a state. The last two fields tell what is scheduled, or under embargo, from the rest.
    Index(
        fields=["status", "-updated_at", "-id", "published_at", "embargo_until"],
        name="article_changed_in_state",
    ),
    Index(fields=["section", "-updated_at", "-id"], name="article_changed_in_section"),
    # What somebody has begun.
    Index(fields=["begun_by", "-updated_at", "-id"], name="article_changed_begun_by"),
    Index(
        fields=["embargo_until"],
        condition=Q(embargo_until__isnull=False),
        name="article_under_embargo",
    ),
    # Search by parts of words reads all of this index on SQLite, a tenth of what the rows are.
    Index(fields=["headline", "standfirst", "slug"], name="article_words"),
]

# Article.modified_at, in the database.
MODIFIED_AT = Greatest(
    "published_at", Coalesce("changed_at", "published_at"), output_field=DateTimeField()
)


def sitemap_page_of(key: Any) -> Func:
    """The number of the sitemap on which the piece with this key stands, from 0 on. The pieces of
    a page are written into the expression, so that databases take the index of it."""
    return Func(key, template=f"%(expressions)s / {SITEMAP_PIECES}", output_field=BigIntegerField())


# The sitemaps: all that they ask of a piece, so that no row is read, which holds a whole text. So
# are pieces looked up whose keys are known, to see whether and when they were published.
IN_SITEMAPS = "article_in_sitemaps"
SITEMAPS = [
    Index(
        fields=[
            *("status", "id", "published_at", "changed_at", "embargo_until", "slug"),
            *("indexing", "source", "source_url"),
        ],
        name=IN_SITEMAPS,
    ),
    # The index of the sitemaps: the newest of each.
    Index(sitemap_page_of(F("id")), "status", MODIFIED_AT.desc(), name="article_newest_in_sitemap"),
]

INDEXES = NEWEST + GONE + DESK + SITEMAPS
