"""Whatever happens in a newsroom, and in whichever order: readers get what stands there."""

import pytest

from tests.page_store.mistakes import MISTAKES
from tests.page_store.playing import NOON, Stale, acts_often, two_players
from tests.soak import SEED, size

pytestmark = [pytest.mark.sqlite_only, pytest.mark.soak]


def test_every_answer_is_what_a_drawing_from_scratch_gives(tmp_path):
    """Two processes act and read in turn; some of what they read while a commit is under way. Now
    and then one of them is killed before its commit, after it, or while it tells of it."""
    rounds, steps = size(1, 40), size(75, 830)
    with two_players(tmp_path / "state", SEED, acts=acts_often()) as play:
        for where in ("before", "after", "release") * rounds:
            play.go_on(steps)
            play.kill_at(where, "edit")
            play.players[0].do(do="settle", now=NOON)
    assert play.seen["read 200"] > play.step / 4, "most of it reaches readers"
    print(f"seed {SEED}, {play.step} steps: {dict(sorted(play.seen.items()))}")


@pytest.mark.parametrize("mistake", [*MISTAKES][: size(1, len(MISTAKES))])
def test_a_mistake_in_the_store_is_found_out(tmp_path, mistake):
    with two_players(tmp_path / "state", SEED, acts=acts_often()) as play:
        for player in play.players:
            player.do(do="err", name=mistake, now=NOON)
        with pytest.raises(Stale):
            play.go_on(5000)
