"""Tables whose rows the database itself neither changes nor deletes, whoever asks.

For the migrations of the apps; see append_only.py for their models. Whoever may alter the schema
can take the triggers away: they are against mistakes, hands in a console and injected statements.

SQLite loses them when a migration alters such a table, since Django builds it anew: call
`make_final()` again in the same migration. A test looks whether they are there.
"""

from collections.abc import Iterable

# It ends the statement and is an IntegrityError in Django.
REFUSAL = "records are neither changed nor deleted"

FUNCTION = f"""
    CREATE OR REPLACE FUNCTION newsroom_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '%: {REFUSAL}', TG_TABLE_NAME
            USING ERRCODE = 'integrity_constraint_violation';
    END $$
"""


def make_final(vendor: str, table: str, *, unique: Iterable[str] = ("id",)) -> list[str]:
    """The statements that let rows of `table` be added and read, nothing else.

    `unique` names all columns of it that are: by any of them SQLite's REPLACE would delete a row
    without a trigger for deletes.
    """
    return {"sqlite": _sqlite, "postgresql": _postgresql}[vendor](table, unique)


def make_changeable(vendor: str, table: str) -> list[str]:
    """Those that undo make_final()."""
    on_table = f" ON {table}" if vendor == "postgresql" else ""
    return [f"DROP TRIGGER IF EXISTS {name}{on_table}" for name in trigger_names(vendor, table)]


def trigger_names(vendor: str, table: str) -> list[str]:
    events = {"sqlite": ("update", "delete", "replace"), "postgresql": ("change", "truncate")}
    return [f"{table}_no_{event}" for event in events[vendor]]


def _sqlite(table: str, unique: Iterable[str]) -> list[str]:
    no_update, no_delete, no_replace = trigger_names("sqlite", table)
    refuse = f"SELECT RAISE(ABORT, '{table}: {REFUSAL}');"
    # A question for each column: SQLite may go through all rows for one with OR.
    taken = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} WHERE {column} = NEW.{column})" for column in unique
    )
    return [
        f"CREATE TRIGGER {no_update} BEFORE UPDATE ON {table} BEGIN {refuse} END",
        f"CREATE TRIGGER {no_delete} BEFORE DELETE ON {table} BEGIN {refuse} END",
        f"CREATE TRIGGER {no_replace} BEFORE INSERT ON {table} WHEN {taken} BEGIN {refuse} END",
    ]


def _postgresql(table: str, unique: Iterable[str]) -> list[str]:
    no_change, no_truncate = trigger_names("postgresql", table)
    return [
        FUNCTION,
        f"CREATE TRIGGER {no_change} BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION newsroom_refuse_change()",
        f"CREATE TRIGGER {no_truncate} BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION newsroom_refuse_change()",
    ]
