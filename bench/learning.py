"""Measures learning from the moderators' decisions, and reading what waits.

    python -m bench.learning --decisions 100000 --waiting 10000

makes a newsroom of its own with so many decided replies of 20 to 150 words, of which some words
are commoner in what is let out, rejected or spam, and a tenth is decided by chance; prints how long
it takes to learn from them (seconds of a processor) and how much memory, how large the result is,
how far it is right about the newest fifth, and how many waiting replies it reads in a second.
"""

import argparse
import random
import sys
from datetime import timedelta
from itertools import batched
from resource import RUSAGE_SELF, getrusage
from time import process_time

from bench.set_up import begin, say

WORDS = 20_000
OWN = 400  # words of each kind
ROWS = 5000
STATES = ("approved",) * 7 + ("rejected", "rejected", "spam")


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--decisions", type=int, default=100_000)
    parser.add_argument("--waiting", type=int, default=10_000)
    options = begin(parser, state="newsroom-bench-learning")
    make(options.decisions, options.waiting)
    before = memory()
    from comments.learning import predicting, training  # noqa: PLC0415
    from comments.learning.record import Record, Side  # noqa: PLC0415
    from comments.models import LearnedModel, Prediction  # noqa: PLC0415

    print(f"{'loading what it needs':32}{memory() - before:>8.0f} MB")
    LearnedModel.objects.all().delete()
    before, start = memory(), process_time()
    material = training.gather()
    print(f"{'reading the decisions':32}{process_time() - start:>8.1f} s")
    del material
    start = process_time()
    model = training.learn()
    took = process_time() - start
    print(f"{'learning, reading included':32}{took:>8.1f} s{memory() - before:>8.0f} MB more")
    print(f"{'stored':32}{len(bytes(model.weights)) / 1e6:>8.1f} MB")
    record = Record.read(model)
    for side in Side:
        for threshold in (50, 80, 95, 99):
            point = record.at(side, threshold)
            precision = f"{point.precision:.1f} %" if point.precision is not None else "-"
            what = f"{side.value} from {threshold} %"
            print(f"{what:32}{precision:>8} right{point.coverage:>8.1f} % of all")
    predicting.LONGEST = 3600.0
    start = process_time()
    count = predicting.predict_waiting()
    took = process_time() - start
    print(f"{'reading what waits':32}{count / took:>8.0f} replies a second ({count} read)")
    return int(Prediction.objects.count() != count)


def memory() -> float:
    """The most that was taken so far, in MB."""
    return getrusage(RUSAGE_SELF).ru_maxrss / 1024


def make(decisions: int, waiting: int) -> None:
    """Replies and decisions, written without what follows from them elsewhere."""
    from django.contrib.auth.models import User  # noqa: PLC0415
    from django.db.models import QuerySet  # noqa: PLC0415
    from django.utils import timezone  # noqa: PLC0415

    from articles.tests.factories import make_article  # noqa: PLC0415
    from comments.models import Comment, Commenter, Decision  # noqa: PLC0415

    if Comment.objects.count() == decisions + waiting:
        return
    if Comment.objects.exists():
        raise SystemExit("This newsroom has other replies: name another with --state.")
    chance, now = random.Random(1), timezone.now()
    by = User.objects.create_user("moderator", is_staff=True)
    article = make_article()
    senders = Commenter.objects.bulk_create(
        Commenter(fingerprint=f"{number:064}", sealed_address=b"sealed") for number in range(5000)
    )
    for some in batched(range(decisions + waiting), ROWS):
        say(f"{some[0]:,} replies")
        replies = []
        for number in some:
            state = chance.choice(STATES)
            said = chance.choice(STATES) if chance.random() < 0.1 else state
            text = sentence(chance, said)
            came = now - timedelta(minutes=decisions + waiting - number)
            replies.append(
                Comment(
                    pk=number + 1,
                    article=article,
                    commenter=chance.choice(senders),
                    name="Reader",
                    body=text,
                    body_html=f"<p>{text}</p>",
                    status=state if number < decisions else "held",
                    submitted_at=came,
                    text_digest=f"{number}",
                )
            )
        QuerySet[Comment](Comment).bulk_create(replies)
        Decision.objects.bulk_create(
            Decision(comment=each, by=by, from_status="held", to_status=each.status)
            for each in replies
            if each.status != "held"
        )


def sentence(chance: random.Random, state: str) -> str:
    own = {"approved": 0, "rejected": OWN, "spam": 2 * OWN}[state]
    words = (
        own + chance.randrange(OWN) if chance.random() < 0.1 else int(chance.random() ** 2 * WORDS)
        for _ in range(chance.randint(20, 150))
    )
    return " ".join(f"word{number}" for number in words)


if __name__ == "__main__":
    sys.exit(main())
