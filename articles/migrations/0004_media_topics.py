"""The upper two levels of IPTC's Media Topics, so that a fresh newsroom knows what wires are about.
`manage.py load_media_topics` brings the table up to date."""

from pathlib import Path
from typing import Any

from django.db import migrations

TABLE = Path(__file__).resolve().parents[1] / "data/media_topics.tsv"


def load(apps: Any, schema_editor: Any) -> None:
    rows = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()[1:]]
    media_topic = apps.get_model("articles", "MediaTopic")
    media_topic.objects.bulk_create(
        media_topic(
            code=code,
            name=name,
            broader=broader,
            subject_code=subject_code,
            is_retired=status == "retired",
        )
        for code, name, broader, subject_code, status in rows
    )


class Migration(migrations.Migration):
    dependencies = [("articles", "0003_search_index")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
