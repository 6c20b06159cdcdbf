from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.machine import MachineLacks
from tests.machine.bare_machine import bare_machine, put_program
from tests.machine.browser import browser


def test_the_browser_chosen_in_the_environment_is_taken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    put_program(bare_machine(monkeypatch, tmp_path) / "chromium")
    chosen = put_program(tmp_path / "chosen")
    monkeypatch.setenv("CHROMIUM", str(chosen))
    assert browser() == chosen


def test_playwrights_own_browser_can_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", "playwright")
    assert browser() is None


def test_a_chosen_browser_that_is_no_program_is_a_clear_failure(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    page.touch(0o644)
    for wrong in (page, tmp_path, tmp_path / "missing"):
        monkeypatch.setenv("CHROMIUM", str(wrong))
        with pytest.raises(MachineLacks, match=f"CHROMIUM names {wrong}"):
            browser()


def test_a_browser_that_does_not_run_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = bare_machine(monkeypatch, tmp_path)
    put_program(path / "chromium", "exit 1")
    chrome = put_program(path / "google-chrome")
    assert browser() == chrome


def test_the_browser_that_takes_least_is_taken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = bare_machine(monkeypatch, tmp_path)
    put_program(path / "chromium")
    assert browser() == path / "chromium"
    shell = put_program(path / "chromium-headless-shell")
    assert browser() == shell


def test_two_runs_at_once_install_a_missing_browser_once(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = bare_machine(monkeypatch, tmp_path)
    (path / "env").symlink_to("/usr/bin/env")
    put_program(path / "sudo", 'shift; [ "$1" = true ] || exec "$@"')  # shift: past its -n
    put_program(path / "apt-get", _INSTALLS_CHROMIUM.format(path=path))
    with ThreadPoolExecutor() as pool:
        found = [each.result() for each in [pool.submit(browser) for _ in range(2)]]
    assert found == [path / "chromium-headless-shell"] * 2
    assert (path / "installed").read_text() == "once\n"


_INSTALLS_CHROMIUM = """
[ "$1" = install ] || exit 0
/bin/sleep 0.2
echo once >> {path}/installed
/bin/cp /bin/true {path}/chromium-headless-shell
"""


def test_a_missing_browser_is_a_clear_failure_not_a_skip(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bare_machine(monkeypatch, tmp_path)
    with pytest.raises(MachineLacks, match="Install one of chromium-.*, .* or set CHROMIUM"):
        browser()


def test_a_package_manager_that_fails_is_a_clear_failure_with_its_last_words(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = bare_machine(monkeypatch, tmp_path)
    (path / "env").symlink_to("/usr/bin/env")
    put_program(path / "sudo", 'shift; [ "$1" = true ] || exec "$@"')
    put_program(path / "apt-get", "echo E: no network; exit 100")
    with pytest.raises(MachineLacks):
        browser()
    assert "apt-get failed:\nE: no network" in capsys.readouterr().err
