"""After a stop, nobody in the chain of command is passed over."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_suffix(".sql")


def apply(apps, schema_editor):
    """Run the file as one script."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(SQL.read_text(encoding="utf-8"))


class Migration(migrations.Migration):
    """One column, and what reads it."""

    dependencies = [("notifications", "0003_calls")]

    operations = [migrations.RunPython(apply, migrations.RunPython.noop)]
