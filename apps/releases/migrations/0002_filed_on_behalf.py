"""Releases of what was filed for another organisation are drafted by whoever speaks for that organisation."""

from pathlib import Path

from django.db import migrations

from apps.need_to_know.row_rule import expand

SQL = Path(__file__).with_suffix(".sql")


def apply(apps, schema_editor):
    """Run the file as one script."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(expand(SQL.read_text(encoding="utf-8"), version=2))


class Migration(migrations.Migration):
    """One function anew."""

    dependencies = [("releases", "0001_initial"), ("need_to_know", "0009_filing_mandate")]

    operations = [migrations.RunPython(apply, migrations.RunPython.noop)]
