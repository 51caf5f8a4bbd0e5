"""Working groups as principals: who belongs to which now, and who may learn it."""

from pathlib import Path

from django.db import migrations

from apps.need_to_know.row_rule import expand

SQL = Path(__file__).with_suffix(".sql")


def apply(apps, schema_editor):
    """Run the file as one script."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(expand(SQL.read_text(encoding="utf-8"), version=2))


class Migration(migrations.Migration):
    """Two tables of the door's own, and the principals that follow from them."""

    dependencies = [("need_to_know", "0009_filing_mandate")]

    operations = [migrations.RunPython(apply, migrations.RunPython.noop)]
