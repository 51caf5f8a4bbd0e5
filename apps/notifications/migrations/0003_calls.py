"""What is done with calls to webhooks as a whole."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_suffix(".sql")


def apply(apps, schema_editor):
    """Run the file as one script."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(SQL.read_text(encoding="utf-8"))


class Migration(migrations.Migration):
    """Holding calls back, and their numbers."""

    dependencies = [("notifications", "0002_outbox")]

    operations = [migrations.RunPython(apply, migrations.RunPython.noop)]
