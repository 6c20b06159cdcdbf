"""The database itself keeps the records of decisions, whoever asks, and lets go of their words."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from articles.tests.factories import make_staff
from comments.models import Comment, Decision, DecisionReason, FormerText, PolicyChange
from comments.tests.factories import make_comment
from newsroom.final_tables import REFUSAL, trigger_names

pytestmark = pytest.mark.django_db

SQLITE_ONLY = {
    "replacing it by its key": "REPLACE INTO {table} SELECT * FROM {table}",
    "updating and replacing": "UPDATE OR REPLACE {table} SET id = 1",
}
POSTGRESQL_ONLY = {
    # What is checked at the end of a transaction is checked now.
    "truncating": "SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {table} CASCADE",
}
STATEMENTS = {
    "updating": "UPDATE {table} SET rule = 'other' WHERE id = {key}",
    "updating nothing much": "UPDATE {table} SET id = id",
    "deleting": "DELETE FROM {table} WHERE id = {key}",
    "deleting all": "DELETE FROM {table}",
    "meeting it": "INSERT INTO {table} SELECT * FROM {table} WHERE true"
    " ON CONFLICT (id) DO UPDATE SET rule = 'other'",
}


def make_records():
    comment = make_comment()
    change = PolicyChange.objects.create(by=make_staff("Moderators"), field="replies")
    return {Decision: comment.decisions.get(), PolicyChange: change}


def refused(statement):
    with pytest.raises(IntegrityError, match=REFUSAL), transaction.atomic():
        execute(statement)


def execute(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("model", [Decision, PolicyChange])
def test_no_statement_changes_or_deletes_a_record(model):
    record, table = make_records()[model], model._meta.db_table
    before = list(model.objects.order_by("pk").values())
    for statement in (STATEMENTS | _of_this_database()).values():
        refused(statement.format(table=table, key=record.pk))
    assert list(model.objects.order_by("pk").values()) == before
    assert triggers(table) == trigger_names(connection.vendor, table)


def _of_this_database():
    return SQLITE_ONLY if connection.vendor == "sqlite" else POSTGRESQL_ONLY


def triggers(table):
    """In the order of their names in trigger_names(): a migration may have lost some."""
    ask = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
        " AND tgrelid = CAST(%s AS regclass)",
    }
    with connection.cursor() as cursor:
        cursor.execute(ask[connection.vendor], [table])
        there = {name for (name,) in cursor.fetchall()}
    return [name for name in trigger_names(connection.vendor, table) if name in there]


def test_nobody_replaces_what_took_back_a_decision():
    comment, by = make_comment(), make_staff("Moderators")
    comment.reject(by=by)
    undone = comment.decisions.latest("pk")
    Decision.objects.record(comment, by=by, to="held", kind="undone", undoes=undone)
    columns = "comment_id, by_id, rule, kind, from_status, to_status, at, undoes_id"
    same = f"SELECT {columns} FROM comments_decision WHERE undoes_id = {undone.pk}"
    verb = "REPLACE" if connection.vendor == "sqlite" else "INSERT"

    with pytest.raises(DatabaseError), transaction.atomic():
        execute(f"{verb} INTO comments_decision ({columns}) {same}")
    assert Decision.objects.filter(undoes=undone).count() == 1


def test_erasing_empties_what_was_said_and_keeps_that_it_was_decided():
    comment, by = make_comment(text="Call me: 03 1234 5678."), make_staff("Moderators")
    comment.reject(by=by, reason="It quotes a number.", note="Hana again.")
    comment.restore(by=by)
    FormerText.objects.create(comment=comment, body="Call Hana.", found="a name")
    before = list(Decision.objects.order_by("pk").values())

    comment.erase(rule="retention")

    assert not DecisionReason.objects.exists() and not FormerText.objects.exists()
    records = list(Decision.objects.order_by("pk").values())
    assert records[:-1] == before and records[-1]["rule"] == "retention"
    words = " ".join(str(value) for row in records for value in row.values())
    assert "Hana" not in words and "quotes" not in words
    assert Comment.objects.get().body == ""
