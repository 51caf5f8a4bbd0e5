"""Withheld fields: to whom they open, what keeps them apart, and what the history says of them."""

from pathlib import Path

from django.db import migrations

from apps.need_to_know.guarding import Guard
from apps.need_to_know.row_rule import expand

SQL = Path(__file__).with_suffix(".sql")


def apply(apps, schema_editor):
    """Run the file as one script."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(expand(SQL.read_text(encoding="utf-8"), version=2))


class Migration(migrations.Migration):
    """Field rules."""

    dependencies = [("need_to_know", "0004_search"), ("records", "0004_withheld")]

    operations = [
        Guard("records.Withheld", writes="nobody", history=False),
        migrations.RunPython(apply, migrations.RunPython.noop),
    ]
