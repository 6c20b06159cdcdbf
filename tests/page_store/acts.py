"""What happens in a newsroom, one act after another, at random."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.utils import timezone

from articles.models import (
    Article,
    Author,
    Correction,
    FrontPlace,
    Section,
    Source,
    StandingPage,
    Topic,
)
from articles.models.front_place import ArrangementChanged, Given
from articles.tests import factories as pieces
from comments import batches, correcting, posting, reporting
from comments.models import Batch, Comment, Policy
from comments.models.batch import NothingToDecide
from comments.models.decision import Status
from comments.tests import factories as replies
from newsroom.models import MenuItem, SiteSettings
from newsroom.tests.factories import make_superuser

type Act = Callable[[random.Random], object]

MOST_PIECES, MOST_REPLIES = 14, 120
REFUSALS = (
    *(ValidationError, ObjectDoesNotExist, ArrangementChanged, NothingToDecide),
    *(posting.Refused, correcting.NotCorrected, reporting.NotReported),
)


class Nothing(Exception):
    """There is none of what the act is about."""


def act(name: str, rng: random.Random) -> bool:
    """False where the newsroom refused it."""
    try:
        ACTS[name](rng)
    except (*REFUSALS, Nothing):
        return False
    return True


def begin() -> None:
    """A small newsroom, in which acts often meet."""
    editor = make_superuser(username="editor")
    SiteSettings.objects.get_or_create(pk=1, defaults={"name": "The Paper"})
    sections = [pieces.make_section(name=f"Desk {number}") for number in range(2)]
    topics = [pieces.make_topic(f"Topic{number}") for number in range(2)]
    authors = [pieces.make_author(f"Author {number}", slug=f"a{number}") for number in range(2)]
    source = pieces.make_source("Wire")
    pieces.make_page("About us", slug="about-us")
    for number in range(6):
        pieces.make_article(
            by=editor,
            slug=f"p{number}",
            headline=f"Piece {number}",
            section=sections[number % 2],
            topics=topics[: number % 3],
            authors=authors[number % 2 :],
            source=source if number % 2 else None,
        )


def _one(rng: random.Random, rows: Any) -> Any:
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    if not keys:
        raise Nothing
    return rows.model.objects.get(pk=rng.choice(keys))


def _editor() -> User:
    return User.objects.get(username="editor")


def _words(rng: random.Random) -> str:
    return f"Words {rng.randrange(10_000)}"


def _soon(rng: random.Random) -> Any:
    return timezone.now() + timedelta(seconds=rng.choice([1, 60, 600, 3600, 86_400]))


# --- Pieces -----------------------------------------------------------------------------------


def write(rng: random.Random) -> None:
    if Article.objects.count() < MOST_PIECES:
        section, number = _one(rng, Section.objects.all()), Article.objects.count()
        pieces.make_draft(section=section, slug=f"p{number}-{rng.randrange(1000)}")


def publish(rng: random.Random) -> None:
    _one(rng, Article.objects.all()).publish(by=_editor())


def schedule(rng: random.Random) -> None:
    _one(rng, Article.objects.exclude(status="published")).schedule(by=_editor(), at=_soon(rng))


def embargo(rng: random.Random) -> None:
    piece = _one(rng, Article.objects.all())
    until = rng.choice([None, _soon(rng)])
    piece.embargo_until = until
    piece.full_clean()
    piece.save()


def edit(rng: random.Random) -> None:
    piece = _one(rng, Article.objects.all())
    field = rng.choice(["headline", "standfirst", "body", "desk_notes"])
    words = _words(rng)
    new = {field: f"<p>{words}</p>" if field == "body" else words}
    pieces.save_version(piece, by=_editor(), is_minor=rng.random() < 0.3, **new)


def move(rng: random.Random) -> None:
    piece = _one(rng, Article.objects.all())
    slug = f"p{rng.randrange(8)}"
    if not Article.objects.filter(slug=slug).exists():
        pieces.save_version(piece, by=_editor(), slug=slug)


def withdraw(rng: random.Random) -> None:
    _one(rng, Article.objects.all()).withdraw(by=_editor(), reason=_words(rng))


def bring_back(rng: random.Random) -> None:
    _one(rng, Article.objects.filter(status="withdrawn")).bring_back(by=_editor())


def correct(rng: random.Random) -> None:
    kind = rng.choice(Correction.Kind.values)
    _one(rng, Article.objects.all()).correct(by=_editor(), kind=kind, text=_words(rng))


def take_back_correction(rng: random.Random) -> None:
    _one(rng, Correction.objects.all()).take_back(by=_editor(), reason=_words(rng))


def change_section(rng: random.Random) -> None:
    piece, section = _one(rng, Article.objects.all()), _one(rng, Section.objects.all())
    piece.move_to(section, by=_editor())


def change_topics(rng: random.Random) -> None:
    piece, topics = _one(rng, Article.objects.all()), list(Topic.objects.order_by("pk"))
    piece.topics.set(rng.sample(topics, rng.randrange(len(topics) + 1)))


def close_piece(rng: random.Random) -> None:
    piece = _one(rng, Article.objects.all())
    piece.replies = rng.choice(["", "", "held", "closed"])
    piece.replies_close_at = rng.choice([None, _soon(rng)])
    piece.save()


def arrange(rng: random.Random) -> None:
    few = list(Article.objects.order_by("pk").values_list("pk", flat=True))[:8]
    chosen = rng.sample(few, min(len(few), rng.randrange(4)))
    until = rng.choice([None, _soon(rng)])
    wanted = [Given(None, position, key, until) for position, key in enumerate(chosen)]
    blocks = {row.pk for row in Section.objects.all() if rng.random() < 0.5}
    read = FrontPlace.objects.fingerprint()
    FrontPlace.objects.arrange(wanted, blocks=blocks, by=_editor(), read=read)


# --- What stands around them ------------------------------------------------------------------


def rename(rng: random.Random) -> None:
    row = _one(rng, rng.choice([Section, Topic, Author, Source])._default_manager.all())
    row.name = f"{type(row).__name__} {row.pk}, {rng.randrange(1000)}"
    row.save()


def change_page(rng: random.Random) -> None:
    row = _one(rng, StandingPage.objects.all())
    setattr(row, rng.choice(["title", "body"]), _words(rng))
    row.save()


def change_site(rng: random.Random) -> None:
    site = SiteSettings.objects.current()
    change = rng.choice(["name", "reply_order", "time_zone"])
    values = {
        "name": f"Paper {rng.randrange(100)}",
        "reply_order": rng.choice(["newest", "oldest"]),
        "time_zone": rng.choice(["UTC", "Asia/Tokyo", "America/New_York"]),
    }
    setattr(site, change, values[change])
    site.save()


def change_menu(rng: random.Random) -> None:
    if MenuItem.objects.count() > 2:
        MenuItem.objects.order_by("pk")[0].delete()
    else:
        site = SiteSettings.objects.current()
        MenuItem.objects.create(site=site, label=_words(rng), address="https://example.org/")


def change_policy(rng: random.Random) -> None:
    policy = Policy.objects.current()
    policy.replies = rng.choice(["open", "open", "held", "closed"])
    policy.close_after_days = rng.choice([0, 0, 1, 14])
    policy.proof_of_work = rng.choice(["never", "always", "attack"])
    policy.save()


# --- Replies ----------------------------------------------------------------------------------


def reply(rng: random.Random) -> None:
    if Comment.objects.count() >= MOST_REPLIES:
        raise Nothing
    piece = _one(rng, Article.objects.published())
    above = list(piece.comments.filter(status="approved").order_by("pk"))
    parent = rng.choice(above) if above and rng.random() < 0.6 else None
    comment = replies.make_comment(article=piece, parent=parent, text=_words(rng))
    if rng.random() < 0.6:
        comment.approve(by=_editor())


def _decide(name: str) -> Act:
    def decide(rng: random.Random) -> None:
        getattr(_one(rng, Comment.objects.all()), name)(by=_editor())

    return decide


def edit_reply(rng: random.Random) -> None:
    comment = _one(rng, Comment.objects.exclude(status="erased"))
    comment.edit(_words(rng), seen=comment.as_seen)


def correct_reply(rng: random.Random) -> None:
    comment = _one(rng, Comment.objects.filter(status="approved"))
    comment.correct(comment.body[: len(comment.body) // 2], by=_editor(), seen=comment.as_seen)


def take_back(rng: random.Random) -> None:
    _one(rng, Comment.objects.exclude(status="erased")).take_back()


def report(rng: random.Random) -> None:
    _one(rng, Comment.objects.filter(status="approved")).report(reason="other", words="Well.")


def erase(rng: random.Random) -> None:
    _one(rng, Comment.objects.all()).erase(by=_editor())


def batch(rng: random.Random) -> None:
    chosen = Comment.objects.filter(status=rng.choice(["held", "approved", "spam"]))
    to = rng.choice([Status.APPROVED, Status.REJECTED, Status.HELD, Status.SPAM])
    begun = Batch.objects.begin(chosen, to, by=_editor(), reason="So.")
    batches.work(begun.pk)


def undo_batch(rng: random.Random) -> None:
    begun = _one(rng, Batch.objects.all())
    if begun.undo(by=_editor()):
        batches.work(begun.pk)


ACTS: dict[str, Act] = {
    **{act.__name__: act for act in (write, publish, schedule, embargo, edit, move, withdraw)},
    **{act.__name__: act for act in (bring_back, correct, take_back_correction, change_section)},
    **{act.__name__: act for act in (change_topics, close_piece, arrange, rename, change_page)},
    **{act.__name__: act for act in (change_site, change_menu, change_policy, reply)},
    **{act.__name__: act for act in (edit_reply, correct_reply, take_back, report, erase)},
    **{act.__name__: act for act in (batch, undo_batch)},
    **{
        name: _decide(name)
        for name in ("approve", "reject", "mark_spam", "restore", "feature", "unfeature")
    },
}
# Those that fill the newsroom come more often than those that empty it.
OFTEN = ("publish", "bring_back", "edit", "reply", "reply", "approve", "approve", "schedule")
