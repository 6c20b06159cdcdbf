"""Measures how long it takes to decide on many replies at once, and to take that back.

    python -m bench.batches --batch 10000 --replies 1000000

makes the replies in a state directory of its own (SQLite, unless DATABASE_URL names another
database), decides on the oldest that wait as the worker does, takes that back, and prints how
long each took, and for how long the bar stood still at the most. The next run finds the replies
there. It fails where deciding takes longer than ALLOWED, or the bar stands still for MOVES.
"""

import argparse
import sys
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest.mock import patch

from bench.set_up import begin, say

if TYPE_CHECKING:
    from comments.models import Batch

ALLOWED = 20.0  # seconds, for 10,000
MOVES = 2.0  # seconds


class Took(NamedTuple):
    seconds: float
    stood_still: float


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--batch", type=int, default=10_000)
    parser.add_argument("--replies", type=int, default=1_000_000, help="in all")
    parser.add_argument("--waiting", type=int, default=100_000)
    given = begin(parser, state="newsroom-bench-batches")
    from bench import queue_replies  # noqa: PLC0415  (the models need the settings)

    queue_replies.fill(given.replies, given.waiting, say)
    took = [measure(state, given.batch) for state in ("approved", "rejected", "spam")]
    allowed = ALLOWED * max(given.batch, 1000) / 10_000
    return int(any(each.seconds > allowed or each.stood_still > MOVES for each in took))


def measure(state: str, number: int) -> Took:
    from bench.queue_replies import moderator  # noqa: PLC0415
    from comments.models import Batch, Comment  # noqa: PLC0415
    from comments.models.decision import Status  # noqa: PLC0415

    by, begun = moderator(), perf_counter()
    last = Comment.objects.held().order_by("pk").values_list("pk", flat=True)[number - 1]
    batch = Batch.objects.begin(
        Comment.objects.held().filter(pk__lte=last), Status(state), by=by, reason="So it is."
    )
    confirmed = perf_counter() - begun
    took = work(batch)
    assert batch.decided == number == batch.decisions.count(), (batch.decided, batch.skipped)
    print(f"{state:10}{number:>9,} confirmed in {confirmed:.2f} s, decided {_said(took)}")
    batch.undo(by=by)
    back = work(batch)
    assert batch.undone == number, (batch.undone, batch.kept)
    print(f"{'':10}{number:>9,} taken back {_said(back)}", flush=True)
    return took


def work(batch: "Batch") -> Took:
    from comments import batches  # noqa: PLC0415
    from comments.models import Batch  # noqa: PLC0415

    moments, move = [perf_counter()], Batch.move

    def noted(self: Batch, **counts: Any) -> None:
        move(self, **counts)
        moments.append(perf_counter())

    with patch.object(Batch, "move", noted):
        batches.work(batch.pk)
    batch.refresh_from_db()
    still = [later - one for one, later in zip(moments, moments[1:], strict=False)]
    return Took(moments[-1] - moments[0], max(still))


def _said(took: Took) -> str:
    return f"in {took.seconds:.1f} s, the bar stood still for {took.stood_still:.2f} s at the most"


if __name__ == "__main__":
    sys.exit(main())
