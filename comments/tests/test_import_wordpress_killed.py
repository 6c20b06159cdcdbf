"""An import that is killed (kill -9) and run again: the result is that of an undisturbed one."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest
from django.conf import settings as project

from articles.tests.pictures import of_its_own
from articles.tests.wxr import attachment, author, category, export, item, reply, tag
from tests.soak import SEED, size

POSTS, KILLS = size(small=60, full=1500), size(small=1, full=10)

SETUP = "import django; django.setup()\n"
PREPARE = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("make_keys")
from articles.tests.factories import make_staff
make_staff("Editors", username="desk")
"""
# Small transactions, so that there are many moments between them. It tells when the first begins.
RUN = """
import sys
from django.core.management import call_command
from articles.importers.wordpress import running
from articles.importers.wordpress.bringing import Bringing
running.AT_ONCE = 7
bring = Bringing.bring
def begin(*given):
    print("begins", flush=True)
    Bringing.bring = bring
    bring(*given)
Bringing.bring = begin
call_command("import_wordpress", *sys.argv[1:], "--by=desk", "--pages")
"""
# All rows, but for what each run has of its own: moments of writing, tokens, sealed addresses.
# A key is told by its place in their order: PostgreSQL gives nobody those of what was rolled back.
DUMP = """
import json
import re
from django.apps import apps
OWN = {
    "articles.revision": {"at"},
    "articles.statechange": {"at"},
    "articles.frontplace": {"at"},
    "articles.image": {"token", "renditions", "uploaded_at"},
    "articles.searchentry": {"key", "filed"},
    "articles.standingpage": {"updated_at"},
    "comments.commenter": {"sealed_address", "fingerprint", "token"},
    "comments.comment": {"created_at", "updated_at"},
    "comments.decision": {"at"},
}
LEFT_OUT = {"articles.movereport", "articles.movenote", "articles.activity"}
TOKEN, KEY = re.compile(r"/media/[0-9a-f]{32}"), re.compile(r"'id': [0-9]+")
KINDS = {"author": "articles.author", "section": "articles.section", "topic": "articles.topic",
         "piece": "articles.article", "page": "articles.standingpage",
         "picture": "articles.image", "reply": "comments.comment"}
models = [*apps.get_app_config("articles").get_models(include_auto_created=True),
          *apps.get_app_config("comments").get_models(include_auto_created=True)]
models = {model._meta.label_lower: model for model in models}
places = {label: {pk: place for place, pk in enumerate(
              model._base_manager.order_by("pk").values_list("pk", flat=True))}
          for label, model in models.items()}

def told(row, field):
    value = getattr(row, field.attname)
    if field.name == "target" and value and getattr(row, "kind", "") in KINDS:
        return places[KINDS[row.kind]][value]
    if field.remote_field and value is not None:
        return places.get(field.related_model._meta.label_lower, {}).get(value, str(value))
    return KEY.sub("", TOKEN.sub("/media/T", str(value)))

dump = {}
for label, model in models.items():
    if label not in LEFT_OUT:
        fields = [field for field in model._meta.concrete_fields
                  if field.attname not in OWN.get(label, ()) and not field.primary_key]
        rows = model._base_manager.order_by("pk")
        dump[label] = [[told(row, field) for field in fields] for row in rows]
print(json.dumps(dump))
"""


