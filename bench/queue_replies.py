"""A newsroom with as many replies as one likes, of which many wait for a moderator."""

import random
from collections.abc import Callable, Iterator
from datetime import timedelta
from hashlib import sha256

from django.contrib.auth.models import Group, User
from django.db import connection, models, transaction
from django.utils import timezone

from articles.models import Article
from bench import archive
from comments.models import Comment, Commenter, Decision, Finding, SecondLook
from comments.models.decision import Status

PIECES, REPLIES_A_SENDER = 2000, 15
DAYS, WAITING_DAYS = 700, 30
CHUNK = 5000
RULES = ("newcomer", "contact_details", "many_links", "shouting", "watched_words")
# Of what is decided, in a thousand.
STATES = [Status.REJECTED] * 40 + [Status.SPAM] * 30 + [Status.APPROVED] * 930


def fill(replies: int, waiting: int, say: Callable[[str], None]) -> None:
    """Make what is missing: what has come in last waits, the rest is decided."""
    moderator()
    begin = Comment.objects.count()
    if begin >= replies:
        return
    archive.fill(PIECES, say)
    chance = random.Random(11)
    pieces = list(Article.objects.published().order_by("pk").values_list("pk", flat=True))
    senders = make_senders(replies // REPLIES_A_SENDER)
    texts = [archive.words(chance, chance.randint(8, 90)) for _ in range(3000)]
    for first in range(begin, replies, CHUNK):
        numbers = range(first, min(first + CHUNK, replies))
        with transaction.atomic():
            made = list(
                comments(numbers, replies - waiting, replies, chance, pieces, senders, texts)
            )
            # Without the counting that replies of readers bring about, each time.
            models.QuerySet(Comment).bulk_create(made)
            Decision.objects.bulk_create(decisions(made, chance))
            held = [each for each in made if each.status == Status.HELD]
            Finding.objects.bulk_create(findings(held, chance))
        if numbers[-1] % 50_000 > 50_000 - CHUNK - 1:
            say(f"{numbers[-1] + 1:,} replies")
    SecondLook.objects.bulk_create(
        SecondLook(comment=each)
        for each in Comment.objects.filter(status=Status.REJECTED).order_by("-pk")[:300]
    )
    reported = Comment.objects.approved().order_by("-pk").values("pk")[:500]
    Comment.objects.filter(pk__in=list(reported.values_list("pk", flat=True))).update(
        reported_at=timezone.now()
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def moderator() -> User:
    user, _ = User.objects.get_or_create(username="moderator-0", is_staff=True)
    user.groups.add(Group.objects.get(name="Moderators"))
    return user


def make_senders(number: int) -> list[int]:
    begin = Commenter.objects.count()
    Commenter.objects.bulk_create(
        (
            Commenter(fingerprint=sha256(f"{each}".encode()).hexdigest(), sealed_address=b"sealed")
            for each in range(begin, number)
        ),
        batch_size=CHUNK,
    )
    return list(Commenter.objects.order_by("pk").values_list("pk", flat=True))


def comments(
    numbers: range,
    decided: int,
    total: int,
    chance: random.Random,
    pieces: list[int],
    senders: list[int],
    texts: list[str],
) -> Iterator[Comment]:
    now = timezone.now()
    for number in numbers:
        if number < decided:
            ago = timedelta(days=WAITING_DAYS + (DAYS - WAITING_DAYS) * (1 - number / decided))
        else:
            ago = timedelta(days=WAITING_DAYS) * ((total - number) / (total - decided))
        status = chance.choice(STATES) if number < decided else Status.HELD
        sender, text = int(chance.triangular(0, len(senders) - 1, 0)), chance.choice(texts)
        yield Comment(
            article_id=pieces[int(chance.triangular(0, len(pieces) - 1, len(pieces) - 1))],
            commenter_id=senders[sender],
            name=f"Reader {sender}" if chance.random() < 0.9 else f"R. {sender}",
            body=text,
            body_html=f"<p>{text}</p>",
            status=status,
            submitted_at=now - ago,
            approved_at=now - ago if status == Status.APPROVED else None,
            text_digest=sha256(f"{number}".encode()).hexdigest(),
            likely=chance.choice(["approve", "reject", "spam"]) if status == Status.HELD else "",
            sure=chance.randint(40, 100) if status == Status.HELD else 0,
        )


def decisions(made: list[Comment], chance: random.Random) -> Iterator[Decision]:
    by = moderator()
    for each in made:
        yield Decision(comment=each, rule="newcomer", to_status=Status.HELD)
        if each.status != Status.HELD:
            yield Decision(comment=each, by=by, from_status=Status.HELD, to_status=each.status)


def findings(held: list[Comment], chance: random.Random) -> Iterator[Finding]:
    for each in held:
        for rule in chance.sample(RULES, chance.choice([1, 1, 2])):
            yield Finding(
                comment=each, rule=rule, severity=2, reason=f"Found by {rule}.", start=3, end=12
            )
