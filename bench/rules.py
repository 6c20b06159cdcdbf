"""Measures the rules that read a reply's text and name, with lists as long as they get.

    python -m bench.rules --entries 65000

prints how long such a list takes to be made (once in a process) and how much memory, and how long
all the rules together take of a processor for one reply that was not read before: an ordinary one,
a long one, and texts of 5,000 characters that were made to be slow.
"""

import argparse
import os
import random
import sys
import tempfile
import unicodedata
from collections.abc import Callable
from resource import RUSAGE_SELF, getrusage
from statistics import median
from time import process_time, thread_time

import django

LETTERS = "abcdefghijklmnoprstuvwy"
ALLOWED_MS = 50
WORDS = 3000  # of those that replies are made of


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--entries", type=int, default=65_000, help="of the list of banned words")
    parser.add_argument("--times", type=int, default=20, help="how often each text is read")
    options = parser.parse_args()
    os.environ.setdefault("NEWSROOM_STATE", f"{tempfile.gettempdir()}/newsroom-bench-rules")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    django.setup()
    from comments.models import Policy  # noqa: PLC0415  (the models need the settings)
    from comments.moderation.word_list import word_list  # noqa: PLC0415

    chance = random.Random(1)
    banned = "\n".join(entries(chance, options.entries))
    watched = "\n".join(["*foo*", "f*ck", "casino*", "a b c", "🍆", "セックス", "сука", "死ね"])
    memory, start = getrusage(RUSAGE_SELF).ru_maxrss, process_time()
    word_list(banned)
    took, memory = process_time() - start, getrusage(RUSAGE_SELF).ru_maxrss - memory
    print(f"a list of {options.entries:,} entries: {took:.2f} s once, {memory / 1024:.0f} MB")

    policy = Policy(
        banned_words=banned,
        watched_words=watched,
        blocked_domains="\n".join(f"{word}.com" for word in entries(chance, 20_000)),
        reserved_names="\n".join(f"Reserved {number}" for number in range(200)),
    )
    known = entries(chance, WORDS)
    earlier = tuple(sentence(chance, known, chance.randint(5, 150)) for _ in range(200))
    print(f"{'':34}{'median':>10}{'slowest':>10}   slowest rule")
    measure(policy, earlier, known[0])  # makes the other lists
    worst = 0.0
    for what, make in texts(chance, known).items():
        figures = [measure(policy, earlier, make()) for _ in range(options.times)]
        totals = [sum(figure.values()) * 1000 for figure in figures]
        rule = max(figures[0], key=lambda name: figures[0][name])
        print(f"{what:34}{median(totals):>7.1f} ms{max(totals):>7.1f} ms   {rule}")
        worst = max(worst, median(totals))
    return int(worst > ALLOWED_MS)


def entries(chance: random.Random, count: int) -> list[str]:
    return ["".join(chance.choices(LETTERS, k=chance.randint(4, 18))) for _ in range(count)]


def sentence(chance: random.Random, known: list[str], words: int) -> str:
    return " ".join(chance.choices(known, k=words))


def texts(chance: random.Random, known: list[str]) -> dict[str, Callable[[], str]]:
    """What is read, by its name; each time another text, since what was read is remembered."""
    hostile = {
        "one word": "x",
        "single letters with dots": "v.i.a.g.r.",
        "single letters with spaces": "a b c ",
        "letters of two alphabets": "vі1gа ",
        "Cyrillic look-alikes": "сохра",
        "at signs": "x@",
        "addresses spelt": "name at example dot ",
        "digits and hyphens": "12-",
        "opening tags": "<a href=",
        "addresses": "https://x.example/ ",
        "Japanese": "日本語テキスト",
        "ligatures of 18 letters": "ﷺ",
        "marks": "a\u0301\u200b",
    }
    return {
        "60 words": lambda: sentence(chance, known, 60),
        "5,000 characters of words": lambda: sentence(chance, known, 2000)[:5000],
    } | {
        f"hostile: {what}": lambda piece=piece: f"{chance.random()} {piece * 5000}"[:5000]
        for what, piece in hostile.items()
    }


def measure(policy: object, earlier: tuple[str, ...], text: str) -> dict[str, float]:
    """Seconds of the processor by rule, of those that read the text or the name."""
    from comments.moderation import rules  # noqa: PLC0415
    from comments.moderation.findings import Submission  # noqa: PLC0415

    submission = Submission(
        policy=policy,  # type: ignore[arg-type]
        text=text,
        readable=text,
        html=text,
        name=unicodedata.normalize("NFKC", text[:80])[:80],
        website="https://example.org/",
        recent_texts=earlier,
        staff_names=tuple(f"Author {number}" for number in range(100)),
    )
    took = {}
    for rule in rules.RULES:
        if rule.__module__ != rules.__name__:
            start = thread_time()
            rule(submission)
            took[rule.__name__] = thread_time() - start
    return took


if __name__ == "__main__":
    sys.exit(main())
