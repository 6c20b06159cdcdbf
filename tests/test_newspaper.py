"""The newspapers that measurements read, and what is measured as they grow."""

import json
import subprocess
import sys
from xml.etree import ElementTree

import pytest

from bench.growth.report import Grown, markdown, picture, table
from tests.running import ROOT, environment

PIECES, SHAPES = 300, [0, 400]
# Made, and looked at, in a state of its own: the rows pass by all that keeps them whole.
SCRIPT = f"""
import django, json
django.setup()
from django.core.management import call_command
from django.db import connection
from articles.models import Article, SearchEntry
from bench.newspaper import make as making, pieces
from comments.models import Comment, Commenter

def indexes():
    with connection.cursor() as cursor:
        cursor.execute("SELECT sql FROM sqlite_master WHERE type = 'index' ORDER BY name")
        return cursor.fetchall()

desks = []
usual = making.make_desk
making.make_desk = lambda *given, **named: desks.append(usual(*given, **named)) or desks[-1]
call_command("migrate", verbosity=0)
before = indexes()
for size in ({PIECES}, {PIECES}, {PIECES} + 1):
    try:
        making.make(size, part_of_words=0.02, shapes={tuple(SHAPES)}, images=False)
    except making.HalfMade as error:
        refused = str(error)
connection.check_constraints()
every = Article.objects.all()
roots = Comment.objects.filter(thread=None)
plan = pieces.Plan({PIECES}, {PIECES} * 10, making.timezone.now(), {tuple(SHAPES)})
first, second = ([str(chunk) for chunk in plan.all(desks[0])] for _ in range(2))
print(json.dumps({{
    "pieces": Article.objects.count(),
    "public": Article.objects.published().count(),
    "replies": {{a.slug: a.comments.count() for a in every if a.slug.startswith("replies")}},
    "all replies": Comment.objects.count(),
    "miscounted": sum(a.reply_count != Comment.objects.under(a).count() for a in every),
    "threads": sum(
        r.shown_in_thread != Comment.objects.in_thread(r.pk).approved().count() for r in roots
    ),
    "answers": Comment.objects.exclude(thread=None).exists(),
    "entries": SearchEntry.objects.count(),
    "changed": SearchEntry.objects.follow_several(Article.objects.all()),
    "due": Comment.objects.due_for_erasure().count() + Comment.objects.with_old_traces().count(),
    "indexes": before == indexes(),
    "journal": connection.cursor().execute("PRAGMA journal_mode").fetchone()[0],
    "same": first == second,
    "refused": "begin with an empty directory" in refused,
}}))
"""


def run(state, *arguments):
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment(state, 8000, DJANGO_SETTINGS_MODULE="newsroom.settings", NEWSROOM_DEMO="0"),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def newspaper(tmp_path_factory):
    """Where it is, and what was found in it."""
    state = tmp_path_factory.mktemp("newspaper")
    return state, run(state, "-c", SCRIPT)


def test_a_newspaper_is_what_the_verbs_would_have_made(newspaper):
    _state, found = newspaper
    public = found.pop("public")
    assert PIECES * 0.85 < public < PIECES
    assert public < found.pop("entries") < PIECES  # those that are scheduled, too
    assert found == {
        "pieces": PIECES + len(SHAPES),
        "replies": {f"replies-{each}": each for each in SHAPES},
        "all replies": PIECES * 10 + sum(SHAPES),
        "miscounted": 0,
        "threads": 0,
        "answers": True,
        "changed": 0,
        "due": 0,
        "indexes": True,
        "journal": "wal",
        "same": True,
        "refused": True,
    }


def test_its_pages_are_measured_with_the_store_passed_by(newspaper):
    state, _found = newspaper
    measuring = ("-m", "bench.growth.measuring", "--times=1", "--only=replies")
    took = {each["what"]: each for each in run(state, *measuring)}
    assert took["piece with 400 replies"]["queries"] > 1
    assert took["piece with 400 replies"]["size"] > took["piece with 0 replies"]["size"] > 3000
    assert all(each["cpu"] > 0 for each in took.values())


def grown(what, *cpu, by="reader", why=""):
    return Grown(what, by, why, cpu, (4, 4), (1000, 1000))


def test_what_grows_more_than_it_may_is_told_and_shown():
    pages = [
        grown("front <page>", 4.0, 5.9),
        grown("section", 4.0, 6.1, why="It is longer."),
        grown("queue", 4.0, 40.0, by="moderator"),
    ]
    assert [each.is_flat for each in pages] == [True, False, False]
    _head, front, section, queue = table(["10,000", "1,000,000"], pages).splitlines()
    assert "NOT FLAT" not in front
    assert section.endswith("NOT FLAT It is longer.")
    assert queue.endswith("desk: no bar")
    conditions = {"rounds": 5, "commit": "c", "at": "2026-11-23T10", "processors": 2}
    told = markdown(["10,000", "1,000,000"], pages, conditions | {"python": "3.13", "load": 0.1})
    assert "2 things that readers ask for, 1 take at most 1.5 times as long" in told
    assert "| section | 4.0 | 6.1 | 1.52 × | 4 | It is longer. |" in told
    drawn = ElementTree.fromstring(picture(["10,000", "1,000,000"], pages))
    texts = [each.text for each in drawn.iter("{http://www.w3.org/2000/svg}text")]
    assert {"front <page>", "1.48 ×", "1.52 ×", "10.00 ×"} <= set(texts)
