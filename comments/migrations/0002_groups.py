from typing import Any

from django.db import migrations

from newsroom.groups import grant

MODERATORS = {
    "comment": ["view", "moderate", "answer"],
    "finding": ["view"],
    "decision": ["view"],
    "letter": ["view"],
    # They may change the rules: each change is on record, with who made it.
    "policy": ["view", "change"],
    "policychange": ["view"],
    "standing": ["view"],
    "cannedreason": ["view"],
}
CHIEF_MODERATORS = MODERATORS | {
    "comment": [*MODERATORS["comment"], "find_sender"],
    "cannedreason": ["view", "add", "change"],
}


def make_groups(apps: Any, schema_editor: Any) -> None:
    """Moderators decide on replies and see why; what readers wrote is changed by nobody else."""
    grant(apps, "Moderators", "comments", MODERATORS)
    grant(apps, "Chief moderators", "comments", CHIEF_MODERATORS)
    # They answer what readers see already, and see nothing else of replies.
    grant(apps, "Editors", "comments", {"comment": ["answer"]})


class Migration(migrations.Migration):
    dependencies = [("comments", "0001_initial"), ("newsroom", "0002_groups")]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
