from typing import Any

from django.db import migrations

from newsroom.groups import grant

WRITE = ["view", "add", "change"]
READ = ["view"]


def make_groups(apps: Any, schema_editor: Any) -> None:
    """Reporters write pieces; editors also publish them and keep everything around them."""
    grant(
        apps,
        "Reporters",
        "articles",
        {
            "article": WRITE,
            "byline": [*WRITE, "delete"],
            "author": READ,
            "section": READ,
            "source": READ,
            "topic": [*READ, "add"],
            "statechange": READ,
            "revision": READ,
            "correction": READ,
            "image": WRITE,
            "wireitem": [*READ, "take"],
        },
    )
    grant(
        apps,
        "Editors",
        "articles",
        {
            "article": [*WRITE, "publish"],
            "byline": [*WRITE, "delete"],
            "author": WRITE,
            "section": WRITE,
            "source": WRITE,
            "topic": WRITE,
            "standingpage": WRITE,
            "statechange": READ,
            "revision": READ,
            "correction": READ,
            "formerslug": READ,
            "movereport": READ,
            "frontplace": [*WRITE, "delete"],
            "image": [*WRITE, "withdraw"],
            "wireitem": [*READ, "take"],
            "wirestream": WRITE,
            "mediatopic": ["view", "change"],
        },
    )


class Migration(migrations.Migration):
    dependencies = [("articles", "0001_initial"), ("newsroom", "0002_groups")]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