def parts(folder):
    """Posts with replies to earlier replies, pictures, long-lost creators and doubled slugs."""
    chance = random.Random(SEED)
    for number in range(1, 6):
        (folder / f"p{number}.png").write_bytes(of_its_own())
        yield attachment(9000 + number, f"p{number}.png", f"Picture {number}", f"Alt {number}")
    yield author("maud", "Maud Ellery")
    yield category("sport", "Sport", number=1) + category("ball", "Ball", "sport", 2)
    yield tag("port", "Port", 3)
    for number in range(1, POSTS + 1):
        first = 10_000 + number * 10
        yield item(
            *(number, f"Headline {number}"),
            slug=f"piece-{number % 40}",
            creator=chance.choice(["maud", "ghost", f"login{number % 7}"]),
            status=chance.choice(["publish", "publish", "draft", "pending", "trash"]),
            sticky=int(chance.random() < 0.1),
            text=f"<p>Words, see <a href='/?p={chance.randint(1, POSTS)}'>that</a>.</p>",
            terms=[
                ("category", *chance.choice([("sport", "Sport"), ("ball", "Ball")])),
                ("post_tag", "port", "Port"),
                ("post_tag", f"t{number % 9}", f"T{number % 9}"),
            ],
            meta={"_thumbnail_id": str(chance.randint(9001, 9009))},
            replies=[
                reply(first, email=f"ann{number % 5}@reader.example"),
                reply(first + 2, "To the next.", parent=first + 3, approved="0"),
                reply(first + 3, parent=first, approved="spam"),
            ],
        )  # fmt: skip
    yield item(90_000, "About us", type="page", slug="about-us")


@pytest.mark.soak
def test_killed_and_run_again_it_brings_what_an_undisturbed_run_does(tmp_path):
    print(f"SEED={SEED}")
    uploads = tmp_path / "uploads"
    uploads.mkdir()
    file = export(tmp_path, list(parts(uploads)))
    plain = Newsroom(tmp_path / "plain")
    killed = Newsroom(tmp_path / "killed")
    try:
        took = plain.brings(file, uploads)
        chance = random.Random(SEED)
        for _kill in range(KILLS):
            process = killed.begins(file, uploads)
            time.sleep(took * chance.uniform(0.1, 1.2) / (KILLS + 1))
            os.kill(process.pid, signal.SIGKILL)
            process.communicate()
            print(f"killed with {len(killed.dump()['articles.article'])} pieces there")
        killed.brings(file, uploads)
        before, after = plain.dump(), killed.dump()
        assert len(before["articles.article"]) > POSTS // 2
        assert before["comments.comment"]
        for label, rows in before.items():
            assert after[label] == rows, label
        killed.brings(file, uploads)
        assert killed.dump() == after
    finally:
        plain.close()
        killed.close()


class Newsroom:
    """One of its own: with a SQLite file, or a database on the server of this run."""

    def __init__(self, state: Path) -> None:
        self.name = f"killed_{os.getpid()}_{state.name}"
        self.environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        self.environment |= {
            "NEWSROOM_STATE": str(state),
            "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        }
        self.server = os.environ.get("DATABASE_URL", "")
        if self.server:
            self._on_server(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")
            self._on_server(f"CREATE DATABASE {self.name}")
            address = urlsplit(self.server)._replace(path=f"/{self.name}")
            self.environment["DATABASE_URL"] = urlunsplit(address)
        self._finish(PREPARE)

    def begins(self, file: Path, uploads: Path) -> "subprocess.Popen[str]":
        process = self._start(RUN, str(file), f"--uploads={uploads}")
        assert process.stdout is not None
        assert process.stdout.readline() == "begins\n"
        return process

    def brings(self, file: Path, uploads: Path) -> float:
        """How long it took, from when it begins."""
        process = self.begins(file, uploads)
        begun = time.monotonic()
        _out, error = process.communicate(timeout=500)
        assert process.returncode == 0, error
        return time.monotonic() - begun

    def dump(self) -> dict[str, list[list[str]]]:
        dump: dict[str, list[list[str]]] = json.loads(self._finish(DUMP))
        return dump

    def close(self) -> None:
        if self.server:
            self._on_server(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")

    def _on_server(self, statement: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as server:
            server.execute(statement)

    def _finish(self, code: str) -> str:
        process = self._start(code)
        out, error = process.communicate(timeout=300)
        assert process.returncode == 0, error
        return out

    def _start(self, code: str, *given: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-c", SETUP + code, *given],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=project.BASE_DIR,
            env=self.environment,
            text=True,
        )
