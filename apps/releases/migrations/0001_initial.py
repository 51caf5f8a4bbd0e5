"""Releases, what they are drawn from and their signatures, every table under its record by row-level security."""

import uuid
from pathlib import Path

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from apps.need_to_know.guarding import Guard, ReadAsNobody
from apps.need_to_know.row_rule import expand

SQL = Path(__file__).with_name("0001_wall.sql")


def apply(apps, schema_editor):
    """Run the file as one script."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(expand(SQL.read_text(encoding="utf-8"), version=2))


class Migration(migrations.Migration):
    """Tables, and the wall around each."""

    initial = True

    dependencies = [
        ("mission", "0002_information_sharing"),
        ("records", "0002_data_types"),
        ("need_to_know", "0003_trust"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        ReadAsNobody(),
        migrations.CreateModel(
            name="Release",
            fields=[
                (
                    "record_ptr",
                    models.OneToOneField(
                        auto_created=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="records.record",
                    ),
                ),
                (
                    "summary",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=10000,
                        validators=[django.core.validators.MaxLengthValidator(10000)],
                        verbose_name="what may be told",
                    ),
                ),
                (
                    "handling",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=2000,
                        validators=[django.core.validators.MaxLengthValidator(2000)],
                        verbose_name="caveats and handling",
                    ),
                ),
                ("valid_until", models.DateTimeField(blank=True, null=True, verbose_name="valid until")),
            ],
            options={
                "verbose_name": "release",
                "verbose_name_plural": "releases",
            },
            bases=("records.record",),
        ),
        migrations.CreateModel(
            name="Signature",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "classification",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "Unclassified"), (1, "Confidential"), (2, "Strictly confidential")],
                        verbose_name="classification",
                    ),
                ),
                (
                    "sensitivity",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "Low"), (1, "Moderate"), (2, "High"), (3, "Severe")],
                        verbose_name="sensitivity",
                    ),
                ),
                (
                    "compartments",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="compartments",
                    ),
                ),
                (
                    "data_types",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="protected data it holds",
                    ),
                ),
                (
                    "scope",
                    models.CharField(
                        choices=[
                            ("private", "Only my position, and those named"),
                            ("organisation", "My organisation, and those named"),
                            ("mission", "Everyone in the mission"),
                        ],
                        max_length=12,
                        verbose_name="audience",
                    ),
                ),
                ("reason", models.TextField(blank=True, default="", max_length=4000, verbose_name="reason")),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="on",
                    ),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "position",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mission.position",
                        verbose_name="as",
                    ),
                ),
                (
                    "release",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="signatures",
                        to="releases.release",
                    ),
                ),
            ],
            options={
                "verbose_name": "signature",
                "verbose_name_plural": "signatures",
                "ordering": ("at", "id"),
            },
        ),
        migrations.CreateModel(
            name="Derivation",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "relation",
                    models.CharField(
                        choices=[
                            ("source", "it is drawn from this"),
                            ("version", "it is a new version of this"),
                        ],
                        default="source",
                        max_length=8,
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("raised_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "actor",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "derived",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="drawn_from",
                        to="records.record",
                    ),
                ),
                (
                    "position",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mission.position",
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="released_as",
                        to="records.record",
                    ),
                ),
            ],
            options={
                "verbose_name": "derivation",
                "verbose_name_plural": "derivations",
                "ordering": ("at", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("derived", "source"), name="releases_derivation_once"),
                    models.CheckConstraint(
                        condition=models.Q(("derived", models.F("source")), _negated=True),
                        name="releases_derivation_two_ends",
                    ),
                ],
            },
        ),
        Guard("Release", column="record_ptr_id"),
        # WHY: no history of fields: a signature is written once and is history itself.
        Guard("Signature", column="release_id", writes="readers", history=False),
        migrations.RunPython(apply, migrations.RunPython.noop),
    ]
