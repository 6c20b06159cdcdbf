"""Machines to try the search for programs on: one that has nothing, and what is put on it."""

from pathlib import Path

import pytest


def bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Let nothing be found or installed; return the directory that is all there is of PATH."""
    path = tmp_path / "path"
    path.mkdir()
    monkeypatch.setenv("PATH", str(path))
    monkeypatch.setattr("tests.machine.postgres_programs.DEBIAN_VERSIONS", tmp_path / "debian")
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "playwright"))
    monkeypatch.setenv("PLAYWRIGHT_DOWNLOAD_HOST", "http://127.0.0.1:9")  # refuses to connect
    for choice in ("CHROMIUM", "TEST_DATABASE_URL"):
        monkeypatch.delenv(choice, raising=False)
    return path


def put_program(path: Path, script: str = "exit 0") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    return path
