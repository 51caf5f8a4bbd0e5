"""Action points, under their records by row-level security."""

from pathlib import Path

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

from apps.need_to_know.guarding import Guard, ReadAsNobody

SQL = Path(__file__).with_name("0001_wall.sql")


def apply(apps, schema_editor):
    """Run the file as one script."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(SQL.read_text(encoding="utf-8"))


class Migration(migrations.Migration):
    """The table, and the wall around it."""

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("mission", "0009_evidence_priorities"),
        ("records", "0007_arose_from"),
        ("need_to_know", "0009_filing_mandate"),
    ]

    operations = [
        ReadAsNobody(),
        migrations.CreateModel(
            name="ActionPoint",
            fields=[
                (
                    "record_ptr",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        related_name="as_action_point",
                        serialize=False,
                        to="records.record",
                    ),
                ),
                (
                    "details",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=5000,
                        validators=[django.core.validators.MaxLengthValidator(5000)],
                        verbose_name="details",
                    ),
                ),
                (
                    "body",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="auth.group",
                        verbose_name="working group",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mission.position",
                        verbose_name="owner",
                    ),
                ),
                (
                    "verifier",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mission.position",
                        verbose_name="who verifies it",
                    ),
                ),
            ],
            options={
                "verbose_name": "action point",
                "verbose_name_plural": "action points",
            },
            bases=("records.record",),
        ),
        Guard("ActionPoint", column="record_ptr_id"),
        migrations.RunPython(apply, migrations.RunPython.noop),
    ]
