"""Makes a newspaper, once: everything, in order."""

import json
from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from articles.models import Article, FrontPlace, Source, Topic
from bench import archive
from bench.newspaper import pictures, pieces, replies
from bench.newspaper.bulk import count_on, in_a_hurry, know_sizes, without_indexes
from bench.newspaper.pieces import Desk, Plan
from bench.newspaper.reads import HOURS, make_reads
from bench.newspaper.words import Words
from bench.progress import Progress
from comments import figures
from comments.models import Commenter, DayFigure
from newsroom.models import SiteSettings

SEED = 1
TOPICS = 400
SIZES = {"1k": 1000, "10k": 10_000, "50k": 50_000, "100k": 100_000, "1m": 1_000_000}
READ_AN_HOUR = 300  # different pieces
FIGURES_OF = 30  # days
MARK = "newspaper.json"


class HalfMade(Exception):
    """Something is there, and it is no whole newspaper of this size."""


def make(
    of: int,
    *,
    part_of_words: float = 1,
    shapes: tuple[int, ...] = pieces.SHAPES,
    images: bool = True,
) -> None:
    """Of so many pieces, ten times as many replies, and those of the `shapes`. Raises HalfMade."""
    mark = settings.STATE.root / MARK
    whole = {"pieces": of, "replies": 10 * of, "shapes": list(shapes), "seed": SEED}
    if mark.exists() and json.loads(mark.read_text()) == whole:
        return
    if mark.exists() or Article.objects.exists():
        raise HalfMade(f"{settings.STATE.root} holds other pieces; begin with an empty directory")
    now = timezone.now().replace(microsecond=0)
    desk = make_desk(part_of_words, images=images)
    with in_a_hurry():
        _write(Plan(of, 10 * of, now, shapes), desk)
    make_front(desk.staff[0])
    public = Article.objects.published().values_list("pk", flat=True)
    newest = list(public[: READ_AN_HOUR + HOURS * pieces.A_DAY // 24])
    make_reads(newest, an_hour=READ_AN_HOUR, a_day=pieces.A_DAY)
    count_days()
    # Pictures to share would be made of each piece, for hours.
    DBTaskResult.objects.all().delete()
    know_sizes()
    mark.write_text(json.dumps(whole))


def make_desk(part_of_words: float, *, images: bool) -> Desk:
    staff = archive.make_staff()
    moderator, _ = User.objects.get_or_create(username="moderator-0", is_staff=True)
    moderator.groups.add(Group.objects.get(name="Moderators"))
    with transaction.atomic():
        return Desk(
            Words(SEED, part=part_of_words),
            staff,
            archive.make_sections(),
            [
                Source.objects.create(slug=f"agency-{n}", name=f"Agency {n}")
                for n in range(archive.SOURCES)
            ],
            archive.make_authors(),
            [Topic.objects.create(slug=f"topic-{n}", name=f"Topic {n}") for n in range(TOPICS)],
            pictures.make(staff[0]) if images else [],
        )


def _write(plan: Plan, desk: Desk) -> None:
    """Each chunk of pieces with its replies, so that no more than that is ever in memory."""
    senders = replies.Senders(plan.replies + sum(plan.shapes), 10 * pieces.A_DAY)
    senders.make(plan.now)
    moderator = User.objects.get(username="moderator-0")
    of_pieces = pieces.Tables(plan.now)
    of_replies = replies.Tables(plan.now, senders, desk.words, moderator)
    models = *pieces.Tables.MODELS, *replies.Tables.MODELS
    with without_indexes("indexes", *models):
        progress, done = Progress("pieces", plan.total), 0
        for chunk in plan.all(desk):
            under = of_replies.under(chunk)
            of_pieces.write(chunk, desk)
            of_replies.write(under)
            done += len(chunk)
            progress.at(done)
    count_on(*pieces.Tables.MODELS[:-1], *replies.Tables.MODELS, Commenter)


def make_front(by: User) -> None:
    """Editors gave three places to pieces of last week."""
    newest = Article.objects.published().values_list("pk", flat=True)[20:500:160]
    FrontPlace.objects.bulk_create(
        FrontPlace(article_id=pk, position=place, by=by) for place, pk in enumerate(newest)
    )


def count_days() -> None:
    """The last days, so that the worker does not begin with those of many years."""
    there, today = figures.zone(), figures.today()
    progress = Progress("figures of days", FIGURES_OF)
    for number in range(FIGURES_OF):
        day = today - timedelta(days=FIGURES_OF - 1 - number)
        DayFigure.objects.keep(day, figures.count(day, there))
        progress.at(number + 1)
    SiteSettings.objects.filter(pk=1).update(name="Bench")
    figures.keep_usual_wait()
