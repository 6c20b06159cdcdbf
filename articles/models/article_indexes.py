"""The indexes of pieces, each with the queries it is for. `python -m bench.desk_list` measures."""

from django.db.models import Index, Q

NEWEST = [
    # published(): the front page and the feeds.
    Index(fields=["status", "-published_at", "-id"], name="article_newest"),
    # published() within a section: its page, its block on the front page.
    Index(fields=["section", "status", "-published_at", "-id"], name="article_newest_in_section"),
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

INDEXES = NEWEST + DESK
