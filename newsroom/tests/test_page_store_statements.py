"""Which tables a statement reads and writes, as the newsroom and its tools write statements."""

import pytest

from newsroom.page_store.statements import Tables, tables_of

SITE, MENU, SIGN = "newsroom_sitesettings", "newsroom_menuitem", "newsroom_signoflife"


@pytest.mark.parametrize(
    ("sql", "read", "written"),
    [
        (f'SELECT * FROM "{SITE}"', {SITE}, set()),
        (f"select 1 from {SITE} s join {MENU} m on m.site_id = s.id", {SITE, MENU}, set()),
        (f'(SELECT 1 FROM "{SITE}") UNION ALL SELECT 1 FROM {MENU}', {SITE, MENU}, set()),
        (f"WITH x AS (SELECT 1 FROM {SITE}) SELECT * FROM x, {MENU}", {SITE, MENU}, set()),
        (f'SELECT 1 FROM "{SITE}" FOR UPDATE', {SITE}, set()),
        (f'SELECT 1 FROM "{SITE}" FOR NO KEY UPDATE OF "{SITE}" SKIP LOCKED', {SITE}, set()),
        (f"EXPLAIN QUERY PLAN SELECT 1 FROM {SITE}", {SITE}, set()),
        (f"INSERT INTO {SITE} (name) VALUES (%s)", {SITE}, {SITE}),
        (f'INSERT INTO "{SITE}" ("name") VALUES (%s) RETURNING "id"', {SITE}, {SITE}),
        (f"INSERT OR IGNORE INTO {SITE} VALUES (%s)", {SITE}, {SITE}),
        (f"REPLACE INTO {SITE} VALUES (%s)", {SITE}, {SITE}),
        (f"INSERT INTO {SITE} SELECT * FROM {MENU}", {SITE, MENU}, {SITE}),
        (f"INSERT INTO {SITE} VALUES (1) ON CONFLICT DO UPDATE SET name = ''", {SITE}, {SITE}),
        (f"\n  update {SITE} set name = (select label from {MENU})", {SITE, MENU}, {SITE}),
        (f'UPDATE ONLY "public"."{SITE}" SET name = %s', {SITE}, {SITE}),
        (f"UPDATE OR REPLACE {SITE} SET name = %s", {SITE}, {SITE}),
        (f"DELETE FROM {SITE} WHERE id IN (SELECT 1 FROM {MENU})", {SITE, MENU}, {SITE}),
        (
            f"WITH x AS (DELETE FROM {SITE}) INSERT INTO {MENU} SELECT 1 FROM {SIGN}",
            {SITE, MENU, SIGN},
            {SITE, MENU},
        ),
        (f"WITH x AS (SELECT 1 FROM {SITE}) UPDATE {MENU} SET a = 1", {SITE, MENU}, {MENU}),
        # What is neither: all that it names.
        (f"TRUNCATE {SITE}, {MENU} CASCADE", {SITE, MENU}, {SITE, MENU}),
        (f"ALTER TABLE {SITE} ADD COLUMN x int", {SITE}, {SITE}),
        (f'CREATE INDEX x ON "{SITE}" (name)', {SITE}, {SITE}),
        (f"MERGE INTO {SITE} USING {MENU} ON true WHEN MATCHED THEN UPDATE SET a = 1",)
        + ({SITE, MENU},) * 2,
        (f"LOCK TABLE {SITE}", {SITE}, {SITE}),
        # Of tables that belong to no model, what stands beside them.
        (f"INSERT INTO an_index SELECT * FROM {SITE}", {SITE}, {SITE}),
        ("SELECT 1 FROM an_index", set(), set()),
        ("BEGIN IMMEDIATE", set(), set()),
        ("PRAGMA foreign_keys", set(), set()),
    ],
)
def test_tables_are_found(sql, read, written):
    assert tables_of(sql) == (read, written)


def test_a_name_within_another_is_not_it():
    assert tables_of(f"SELECT 1 FROM {SITE}_old, old_{MENU}") == Tables(frozenset(), frozenset())
