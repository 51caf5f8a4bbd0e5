"""Announcements, their editions and who has read which, every table under its record by row-level security."""

from pathlib import Path

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
        ("mission", "0004_handover_cancelled"),
        ("records", "0006_mentions"),
        ("need_to_know", "0007_speed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        ReadAsNobody(),
        migrations.CreateModel(
            name="Announcement",
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
                    "message",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=5000,
                        validators=[django.core.validators.MaxLengthValidator(5000)],
                        verbose_name="what is told",
                    ),
                ),
                (
                    "instruction",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=5000,
                        validators=[django.core.validators.MaxLengthValidator(5000)],
                        verbose_name="what to do",
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("Geo", "Geophysical, landslides included"),
                            ("Met", "Weather, floods included"),
                            ("Safety", "Public safety"),
                            ("Security", "Security"),
                            ("Rescue", "Rescue and recovery"),
                            ("Fire", "Fire"),
                            ("Health", "Health"),
                            ("Env", "Environment and pollution"),
                            ("Transport", "Transport"),
                            ("Infra", "Infrastructure, supplies and telecommunication"),
                            ("CBRNE", "Chemical, biological, radiological, nuclear or explosive hazard"),
                            ("Other", "Other"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="category",
                    ),
                ),
                (
                    "urgency",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("Immediate", "Act at once"),
                            ("Expected", "Act soon, within the next hour"),
                            ("Future", "Act in the near future"),
                            ("Past", "No action is needed any more"),
                            ("Unknown", "Not known"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="urgency",
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("Extreme", "Extreme threat to life or property"),
                            ("Severe", "Significant threat to life or property"),
                            ("Moderate", "Possible threat to life or property"),
                            ("Minor", "Minimal or no threat to life or property"),
                            ("Unknown", "Not known"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="severity",
                    ),
                ),
                (
                    "certainty",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("Observed", "It has happened, or goes on"),
                            ("Likely", "Likely, more than 50%"),
                            ("Possible", "Possible, but not likely"),
                            ("Unlikely", "Not expected to happen"),
                            ("Unknown", "Not known"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="certainty",
                    ),
                ),
                ("effective_at", models.DateTimeField(blank=True, null=True, verbose_name="holds from")),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="holds until")),
                (
                    "needs_acknowledgement",
                    models.BooleanField(default=False, verbose_name="readers say that they have read it"),
                ),
                (
                    "edition",
                    models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="edition"),
                ),
            ],
            options={
                "verbose_name": "announcement",
                "verbose_name_plural": "announcements",
            },
            bases=("records.record", models.Model),
        ),
        migrations.CreateModel(
            name="Acknowledgement",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("edition", models.PositiveSmallIntegerField(verbose_name="edition")),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="on",
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        editable=False,
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
                    "announcement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="acknowledgements",
                        to="announcements.announcement",
                    ),
                ),
            ],
            options={
                "verbose_name": "acknowledgement",
                "verbose_name_plural": "acknowledgements",
                "ordering": ("at", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("announcement", "edition", "person"),
                        name="announcements_acknowledgement_once",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Edition",
            fields=[
                (
                    "message",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=5000,
                        validators=[django.core.validators.MaxLengthValidator(5000)],
                        verbose_name="what is told",
                    ),
                ),
                (
                    "instruction",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=5000,
                        validators=[django.core.validators.MaxLengthValidator(5000)],
                        verbose_name="what to do",
                    ),
                ),
                (
                    "category",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("Geo", "Geophysical, landslides included"),
                            ("Met", "Weather, floods included"),
                            ("Safety", "Public safety"),
                            ("Security", "Security"),
                            ("Rescue", "Rescue and recovery"),
                            ("Fire", "Fire"),
                            ("Health", "Health"),
                            ("Env", "Environment and pollution"),
                            ("Transport", "Transport"),
                            ("Infra", "Infrastructure, supplies and telecommunication"),
                            ("CBRNE", "Chemical, biological, radiological, nuclear or explosive hazard"),
                            ("Other", "Other"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="category",
                    ),
                ),
                (
                    "urgency",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("Immediate", "Act at once"),
                            ("Expected", "Act soon, within the next hour"),
                            ("Future", "Act in the near future"),
                            ("Past", "No action is needed any more"),
                            ("Unknown", "Not known"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="urgency",
                    ),
                ),
                (
                    "severity",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("Extreme", "Extreme threat to life or property"),
                            ("Severe", "Significant threat to life or property"),
                            ("Moderate", "Possible threat to life or property"),
                            ("Minor", "Minimal or no threat to life or property"),
                            ("Unknown", "Not known"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="severity",
                    ),
                ),
                (
                    "certainty",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("Observed", "It has happened, or goes on"),
                            ("Likely", "Likely, more than 50%"),
                            ("Possible", "Possible, but not likely"),
                            ("Unlikely", "Not expected to happen"),
                            ("Unknown", "Not known"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="certainty",
                    ),
                ),
                ("effective_at", models.DateTimeField(blank=True, null=True, verbose_name="holds from")),
                ("expires_at", models.DateTimeField(blank=True, null=True, verbose_name="holds until")),
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "number",
                    models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="edition"),
                ),
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
                    "announcement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="editions",
                        to="announcements.announcement",
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
            ],
            options={
                "verbose_name": "edition",
                "verbose_name_plural": "editions",
                "ordering": ("number",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("announcement", "number"), name="announcements_edition_once"
                    )
                ],
            },
        ),
        Guard("Announcement", column="record_ptr_id"),
        # WHY: no history of fields: these rows are written once and are history themselves.
        Guard("Edition", column="announcement_id", writes="readers", history=False),
        Guard("Acknowledgement", column="announcement_id", writes="readers", history=False),
        migrations.RunPython(apply, migrations.RunPython.noop),
    ]
