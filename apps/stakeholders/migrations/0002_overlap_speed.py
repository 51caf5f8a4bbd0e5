"""Overlaps stay quick with tens of thousands of activities."""

from pathlib import Path

from django.db import migrations

from apps.need_to_know.row_rule import expand

SQL = Path(__file__).with_name("0002_overlap_speed.sql")


def apply(apps, schema_editor):
    """Run the file as one script."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(expand(SQL.read_text(encoding="utf-8"), version=2))


class Migration(migrations.Migration):
    """The function of hints, made anew."""

    dependencies = [("stakeholders", "0001_initial")]
    operations = [migrations.RunPython(apply, migrations.RunPython.noop)]
