"""A demo newsroom with everything in it that its pages can show: for screenshots.

Run in a newsroom of its own: `manage.py shell -c "from bench.showcase import build; build()"`
prints the addresses of what it made, by name, as JSON.
"""

import io
import json
import random
import time
import tomllib
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from PIL import Image as Pillow
from PIL import ImageDraw, ImageFilter

from articles.models import Article, Author, Byline, Image, Section, Source, Topic
from articles.models.activity import Activity, Hour
from articles.picture_upload import take_in
from comments.models import Comment
from comments.posting import Draft

TEXTS = Path(__file__).with_name("showcase.toml")
PICTURE_SECONDS = 180
WIDTH, HEIGHT = 1500, 1000
# Of the sky above, the sky at the horizon, the hills, the water.
PALETTES = [
    ("#274b73", "#f2b880", "#22333f", "#3f6a86"),
    ("#8fb7cf", "#eef3f2", "#4d6a58", "#6f9bb0"),
    ("#40385f", "#e58f7b", "#2b2438", "#5b4a6d"),
    ("#5f8fa8", "#f6e6c4", "#6b5a45", "#88a9ad"),
    ("#1d2b3a", "#5e7f97", "#10181f", "#2c4559"),
]


def build() -> None:
    texts = tomllib.loads(TEXTS.read_text(encoding="utf-8"))
    editor = User.objects.get(username="editor")
    for position, name in enumerate(("Harbour", "Culture"), 10):
        Section.objects.create(
            name=name, slug=name.lower(), position=position, is_on_front=True,
            description=f"{name}: what happens, and what it means.",
        )  # fmt: skip
    now = timezone.now()
    made = [
        _piece(row, number, texts["paragraphs"], now, editor)
        for number, row in enumerate(texts["pieces"])
    ]
    ferry = _ferry(made[0], texts["ferry"]["body"], editor)
    arabic, japanese = (
        _foreign(row, number, now - timedelta(hours=number), editor)
        for number, row in enumerate(texts["foreign"], 5)
    )
    _reply_to(ferry, texts["replies"])
    _read([japanese, *made], now)
    withdrawn = made[-1]
    withdrawn.withdraw(by=editor, reason="The figures in it were those of another harbour.")
    _wait_for_pictures()
    print(
        json.dumps(
            {
                "article": ferry.get_absolute_url(),
                "changes": f"{ferry.get_absolute_url()}changes/",
                "arabic": arabic.get_absolute_url(),
                "japanese": japanese.get_absolute_url(),
                "withdrawn": withdrawn.get_absolute_url(),
            }
        )
    )


def _piece(
    row: dict[str, Any], number: int, paragraphs: list[str], now: datetime, by: User
) -> Article:
    chance = random.Random(number)
    piece = Article.objects.create(
        headline=row["headline"],
        slug=row["slug"],
        standfirst=row["standfirst"],
        body="".join(f"<p>{each}</p>" for each in chance.sample(paragraphs, 5)),
        section=Section.objects.get(slug=row["section"]),
        source=Source.objects.filter(slug=row.get("source")).first(),
        language="en",
        begun_by=by,
    )
    for name in row["topics"]:
        topic, _ = Topic.objects.get_or_create(name=name, defaults={"slug": name.lower()})
        piece.topics.add(topic)
    if not piece.source:
        author = Author.objects.get(slug=chance.choice(["maud-ellery", "tobias-renn"]))
        Byline.objects.create(article=piece, author=author)
    if "has_picture" in row:
        _illustrate(piece, number, by)
    piece.record(by=by)
    piece.publish(by=by, at=now - timedelta(hours=2 + 5 * number, minutes=7 * number))
    return piece


def _ferry(piece: Article, body: str, by: User) -> Article:
    """The piece that has everything, changed and corrected after it was published."""
    inside = picture(11, "The new wheelhouse", by)
    piece.dateline = "KIRKHAVEN"
    piece.body = body.format(picture=inside.src)
    piece.save()
    piece.record(by=by)
    piece.standfirst = "After a winter ashore she has new engines, a crew of eleven and a bell."
    piece.save()
    piece.record(by=by)
    piece.correct(
        by=by,
        kind="correction",
        text="An earlier version said the first crossing leaves on Tuesday. It leaves on Monday.",
    )
    piece.correct(by=by, kind="update", text="The council has put its report on its own site.")
    return piece


