"""An archive as large as one likes: pieces with texts, bylines, topics and a version each."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import accumulate, islice, product

from django.contrib.auth.models import Group, User
from django.db import connection
from django.db.models import F
from django.utils import timezone

from articles.body_html import clean
from articles.models import Article, Author, Byline, Revision, Section, Source, Topic
from newsroom.models import SiteSettings

SECTIONS, BLOCKS, AUTHORS, SOURCES, TOPICS, STAFF = 20, 8, 300, 5, 400, 12
TEXTS, WORDS = 64, 420
CHUNK = 2000
# Three thousand words, the common ones as common as in any language (Zipf).
SYLLABLES = ["ha", "bor", "ka", "lin", "sto", "ver", "mi", "tra", "den", "pul", "or", "esk", "nu"]
VOCABULARY = ["".join(word) for word in product(SYLLABLES, repeat=3)] + [
    "".join(word) for word in islice(product(SYLLABLES, repeat=4), 803)
]
COMMONNESS = list(accumulate(1 / rank for rank in range(1, len(VOCABULARY) + 1)))
# Of a hundred pieces.
STATES = ["draft"] * 3 + ["in_review"] + ["withdrawn"] * 3 + ["scheduled"] + ["published"] * 92


def fill(pieces: int, say: Callable[[str], None]) -> None:
    """Make the archive `pieces` long; what is there already stays."""
    chance = random.Random(Article.objects.count())
    staff = make_staff()
    sections, authors = make_sections(), make_authors()
    topics = [
        Topic.objects.get_or_create(slug=f"topic-{n}", defaults={"name": f"Topic {n}"})[0]
        for n in range(TOPICS)
    ]
    sources = [
        Source.objects.get_or_create(slug=f"agency-{n}", defaults={"name": f"Agency {n}"})[0]
        for n in range(SOURCES)
    ]
    texts = [text(chance) for _ in range(TEXTS)]
    begin = Article.objects.count()
    for first in range(begin, pieces, CHUNK):
        numbers = range(first, min(first + CHUNK, pieces))
        made = Article.objects.bulk_create(
            piece(number, chance, sections, sources, staff) for number in numbers
        )
        add_what_belongs_to(made, chance, authors, topics, staff, texts)
        say(f"{numbers[-1] + 1:,} pieces")
    if begin < pieces:
        # A list is ordered by the last change, and none was made at the moment of this run.
        Article.objects.update(updated_at=F("created_at"))
        if connection.vendor == "sqlite":
            with connection.cursor() as cursor:
                cursor.execute("VACUUM")


def make_staff() -> list[User]:
    staff = []
    for number in range(STAFF):
        user, _ = User.objects.get_or_create(username=f"editor-{number}", is_staff=True)
        user.groups.add(Group.objects.get(name="Editors"))
        staff.append(user)
    SiteSettings.objects.get_or_create(pk=1, defaults={"name": "Bench"})
    return staff


def make_sections() -> list[Section]:
    return [
        Section.objects.get_or_create(
            slug=f"section-{n}",
            defaults={"name": f"Section {n}", "position": n, "is_on_front": n < BLOCKS},
        )[0]
        for n in range(SECTIONS)
    ]


def make_authors() -> list[Author]:
    return [
        Author.objects.get_or_create(slug=f"author-{n}", defaults={"name": f"Author {n}"})[0]
        for n in range(AUTHORS)
    ]


def words(chance: random.Random, number: int) -> str:
    return " ".join(chance.choices(VOCABULARY, cum_weights=COMMONNESS, k=number))


def text(chance: random.Random) -> str:
    return clean("".join(f"<p>{words(chance, 60).capitalize()}.</p>" for _ in range(WORDS // 60)))


def piece(
    number: int,
    chance: random.Random,
    sections: list[Section],
    sources: list[Source],
    staff: list[User],
) -> Article:
    state = chance.choice(STATES)
    moment = _moment(number, state)
    return Article(
        headline=f"{words(chance, 6).capitalize()} {number}",
        slug=f"piece-{number}",
        standfirst=f"{words(chance, 20).capitalize()}.",
        section=chance.choice(sections),
        source=chance.choice([None, *sources]),
        status="published" if state == "scheduled" else state,
        published_at=moment if state not in {"draft", "in_review"} else None,
        begun_by=chance.choice(staff),
        version=1,
    )


def _moment(number: int, state: str) -> datetime:
    """The archive is ten years of 27 pieces a day; the higher the number, the newer."""
    if state == "scheduled":
        return timezone.now() + timedelta(minutes=number % 5000 + 60)
    return timezone.now() - timedelta(minutes=(200_000 - number) * 53)


def add_what_belongs_to(
    made: list[Article],
    chance: random.Random,
    authors: list[Author],
    topics: list[Topic],
    staff: list[User],
    texts: list[str],
) -> None:
    """The texts are cleaned already, and so are written as they are."""
    for number, body in enumerate(texts):
        of_text = [each.pk for each in made[number::TEXTS]]
        Article.objects.filter(pk__in=of_text).update(body=body, body_html=body)
    now = timezone.now()
    for each in made:
        each.created_at = each.published_at if each.is_public and each.published_at else now
    Article.objects.bulk_update(made, ["created_at"], batch_size=500)
    Byline.objects.bulk_create(
        Byline(article=each, author=author, position=position)
        for each in made
        for position, author in enumerate(chance.sample(authors, chance.choice([1, 1, 2])))
    )
    has_topic = Article.topics.through
    has_topic.objects.bulk_create(
        has_topic(article_id=each.pk, topic_id=topic.pk)
        for each in made
        for topic in chance.sample(topics, 2)
    )
    Revision.objects.bulk_create(
        Revision(
            article=each,
            number=1,
            content={"headline": each.headline, "body": texts[index % TEXTS]},
            status=each.status,
            published_at=each.published_at,
            by=chance.choice(staff),
            at=each.created_at,
        )
        for index, each in enumerate(made)
    )
