"""The index over the search entries, which the database itself keeps in step with them."""

from typing import Any

from django.db import migrations

COLUMNS = ["headline", "standfirst", "names", "body", "filed"]
NAMES = ", ".join(COLUMNS)
OLD = ", ".join(f"old.{name}" for name in COLUMNS)
NEW = ", ".join(f"new.{name}" for name in COLUMNS)

REMOVE = f"INSERT INTO articles_search_index (articles_search_index, rowid, {NAMES}) VALUES ('delete', old.key, {OLD});"
ADD = f"INSERT INTO articles_search_index (rowid, {NAMES}) VALUES (new.key, {NEW});"

# The entries hold ready tokens with spaces between; "ascii" leaves them as they are.
SQLITE = [
    f"""
    CREATE VIRTUAL TABLE articles_search_index USING fts5 (
        {NAMES}, content='articles_searchentry', content_rowid='key', tokenize='ascii', prefix='2'
    )
    """,
    f"""
    CREATE TRIGGER articles_search_added AFTER INSERT ON articles_searchentry
    BEGIN {ADD} END
    """,
    f"""
    CREATE TRIGGER articles_search_removed AFTER DELETE ON articles_searchentry
    BEGIN {REMOVE} END
    """,
    f"""
    CREATE TRIGGER articles_search_changed AFTER UPDATE ON articles_searchentry
    BEGIN {REMOVE} {ADD} END
    """,
]
UNDO_SQLITE = [
    "DROP TRIGGER articles_search_changed",
    "DROP TRIGGER articles_search_removed",
    "DROP TRIGGER articles_search_added",
    "DROP TABLE articles_search_index",
]

# Positions beyond 16,383 there are none in PostgreSQL. The lone mark at the end keeps a phrase
# from going on in the next field.
POSTGRESQL = [
    """
    CREATE FUNCTION articles_search_words(tokens text, weight text) RETURNS tsvector
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
        SELECT string_agg(format('%L:%s%s', token, least(place, 16383), weight), ' ')::tsvector
        FROM unnest(string_to_array(tokens || ' ǂ', ' ')) WITH ORDINALITY AS each (token, place)
        WHERE token <> ''
    $$
    """,
    """
    ALTER TABLE articles_searchentry ADD COLUMN words tsvector GENERATED ALWAYS AS (
        articles_search_words(headline, 'A') || articles_search_words(standfirst, 'B')
        || articles_search_words(names, 'C') || articles_search_words(body, 'D')
        || articles_search_words(filed, 'D')
    ) STORED
    """,
    "CREATE INDEX articles_search_words ON articles_searchentry USING gin (words)",
]
UNDO_POSTGRESQL = [
    "ALTER TABLE articles_searchentry DROP COLUMN words",
    "DROP FUNCTION articles_search_words(text, text)",
]

MAKE = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
UNDO = {"sqlite": UNDO_SQLITE, "postgresql": UNDO_POSTGRESQL}


def make_index(apps: Any, schema_editor: Any) -> None:
    for statement in MAKE[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


def drop_index(apps: Any, schema_editor: Any) -> None:
    for statement in UNDO[schema_editor.connection.vendor]:
        schema_editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("articles", "0002_groups")]

    operations = [migrations.RunPython(make_index, drop_index)]
