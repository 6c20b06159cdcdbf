"""A worker that is killed over a batch (kill -9): nothing is half done, nothing is done twice."""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import pytest
from django.conf import settings as project

from tests.soak import SEED, size

REPLIES, CHUNK = size(small=400, full=20_000), 20

SETUP = "import django; django.setup()\n"
PREPARE = f"""
from django.core.management import call_command
call_command("migrate", verbosity=0)
call_command("make_keys")
from articles.tests.factories import make_article, make_staff
from comments.models import Batch, Comment
from comments.tests.factories import make_many_approved
make_many_approved(make_article(), {REPLIES})
Comment.objects.update(status="held")
Batch.objects.begin(Comment.objects.held(), "approved", by=make_staff("Moderators"), reason="So.")
"""
WORK = f"""
from comments import batches
batches.CHUNK, batches.BREATH = {CHUNK}, 0.02
print("begins", flush=True)
batches.work(1)
"""
# As the scheduler and the worker of a running site do.
FINISH = """
from datetime import timedelta
from django.core.management import call_command
from django.utils import timezone
from comments import batches
from comments.models import Batch
Batch.objects.update(moved_at=timezone.now() - timedelta(minutes=2))
batches.take_up_again()
call_command("db_worker", queue_name="default", batch=True, interval=0, startup_delay=False)
"""
FIGURES = """
SELECT (SELECT decided FROM comments_batch),
    (SELECT count(*) FROM comments_comment WHERE status = 'approved'),
    (SELECT count(*) FROM comments_decision WHERE batch_id = 1),
    (SELECT count(DISTINCT comment_id) FROM comments_decision WHERE batch_id = 1),
    (SELECT count(*) FROM comments_decisionreason),
    (SELECT reply_count FROM articles_article)
"""


@pytest.mark.sqlite_only
def test_killed_again_and_again_it_decides_on_each_reply_once(tmp_path):
    state, chance = tmp_path / "real", random.Random(SEED)
    environment = {key: value for key, value in os.environ.items() if key != "DATABASE_URL"}
    environment |= {
        "NEWSROOM_STATE": str(state),
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
    }

    def run(code):
        return subprocess.Popen(
            [sys.executable, "-c", SETUP + code],
            stdout=subprocess.PIPE,
            cwd=project.BASE_DIR,
            env=environment,
            text=True,
        )

    def finish(code):
        process = run(code)
        process.communicate(timeout=120)
        assert process.returncode == 0

    def figures():
        with closing(sqlite3.connect(state / "db.sqlite3", timeout=20)) as database:
            return set(database.execute(FIGURES).fetchone())

    finish(PREPARE)
    for _ in range(size(small=2, full=30)):
        process = run(WORK)
        assert process.stdout is not None
        assert process.stdout.readline() == "begins\n"
        time.sleep(chance.uniform(0.05, 0.4))
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
        (done,) = figures()  # all tell the same
        assert done % CHUNK == 0
    finish(FINISH)
    assert figures() == {REPLIES}
