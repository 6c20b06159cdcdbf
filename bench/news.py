"""Pieces with texts of their own, in English and Japanese, for what reads words."""

import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import accumulate, product

from django.db import connection
from django.utils import timezone

from articles.models import Article, Byline, Source, Topic
from bench.archive import SYLLABLES, make_authors, make_sections, make_staff

CHUNK = 1000
WORDS, SIGNS = 350, 900  # of a text in English, in Japanese
JAPANESE = 10  # one of so many pieces
YEARS = 10
# fmt: off
COMMON = [
    "the", "of", "and", "to", "in", "a", "said", "that", "for", "on", "is", "was", "with", "as",
    "by", "at", "from", "it", "has", "its", "he", "have", "be", "but", "an", "not", "who",
    "they", "their", "government", "people", "year", "new", "after", "one", "would", "more",
    "two", "will", "which", "police", "city", "first", "minister", "country", "last",
    "president", "report", "market", "plan", "company", "court", "week", "trade", "water",
    "school", "strike", "ferry", "election", "council", "budget", "storm", "river", "harbour",
    "union", "hospital", "railway",
]
# fmt: on
ENDINGS = ["", "", "", "s", "ed", "ing", "er", "ation", "ly", "ment"]
# fmt: off
JAPANESE_COMMON = [
    "東京", "政府", "発表", "会議", "経済", "日本", "大阪", "京都", "選挙",
    "地震", "首相", "電車", "学校", "市場", "調査", "問題", "社会", "企業",
]
# fmt: on
# fmt: off
PARTICLES = [
    "は", "が", "を", "に", "で", "と", "の", "から", "まで", "より", "では", "には", "も", "や",
]
# fmt: on


def vocabulary(chance: random.Random) -> list[str]:
    """Thirty thousand words, the commonest first, the others in the forms that English has."""
    stems = ["".join(word) for size in (2, 3, 4) for word in product(SYLLABLES, repeat=size)]
    chance.shuffle(stems)
    return COMMON + [stem + chance.choice(ENDINGS) for stem in stems][: 30_000 - len(COMMON)]


class Writer:
    """The words are always the same, what is written with them depends on the seed."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(0)
        self.words = vocabulary(self.chance)
        self.weights = list(accumulate(1 / rank for rank in range(1, len(self.words) + 1)))
        signs = [chr(code) for code in range(0x4E00, 0x4E00 + 1500)]
        self.chance.shuffle(signs)
        pairs = [self.chance.choice(signs) + self.chance.choice(signs) for _ in range(8000)]
        self.japanese = JAPANESE_COMMON + pairs
        self.japanese_weights = list(accumulate(1 / n for n in range(1, len(self.japanese) + 1)))
        self.chance.seed(seed)

    def english(self, number: int) -> str:
        words = self.chance.choices(self.words, cum_weights=self.weights, k=number)
        return " ".join(words).capitalize()

    def in_japanese(self, signs: int) -> str:
        words = self.chance.choices(
            self.japanese, cum_weights=self.japanese_weights, k=max(1, signs // 3)
        )
        return "".join(word + self.chance.choice(PARTICLES) for word in words) + "。"

    def body(self, is_japanese: bool) -> str:
        if is_japanese:
            return "".join(f"<p>{self.in_japanese(SIGNS // 6)}</p>" for _ in range(6))
        return "".join(f"<p>{self.english(WORDS // 6)}.</p>" for _ in range(6))


def fill(pieces: int, say: Callable[[str], None]) -> None:
    """Make it so many published pieces; those that are there stay."""
    begin = Article.objects.count()
    if begin >= pieces:
        return
    writer = Writer(begin)
    make_staff()
    sections, authors = make_sections(), make_authors()
    topics = [
        Topic.objects.get_or_create(slug=f"topic-{n}", defaults={"name": f"Topic {n}"})[0]
        for n in range(200)
    ]
    sources = [
        Source.objects.get_or_create(slug=f"agency-{n}", defaults={"name": f"Agency {n}"})[0]
        for n in range(5)
    ]
    for first in range(begin, pieces, CHUNK):
        numbers = range(first, min(first + CHUNK, pieces))
        made = Article.objects.bulk_create(_pieces(numbers, pieces, writer, sections, sources))
        _write_bodies(made, writer)
        Byline.objects.bulk_create(
            Byline(article=each, author=writer.chance.choice(authors)) for each in made
        )
        has_topic = Article.topics.through
        has_topic.objects.bulk_create(
            has_topic(article_id=each.pk, topic_id=topic.pk)
            for each in made
            for topic in writer.chance.sample(topics, 2)
        )
        if not (numbers[-1] + 1) % 10_000:
            say(f"{numbers[-1] + 1:,} pieces written")


def _pieces(
    numbers: range, of: int, writer: Writer, sections: list, sources: list
) -> Iterator[Article]:
    step = timedelta(days=365 * YEARS) / of
    for number in numbers:
        is_japanese = number % JAPANESE == 0
        yield Article(
            headline=writer.in_japanese(20) if is_japanese else writer.english(8)[:160],
            slug=f"news-{number}",
            standfirst=writer.in_japanese(60) if is_japanese else writer.english(22)[:400],
            language="ja" if is_japanese else "en",
            section=writer.chance.choice(sections),
            source=writer.chance.choice([None, *sources]),
            status=Article.Status.PUBLISHED,
            published_at=timezone.now() - step * (of - number),
            version=1,
        )


def _write_bodies(made: list[Article], writer: Writer) -> None:
    """They are clean; to clean fifty thousand would take longer than all the rest."""
    table = Article._meta.db_table
    rows = [(body, body, each.pk) for each in made if (body := writer.body(each.language == "ja"))]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {table} SET body = %s, body_html = %s WHERE id = %s", rows)
