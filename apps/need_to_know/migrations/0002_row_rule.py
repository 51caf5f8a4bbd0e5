"""Row-level security on Record and everything under it in the kernel, with the functions that keep audiences."""

from pathlib import Path

from django.db import migrations

from apps.need_to_know.guarding import Guard
from apps.need_to_know.row_rule import expand

SQL = Path(__file__).with_suffix(".sql")


def apply(apps, schema_editor):
    """Run the file as one script."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(expand(SQL.read_text(encoding="utf-8"), version=1))


class Migration(migrations.Migration):
    """The wall."""

    dependencies = [("need_to_know", "0001_initial"), ("records", "0001_initial")]

    operations = [
        migrations.RunPython(apply, migrations.RunPython.noop),
        Guard("records.Step", writes="readers", history=False),
        Guard("records.Event", writes="readers", history=False),
        Guard("records.Change", writes="nobody", history=False),
        Guard("records.Addressee", writes="readers", history=False),
        Guard("records.Comment", writes="readers", history=False),
        Guard("records.Attachment", writes="readers", history=False),
        Guard("RecordUserObjectPermission", column="content_object_id", writes="sharers", history=False),
        Guard("RecordGroupObjectPermission", column="content_object_id", writes="sharers", history=False),
    ]
