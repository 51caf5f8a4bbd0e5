"""The outbox, the clocks, and the functions that alone write what people are told."""

from pathlib import Path

from django.db import migrations

from apps.need_to_know.guarding import ReadAsNobody

SQL = Path(__file__).with_suffix(".sql")


def apply(apps, schema_editor):
    """Run the file as one script."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(SQL.read_text(encoding="utf-8"))


class Migration(migrations.Migration):
    """Who is told, and by whom."""

    dependencies = [
        ("notifications", "0001_initial"),
        ("need_to_know", "0008_told_from_the_outbox"),
        ("records", "0006_mentions"),
    ]

    operations = [ReadAsNobody(), migrations.RunPython(apply, migrations.RunPython.noop)]
