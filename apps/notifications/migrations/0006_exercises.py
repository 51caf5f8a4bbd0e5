"""Webhooks hear nothing of exercises among real records."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_suffix(".sql")


def apply(apps, schema_editor):
    """Run the file as one script."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(SQL.read_text(encoding="utf-8"))


class Migration(migrations.Migration):
    """One trigger."""

    dependencies = [("notifications", "0005_calendarfeed"), ("joint_plans", "0004_exercises")]

    operations = [migrations.RunPython(apply, migrations.RunPython.noop)]
