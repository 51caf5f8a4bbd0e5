"""The log of reads says how high what was shown was classified."""

from pathlib import Path

from django.db import migrations, models

from apps.need_to_know.row_rule import expand

SQL = Path(__file__).with_suffix(".sql")


def apply(apps, schema_editor):
    """Run the file as one script."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(expand(SQL.read_text(encoding="utf-8"), version=2))


class Migration(migrations.Migration):
    """A column, the function that writes it, and who reads it."""

    dependencies = [("need_to_know", "0010_bodies")]

    operations = [
        migrations.AddField(
            model_name="readlog",
            name="classification",
            field=models.PositiveSmallIntegerField(
                choices=[(0, "Unclassified"), (1, "Confidential"), (2, "Strictly confidential")],
                default=None,
                null=True,
                verbose_name="classification",
            ),
        ),
        migrations.RunPython(apply, migrations.RunPython.noop),
    ]
