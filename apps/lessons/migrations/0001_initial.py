"""Lessons, under their records by row-level security."""

from pathlib import Path

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import apps.lessons.teaching
from apps.need_to_know.guarding import Guard, ReadAsNobody
from apps.need_to_know.row_rule import expand

SQL = Path(__file__).with_name("0001_wall.sql")


def apply(apps, schema_editor):
    """Run the file as one script."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(expand(SQL.read_text(encoding="utf-8"), version=2))


def text(label):
    """A text of at most 6,000 characters."""
    return models.TextField(
        blank=True,
        default="",
        max_length=6000,
        validators=[django.core.validators.MaxLengthValidator(6000)],
        verbose_name=label,
    )


class Migration(migrations.Migration):
    """The table, and the wall around it."""

    initial = True

    dependencies = [
        ("mission", "0009_evidence_priorities"),
        ("records", "0008_branches_and_sequels"),
        ("need_to_know", "0010_bodies"),
        ("action_points", "0001_initial"),
    ]

    operations = [
        ReadAsNobody(),
        migrations.CreateModel(
            name="Lesson",
            fields=[
                (
                    "record_ptr",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        related_name="as_lesson",
                        serialize=False,
                        to="records.record",
                    ),
                ),
                ("expected", text("what was expected")),
                ("happened", text("what happened")),
                ("why", text("why")),
                ("next_time", text("what to do next time")),
                (
                    "applies_to",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(choices=apps.lessons.teaching.topics, max_length=82),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="what it is for",
                    ),
                ),
                (
                    "validator",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mission.position",
                        verbose_name="who validates it",
                    ),
                ),
            ],
            options={
                "verbose_name": "lesson",
                "verbose_name_plural": "lessons",
            },
            bases=("records.record",),
        ),
        Guard("Lesson", column="record_ptr_id"),
        migrations.RunPython(apply, migrations.RunPython.noop),
    ]
