"""What a process is told that `manage.py serve` makes; see also tests/test_serving.py."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management.base import CommandError

from newsroom import serving
from tests.running import ROOT, environment

pytestmark = pytest.mark.sqlite_only

TELL = """
import json, os, sys
from pathlib import Path
import django
django.setup()
from django.conf import settings
from newsroom import serving

def tell(name):
    told = [str(settings.ADDRESS_PRIVATE_KEY_FILE), os.environ.get(serving.PRIVATE_KEY)]
    told += [os.getsid(0) == os.getpid(), os.getcwd()]
    Path(name).write_text(json.dumps(told))

here = os.getcwd()
processes = serving.Processes()
for name, key in (("worker", None), ("mail worker", Path("/keys/private.pem"))):
    processes.start(name, tell, f"{here}/{name}", private_key=key)
    processes.running[name].join()
"""


def test_only_a_process_that_needs_the_private_key_is_told_where_it_is(tmp_path):
    variables = environment(tmp_path / "state", 1, ADDRESS_PRIVATE_KEY_FILE="/elsewhere.pem")
    variables |= {"DJANGO_SETTINGS_MODULE": "newsroom.settings", "PYTHONPATH": str(ROOT)}
    subprocess.run([sys.executable, "-c", TELL], cwd=tmp_path, env=variables, check=True)
    told = {name: json.loads((tmp_path / name).read_text()) for name in ("worker", "mail worker")}
    assert told == {
        "worker": ["None", None, True, str(ROOT)],
        "mail worker": ["/keys/private.pem", None, True, str(ROOT)],
    }


def test_what_is_done_apart_gives_its_result_or_its_error():
    assert serving.apart(Path.cwd) == Path.cwd()
    with pytest.raises(CommandError, match="nothing to be done"):
        serving.apart(refuse)


def refuse():
    raise CommandError("nothing to be done")


LOAD = """
import gc, json, os, sys
import django
django.setup()
from django.db import connection
from newsroom import preparing
preparing.load_program()
heavy = {"sklearn", "numpy", "PIL", "lxml", "altcha", "psycopg"} & set(sys.modules)
views = {"articles.views", "comments.views", "newsroom.wsgi"} - set(sys.modules)
threads = len(os.listdir("/proc/self/task"))
frozen = gc.get_freeze_count() > 100_000
print(json.dumps([frozen, threads, connection.connection, sorted(heavy | views)]))
"""


def test_the_program_that_is_shared_has_no_thread_no_connection_and_nothing_rarely_needed(tmp_path):
    variables = environment(tmp_path / "state", 1) | {"DJANGO_SETTINGS_MODULE": "newsroom.settings"}
    command = [sys.executable, "-c", LOAD]
    done = subprocess.run(command, cwd=ROOT, env=variables, check=True, capture_output=True)
    assert json.loads(done.stdout) == [True, 1, None, []]


KEEP = """
import os, sys
import django
django.setup()
from newsroom import serving

def megabytes():
    return int(open("/proc/self/statm").read().split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6

serving.hand_memory_back()
before = megabytes()
for round in range(2):
    pieces = [bytearray(b"x" * 300_000) for _ in range(200)]
    while len(pieces) > 1:
        del pieces[0]
print(megabytes() - before)
"""


HEAPS = """
import ctypes, sys, threading
import django
django.setup()
from newsroom import serving

serving.share_memory()
together = threading.Barrier(6)

def take():
    together.wait()
    pieces = [bytearray(50_000) for _ in range(50)]
    together.wait()

threads = [threading.Thread(target=take) for _ in range(6)]
for each in threads:
    each.start()
for each in threads:
    each.join()
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
file = ctypes.c_void_p(libc.fopen(sys.argv[1].encode(), b"w"))
libc.malloc_info(0, file)
libc.fclose(file)
print(open(sys.argv[1]).read().count("<heap nr="))
"""


def test_threads_that_answer_take_memory_from_few_heaps(tmp_path):
    variables = environment(tmp_path / "state", 1) | {"DJANGO_SETTINGS_MODULE": "newsroom.settings"}
    command = [sys.executable, "-c", HEAPS, str(tmp_path / "heaps.xml")]
    done = subprocess.run(command, cwd=ROOT, env=variables, check=True, capture_output=True)
    assert int(done.stdout) <= 2


def test_a_worker_hands_the_memory_back_that_a_picture_took(tmp_path):
    variables = environment(tmp_path / "state", 1) | {"DJANGO_SETTINGS_MODULE": "newsroom.settings"}
    command = [sys.executable, "-c", KEEP]
    done = subprocess.run(command, cwd=ROOT, env=variables, check=True, capture_output=True)
    assert float(done.stdout) < 10  # of 60
