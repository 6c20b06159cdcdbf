"""What readers see change when something about replies is written: no other page is drawn anew.

Whatever is written outside of these changes all pages that read it. So nothing can be forgotten;
what is said here makes it finer, and must be true.
"""

from collections.abc import Iterable
from contextlib import AbstractContextManager

from django.apps import apps

from newsroom.page_store import changes_only, kind, never_shown, shows

REPLIES = "replies"
# Of work behind the pages, and of readers one by one.
UNSEEN = (
    *("batch", "batchitem", "datarequest", "learnedmodel", "letter", "mail", "mailchoice"),
    *("opencard", "prediction", "sendersearch", "subscription", "usedwork"),
)


def tell_the_page_store() -> None:
    """`replies:12` are those that readers see under piece 12, and their number.

    Whoever reads replies without saying of which piece shows all of them. The number stands in the
    row of the piece: who shows it says so.
    """
    reply, piece = (
        apps.get_model(name)._meta.db_table for name in ("comments.Comment", "articles.Article")
    )
    kind(REPLIES, written={reply, piece}, read={reply})
    never_shown(*(apps.get_model("comments", name)._meta.db_table for name in UNSEEN))


def shows_replies_of(piece: int) -> None:
    """What is being drawn shows what is said under this piece, by its primary key."""
    shows(f"{REPLIES}:{piece}")


def changes_under(pieces: Iterable[int]) -> AbstractContextManager[None]:
    """Within it is written what readers see under these pieces, by their primary keys; under none:
    what nobody sees."""
    return changes_only(*(f"{REPLIES}:{piece}" for piece in sorted(set(pieces))))


def unseen() -> AbstractContextManager[None]:
    """Within it is written what no reader sees: not in a text, a number, or a rule of the site."""
    return changes_only()