def _foreign(row: dict[str, Any], number: int, moment: datetime, by: User) -> Article:
    world = Section.objects.get(slug="world")
    piece = Article.objects.create(section=world, begun_by=by, **row)
    _illustrate(piece, number, by)
    piece.record(by=by)
    piece.publish(by=by, at=moment)
    return piece


def _illustrate(piece: Article, number: int, by: User) -> None:
    piece.lead_image = picture(number, piece.slug, by)
    piece.lead_alt = "Hills behind calm water"
    piece.lead_caption = "The bay at first light, seen from the old customs quay."
    piece.lead_credit = "Photograph: Ines Oda"
    piece.save()


def _reply_to(piece: Article, rows: list[dict[str, str]]) -> None:
    moderator = User.objects.get(username="moderator")
    made: dict[str, Comment] = {}
    for number, row in enumerate(rows):
        draft = Draft(
            article=piece,
            name=row["name"],
            email=f"reader-{number}@reader.example",
            website=row.get("website", ""),
            text=row["text"],
            parent=made.get(row.get("answers", "")),
            seconds_taken=60,
        )
        made[row["name"]] = Comment.objects.submit(draft).comment
        made[row["name"]].approve(by=moderator)


def _read(pieces: list[Article], now: datetime) -> None:
    chance = random.Random(1)
    Activity.objects.add_reads({Hour.of(each.pk, now): chance.randint(3, 900) for each in pieces})


# --- Pictures ---------------------------------------------------------------------------------


def _wait_for_pictures() -> None:
    """Until the worker has made all their sizes."""
    deadline = time.monotonic() + PICTURE_SECONDS
    while any(image.is_being_made for image in Image.objects.all()):
        if time.monotonic() > deadline:
            raise TimeoutError("The pictures were not made; is the worker running?")
        time.sleep(0.5)


def picture(number: int, name: str, by: User) -> Image:
    stream = io.BytesIO()
    landscape(number).save(stream, "JPEG", quality=88)
    return take_in(SimpleUploadedFile(f"{name}.jpg", stream.getvalue(), "image/jpeg"), by=by)[0]


def landscape(number: int) -> Pillow.Image:
    """Hills behind water, under a sky: another one for each number."""
    chance = random.Random(number)
    above, horizon, hill, water = PALETTES[number % len(PALETTES)]
    picture = _gradient(above, horizon)
    shore = int(HEIGHT * chance.uniform(0.58, 0.7))
    sun = chance.randint(200, WIDTH - 200), shore - chance.randint(120, 330)
    draw = ImageDraw.Draw(picture)
    draw.ellipse([sun[0] - 55, sun[1] - 55, sun[0] + 55, sun[1] + 55], fill="#fff4dc")
    picture = picture.filter(ImageFilter.GaussianBlur(6))
    draw = ImageDraw.Draw(picture)
    for layer in range(4):
        shade = Pillow.blend(
            Pillow.new("RGB", (1, 1), horizon), Pillow.new("RGB", (1, 1), hill), 0.3 + 0.22 * layer
        ).getpixel((0, 0))
        draw.polygon(_ridge(chance, shore, 210 - 50 * layer), fill=shade)
    draw.rectangle([0, shore, WIDTH, HEIGHT], fill=water)
    for _ in range(420):
        row = chance.randint(shore + 3, HEIGHT)
        reach = 6 + (row - shore) // 5
        left = chance.gauss(sun[0], WIDTH / 3)
        draw.line([left, row, left + reach, row], fill=horizon, width=1 + (row - shore) // 140)
    return picture.filter(ImageFilter.GaussianBlur(0.8))


def _gradient(above: str, below: str) -> Pillow.Image:
    mask = Pillow.linear_gradient("L").resize((WIDTH, HEIGHT))
    size = (WIDTH, HEIGHT)
    return Pillow.composite(Pillow.new("RGB", size, below), Pillow.new("RGB", size, above), mask)


def _ridge(chance: random.Random, shore: int, height: int) -> list[tuple[int, int]]:
    points, level = [(0, shore)], height * chance.uniform(0.4, 0.9)
    for x in range(0, WIDTH + 1, 30):
        level = min(max(level + chance.gauss(0, height / 9), height * 0.12), height)
        points.append((x, int(shore - level)))
    return [*points, (WIDTH, shore)]
