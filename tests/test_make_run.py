"""`make run` as a newcomer meets it: a copy of the repository, and nothing installed."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.running import ROOT, environment, running

pytestmark = pytest.mark.sqlite_only

SECONDS_TO_INSTALL = 400  # what a slow network may need


def copy_of_the_repository(folder: Path) -> Path:
    """The files git knows or would add, and nothing they have produced here."""
    copy = folder / "a newsroom"  # a space in the path is nothing unusual
    names = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout.split("\0")  # fmt: skip
    for name in filter(None, names):
        if (ROOT / name).exists():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
    return copy


def test_a_fresh_copy_runs_with_one_command_and_makes_a_new_password_with_another(
    tmp_path: Path,
) -> None:
    copy = copy_of_the_repository(tmp_path)
    with running(
        tmp_path, command=("make", "run"), cwd=copy, seconds=SECONDS_TO_INSTALL
    ) as newsroom:
        assert "editor or moderator" in newsroom.printed
        assert "Traceback" not in newsroom.printed
        port = int(newsroom.url.rpartition(":")[2])
        made = subprocess.run(
            ["make", "--silent", "demo-password"],
            cwd=copy, env=environment(newsroom.state, port), check=True,
            capture_output=True, text=True,
        ).stdout  # fmt: skip
        assert re.fullmatch(r"\S{12,}\n", made)
        assert made.strip() != newsroom.password


def python_named(folder: Path, name: str, script: str) -> None:
    folder.mkdir(exist_ok=True)
    file = folder / name
    file.write_text(f"#!/bin/sh\n{script}\n")
    file.chmod(0o755)


def find_python(path: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["/bin/sh", ".ci/find-python"], cwd=ROOT, env={"PATH": path}, capture_output=True, text=True
    )


def test_a_shim_that_fails_is_passed_over_for_a_python_that_runs(tmp_path: Path) -> None:
    shims, real = tmp_path / "shims", tmp_path / "real"
    python_named(shims, "python3.13", "echo 'command not found' >&2; exit 127")
    python_named(real, "python3.13", "exit 0")
    found = find_python(f"{shims}:{real}")
    assert found.stdout == f"{real}/python3.13\n" and found.stderr == ""


def test_a_machine_whose_python_is_too_old_is_told_so_in_one_line(tmp_path: Path) -> None:
    python_named(tmp_path, "python3", "exit 1")
    found = find_python(str(tmp_path))
    assert found.returncode == 1 and found.stdout == ""
    assert found.stderr.count("\n") == 1 and "Python 3.12 or newer" in found.stderr
