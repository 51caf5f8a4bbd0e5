"""Search documents, what keeps them, and the audited door through which they are searched."""

from pathlib import Path

from django.db import migrations

from apps.need_to_know.row_rule import expand

SQL = Path(__file__).with_suffix(".sql")


def apply(apps, schema_editor):
    """Run the file as one script."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(expand(SQL.read_text(encoding="utf-8"), 2))


class Migration(migrations.Migration):
    """Search."""

    dependencies = [("need_to_know", "0003_trust"), ("records", "0002_data_types")]

    operations = [migrations.RunPython(apply, migrations.RunPython.noop)]
