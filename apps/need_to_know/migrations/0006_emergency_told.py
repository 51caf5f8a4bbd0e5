"""Emergencies: whom the worker tells of them."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_suffix(".sql")


def apply(apps, schema_editor):
    """Run the file as one script."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(SQL.read_text(encoding="utf-8"))


class Migration(migrations.Migration):
    """Whom an emergency is told to."""

    dependencies = [("need_to_know", "0005_field_rules")]

    operations = [migrations.RunPython(apply, migrations.RunPython.noop)]
