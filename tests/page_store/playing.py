"""Two processes of one newsroom, told what to do by a seed."""

import json
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.running import ROOT, environment

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC).timestamp()


class Stale(AssertionError):
    """A reader was given something else than what stands there."""


@dataclass
class Player:
    process: subprocess.Popen[str]

    def tell(self, **told: Any) -> None:
        assert self.process.stdin
        print(json.dumps(told), file=self.process.stdin, flush=True)

    def answer(self) -> Any:
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, "It failed: see what it wrote to the terminal."
        return json.loads(line)

    def do(self, **told: Any) -> Any:
        self.tell(**told)
        return self.answer()


@dataclass
class Play:
    """At each step one of the two acts or reads. `seen` counts what happened."""

    players: list[Player]
    state: Path
    seed: int
    environ: Mapping[str, str]
    now: float = NOON
    step: int = 0
    seen: Counter[str] = field(default_factory=Counter)
    acts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.rng = random.Random(self.seed)

    def go_on(self, steps: int) -> None:
        """Raises Stale."""
        for _ in range(steps):
            self.step += 1
            number = self.rng.random()
            if number < 0.06:
                self.turn_the_clock()
            elif number < 0.30:
                self.act(slowly=self.rng.random() < 0.3)
            else:
                self.read(self.rng.choice(self.players))

    def turn_the_clock(self) -> None:
        steps = [0.5, 0.5, 1, 1, 59, 61, 599, 601, 3600, 86_400, -1, -60, -3600]
        self.now += self.rng.choice(steps)
        self.seen["clock"] += 1

    def act(self, *, slowly: bool) -> None:
        """`slowly`: others read while it stands right before its first commit, and right after."""
        name, seed = self.rng.choice(self.acts), self.rng.randrange(1 << 30)
        actor, reader = self.rng.sample(self.players, 2)
        answer = actor.do(do="act", name=name, seed=seed, slowly=slowly, now=self.now)
        while "stands" in answer:
            # While it holds the table, nobody else may tell of a change, or look for the dead.
            for _ in range(0 if answer["stands"] == "release" else 3):
                self.read(reader)
            answer = actor.do()
        self.seen[f"act {name}" if answer["done"] else f"refused {name}"] += 1

    def kill_at(self, where: str, name: str) -> None:
        """The second player ends while it stands there in an act, and another takes its place."""
        actor, reader = self.players[1], self.players[0]
        answer: dict[str, Any] = {}
        while answer.get("stands") != where:
            seed = self.rng.randrange(1 << 30)
            act = {"do": "act", "name": name, "seed": seed, "slowly": True, "now": self.now}
            answer = actor.do(**({} if "stands" in answer else act))
        actor.process.kill()
        actor.process.wait()
        for _ in range(20):
            self.read(reader)
        self.players[1] = _start(self.state, self.environ)

    def read(self, player: Player) -> None:
        answer = player.do(do="read", seed=self.rng.randrange(1 << 30), now=self.now)
        self.seen[f"read {answer['status']}"] += 1
        if answer["differs"]:
            place = f"seed {self.seed}, step {self.step}, {answer['path']}"
            raise Stale(f"{place}: {answer['differs'][0]}")


@contextmanager
def two_players(state: Path, seed: int, *, acts: list[str], **environ: str) -> Iterator[Play]:
    """With `environ`, on another database or another store (DATABASE_URL, REDIS_URL)."""
    players = [_start(state, environ) for _ in range(2)]
    try:
        players[0].do(do="begin", now=NOON - 2 * 86_400)
        yield Play(players, state, seed, environ, acts=acts)
    finally:
        for player in players:
            player.process.kill()
            player.process.communicate()


def _start(state: Path, environ: Mapping[str, str]) -> Player:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.page_store.player"],
        cwd=ROOT,
        env=environment(state, 8000, PYTHONPATH=str(ROOT), LOG_LEVEL="ERROR", **environ),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    return Player(process)


def acts_often() -> list[str]:
    from tests.page_store.acts import ACTS, OFTEN  # noqa: PLC0415 - imports the models

    return [*ACTS, *OFTEN, *OFTEN]
