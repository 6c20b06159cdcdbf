"""What `make bench` reads of the system, and how it tells what it found."""

import os
import subprocess
import sys
import time
from xml.etree import ElementTree

import pytest

from bench.compared import picture
from bench.picture import Drawn, bars
from bench.processes import family, megabytes, processor_seconds
from bench.profiling import FUNCTIONS, where_time_goes
from bench.report import markdown, table
from bench.rows import Bar, Row, row
from bench.wrk import Sample
from tests.running import Running

# A process whose child works for a third of a second, and ends; then both wait.
WORKS = """
import subprocess, sys
work = "import time; end = time.process_time() + 0.3\\nwhile time.process_time() < end: pass"
subprocess.run([sys.executable, "-c", work])
idle = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
print("ready", flush=True)
input()
idle.communicate(b"\\n")
"""


def sample(cpu: float, p99: float = 5) -> Sample:
    return Sample(per_second=1000, p50=2, p99=p99, cpu=cpu, size=20_000)


def test_the_work_of_children_counts_those_that_have_ended_too():
    process = subprocess.Popen(
        [sys.executable, "-c", WORKS], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        assert process.stdout and process.stdout.readline() == b"ready\n"
        deadline = time.monotonic() + 5
        while len(family(process.pid)) < 2 and time.monotonic() < deadline:
            time.sleep(0.01)
        assert len(family(process.pid)) == 2 == len(megabytes(process.pid))
        assert 0.3 <= processor_seconds(process.pid) < 3
        assert all(1 < each < 100 for each in megabytes(process.pid).values())
    finally:
        process.communicate(b"\n")
    assert family(os.getpid())[0] == os.getpid()


def test_a_row_is_held_against_its_bars_by_the_median():
    bars = Bar("cpu", at_most=4), Bar("per_second", at_least=1001, unit="a second")
    found = row("article", "fresh", [sample(3), sample(9), sample(4)], *bars)
    assert found.values["cpu"] == 4
    assert found.missed == [bars[1]]
    for text in (table([found]), markdown([found], {"size": "1k", "times": 3})):
        assert "CPU ≤ 4 ms met; requests/s ≥ 1001 a second NOT MET" in text
    assert found.as_json()["bars"][0] == {"bar": "CPU ≤ 4 ms", "met": True}


def test_the_picture_shows_each_figure_and_its_bar_on_a_scale_of_powers_of_ten():
    dear = row("article", "fresh", [sample(400)], Bar("cpu", at_most=40))
    cheap = row("front page", "fresh", [sample(4)])
    memory = Row("idle", "memory (PSS)", [{"megabytes": 200.0}])
    drawn = ElementTree.fromstring(picture([dear, cheap, memory]))
    spot = "{http://www.w3.org/2000/svg}"
    texts = [each.text for each in drawn.iter(f"{spot}text")]
    assert "article, fresh" in texts and "WordPress, article" in texts
    assert not any("idle" in (each or "") for each in texts)
    wide = [float(each.get("width", 0)) for each in drawn.iter(f"{spot}rect")][1:3]
    marks = [each for each in drawn.iter(f"{spot}line") if each.get("stroke-width")]
    ten = (wide[0] - wide[1]) / 2  # from 4 to 400
    assert len(marks) == 1
    assert abs(float(marks[0].get("x1", 0)) - (330 + wide[0] - ten)) < 0.2


def test_a_bars_mark_never_stands_on_its_figure():
    drawn = [Drawn(f"{each}", each, at_most=4.0) for each in (0.01, 3.1, 3.9, 4.0, 4.2, 900.0)]
    picture_of_bars = ElementTree.fromstring(bars("Bars", "ms", drawn))
    spot = "{http://www.w3.org/2000/svg}"
    figures = [
        each for each in picture_of_bars.iter(f"{spot}text") if each.get("fill") == "#1a1a1a"
    ][1::2]
    marks = [each for each in picture_of_bars.iter(f"{spot}line") if each.get("stroke-width")]
    assert len(figures) == len(marks) == len(drawn)
    for figure, mark in zip(figures, marks, strict=True):
        begin, at = float(figure.get("x", 0)), float(mark.get("x1", 0))
        assert not begin - 3 < at < begin + 7 * len(figure.text or "")


@pytest.mark.browser
def test_a_profile_names_the_functions_with_most_time_of_their_own(newsroom: Running):
    found = where_time_goes(newsroom, "/").removeprefix("profile: ").split(", ")
    assert len(found) == FUNCTIONS
    shares = [int(each.partition(" %")[0]) for each in found]
    assert shares == sorted(shares, reverse=True) and 0 < shares[0] < 100
