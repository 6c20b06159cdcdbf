from typing import Any

from django.db import migrations

from newsroom.groups import grant


def make_groups(apps: Any, schema_editor: Any) -> None:
    grant(
        apps,
        "Editors",
        "newsroom",
        {
            "sitesettings": ["view", "change"],
            "menuitem": ["view", "add", "change", "delete"],
        },
    )


class Migration(migrations.Migration):
    dependencies = [
        ("newsroom", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
