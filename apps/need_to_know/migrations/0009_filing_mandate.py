"""Filing for another organisation under a mandate; and whose word counts about what was filed so."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_suffix(".sql")


def apply(apps, schema_editor):
    """Run the file as one script."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(SQL.read_text(encoding="utf-8"))


class Migration(migrations.Migration):
    """The mandate's door."""

    dependencies = [
        ("mission", "0006_filing_mandate"),
        ("need_to_know", "0008_told_from_the_outbox"),
    ]

    operations = [migrations.RunPython(apply, migrations.RunPython.noop)]
