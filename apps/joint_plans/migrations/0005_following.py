"""Branches of plans, and their sequels."""

from pathlib import Path

from django.db import migrations

from apps.need_to_know.row_rule import expand

SQL = Path(__file__).with_name("0005_following.sql")


def apply(apps, schema_editor):
    """Run the file as one script."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(expand(SQL.read_text(encoding="utf-8"), version=2))


class Migration(migrations.Migration):
    """Two triggers and a policy."""

    dependencies = [
        ("joint_plans", "0002_resources"),
        ("records", "0008_branches_and_sequels"),
        ("action_points", "0001_initial"),
    ]

    operations = [migrations.RunPython(apply, migrations.RunPython.noop)]
