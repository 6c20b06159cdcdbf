"""What was decided, and what was changed in the rules, is kept by the database itself."""

from typing import Any

from django.db import migrations

from newsroom.final_tables import make_changeable, make_final

# Each with its unique columns.
TABLES = {"comments_decision": ["id", "undoes_id"], "comments_policychange": ["id"]}


def making(vendor: str) -> list[str]:
    return [
        statement
        for table, unique in TABLES.items()
        for statement in make_final(vendor, table, unique=unique)
    ]


def dropping(vendor: str) -> list[str]:
    return [statement for table in TABLES for statement in make_changeable(vendor, table)]


def make_triggers(apps: Any, schema_editor: Any) -> None:
    for statement in making(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


def drop_triggers(apps: Any, schema_editor: Any) -> None:
    for statement in dropping(schema_editor.connection.vendor):
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("comments", "0002_groups")]

    operations = [migrations.RunPython(make_triggers, drop_triggers)]
