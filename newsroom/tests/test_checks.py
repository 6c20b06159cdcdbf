from types import SimpleNamespace

import pytest

from newsroom import checks


@pytest.mark.parametrize(
    ("version", "is_affected"),
    [
        ((3, 6, 23), False),  # before there was WAL
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 45, 3), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 0), True),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 52, 0), False),
        ((4, 0, 0), False),
    ],
)
def test_which_sqlite_can_damage_a_database(version, is_affected):
    assert checks.has_wal_reset_bug(version) is is_affected


@pytest.fixture
def warnings(monkeypatch):
    """The warnings' ids on a machine with this SQLite and a database of this vendor."""

    def on_machine(version, vendor, databases=("default",)):
        monkeypatch.setattr("sqlite3.sqlite_version_info", version)
        monkeypatch.setattr(checks, "connections", {"default": SimpleNamespace(vendor=vendor)})
        return [warning.id for warning in checks.sqlite_is_sound(databases)]

    return on_machine


def test_an_sqlite_that_can_damage_the_database_is_warned_of(warnings):
    assert warnings((3, 51, 2), "sqlite") == ["newsroom.W001"]


def test_a_sound_sqlite_is_not_warned_of(warnings):
    assert warnings((3, 51, 3), "sqlite") == []


def test_another_database_is_not_warned_of(warnings):
    assert warnings((3, 51, 2), "postgresql") == []


def test_where_no_database_is_checked_there_is_no_warning(warnings):
    assert warnings((3, 51, 2), "sqlite", databases=None) == []


def test_the_check_runs_with_those_of_the_database():
    from django.core.checks import registry  # noqa: PLC0415

    assert checks.sqlite_is_sound in registry.registry.get_checks()
