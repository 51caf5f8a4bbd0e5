"""Exercises among real records, and where they are played."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from apps.need_to_know.guarding import Guard, ReadAsNobody

SQL = Path(__file__).with_suffix(".sql")


def apply(apps, schema_editor):
    """Run the file as one script."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(SQL.read_text(encoding="utf-8"))


class Migration(migrations.Migration):
    """One table, and what keeps exercises and real work apart."""

    dependencies = [
        ("joint_plans", "0003_projects"),
        ("releases", "0002_filed_on_behalf"),
        ("working_groups", "0001_initial"),
    ]

    operations = [
        ReadAsNobody(),
        migrations.CreateModel(
            name="Play",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="mission.mission",
                        verbose_name="played in",
                    ),
                ),
                (
                    "plan",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="play",
                        to="joint_plans.jointplan",
                    ),
                ),
            ],
            options={
                "verbose_name": "where an exercise is played",
                "verbose_name_plural": "where exercises are played",
            },
        ),
        Guard("Play", column="plan_id", history=False),
        migrations.RunPython(apply, migrations.RunPython.noop),
    ]
