from typing import Any

from django.db import migrations

from newsroom.groups import grant


def make_groups(apps: Any, schema_editor: Any) -> None:
    """Moderators decide on replies and see why; what readers wrote is changed by nobody."""
    grant(
        apps,
        "Moderators",
        "comments",
        {"comment": ["view", "moderate"], "finding": ["view"], "decision": ["view"]},
    )


class Migration(migrations.Migration):
    dependencies = [("comments", "0001_initial"), ("newsroom", "0002_groups")]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
