from typing import Any

from django.db import migrations

# As comments/models/canned_reason.py has their words, with the digits that choose them.
CODES = [
    *("off_topic", "insult", "contempt", "private", "accusation"),
    *("advertising", "repeated", "copied", "rules"),
]


def make_reasons(apps: Any, schema_editor: Any) -> None:
    reasons = apps.get_model("comments", "CannedReason").objects
    for position, code in enumerate(CODES, start=1):
        reasons.get_or_create(code=code, defaults={"position": position})


class Migration(migrations.Migration):
    dependencies = [("comments", "0003_append_only")]

    operations = [migrations.RunPython(make_reasons, migrations.RunPython.noop)]
