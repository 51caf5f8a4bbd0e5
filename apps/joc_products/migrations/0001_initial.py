"""JOC products, their sections and templates, with the wall around each table; what a mission begins with."""

import uuid
from pathlib import Path

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from apps.need_to_know.guarding import Guard, ReadAsNobody

SQL = Path(__file__).with_name("0001_wall.sql")


def apply(apps, schema_editor):
    """Run the file as one script."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(SQL.read_text(encoding="utf-8"))


class Migration(migrations.Migration):
    """Tables, and the wall around each."""

    initial = True

    dependencies = [
        ("mission", "0007_register_roles"),
        ("records", "0006_mentions"),
        ("need_to_know", "0009_filing_mandate"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        ReadAsNobody(),
        migrations.CreateModel(
            name="JocProduct",
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
                ("period_from", models.DateTimeField(blank=True, null=True, verbose_name="period from")),
                ("period_to", models.DateTimeField(blank=True, null=True, verbose_name="period until")),
                (
                    "incident_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="time of the incident"),
                ),
                (
                    "contributions_due",
                    models.DateTimeField(blank=True, null=True, verbose_name="contributions due"),
                ),
                (
                    "edition",
                    models.PositiveSmallIntegerField(db_default=1, editable=False, verbose_name="edition"),
                ),
                (
                    "contributions_open",
                    models.BooleanField(
                        db_default=True,
                        editable=False,
                        verbose_name="contributions are seen by all contributors",
                    ),
                ),
            ],
            options={
                "verbose_name": "JOC product",
                "verbose_name_plural": "JOC products",
            },
            bases=("records.record",),
        ),
        migrations.CreateModel(
            name="Contribution",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveSmallIntegerField(default=1, verbose_name="order")),
                ("heading", models.CharField(max_length=120, verbose_name="heading")),
                (
                    "guidance",
                    models.CharField(
                        blank=True, default="", max_length=500, verbose_name="what belongs there"
                    ),
                ),
                ("is_required", models.BooleanField(default=False, verbose_name="needed for the release")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("awaited", "Awaited"),
                            ("given", "Given"),
                            ("nothing", "Nothing to report"),
                            ("missing", "Not received"),
                        ],
                        default="awaited",
                        editable=False,
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=10000,
                        validators=[django.core.validators.MaxLengthValidator(10000)],
                        verbose_name="text",
                    ),
                ),
                ("given_at", models.DateTimeField(editable=False, null=True, verbose_name="given")),
                ("is_late", models.BooleanField(db_default=False, editable=False, verbose_name="late")),
                (
                    "edited_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="edited by the JOC"),
                ),
                ("is_open", models.BooleanField(db_default=True, editable=False)),
                (
                    "version",
                    models.PositiveIntegerField(db_default=1, editable=False, verbose_name="version"),
                ),
                (
                    "searched",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Case(
                            models.When(is_open=True, then=models.F("text")),
                            default=models.Value(""),
                            output_field=models.TextField(),
                        ),
                        output_field=models.TextField(),
                    ),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="given by",
                    ),
                ),
                (
                    "position",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mission.position",
                        verbose_name="who is asked",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contributions",
                        to="joc_products.jocproduct",
                    ),
                ),
            ],
            options={
                "verbose_name": "section",
                "verbose_name_plural": "sections",
                "ordering": ("number", "id"),
            },
        ),
        migrations.CreateModel(
            name="Given",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "text",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=10000,
                        validators=[django.core.validators.MaxLengthValidator(10000)],
                        verbose_name="text",
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
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
                    ),
                ),
                (
                    "contribution",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="given",
                        to="joc_products.contribution",
                    ),
                ),
                (
                    "position",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="mission.position"
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="given",
                        to="joc_products.jocproduct",
                    ),
                ),
            ],
            options={
                "verbose_name": "contribution as it was given",
                "verbose_name_plural": "contributions as they were given",
                "ordering": ("at", "id"),
            },
        ),
        migrations.CreateModel(
            name="ProductTemplate",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("daily", "Daily situation report"),
                            ("weekly", "Weekly situation report"),
                            ("monthly", "Monthly report"),
                            ("special_incident", "Special incident report"),
                            ("flash", "Flash report"),
                        ],
                        max_length=40,
                        verbose_name="kind",
                    ),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "release_hour",
                    models.PositiveSmallIntegerField(
                        default=18,
                        help_text="0 to 23, in the mission’s time zone. For daily, weekly and monthly reports.",
                        validators=[django.core.validators.MaxValueValidator(23)],
                        verbose_name="hour of the day at which it is released",
                    ),
                ),
                (
                    "incident_hours",
                    models.PositiveSmallIntegerField(
                        default=6,
                        help_text="For special incident reports and flash reports.",
                        verbose_name="hours after the incident within which it is due",
                    ),
                ),
                (
                    "contributions_hours",
                    models.PositiveSmallIntegerField(
                        default=3, verbose_name="hours before the release at which contributions are due"
                    ),
                ),
                (
                    "contributions_open",
                    models.BooleanField(
                        default=True,
                        help_text="If not, each contributor sees their own section alone until the product is released.",
                        verbose_name="contributions are seen by all contributors",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="product_templates",
                        to="mission.mission",
                        verbose_name="mission",
                    ),
                ),
            ],
            options={
                "verbose_name": "template of a JOC product",
                "verbose_name_plural": "templates of JOC products",
                "ordering": ("kind", "name", "id"),
            },
        ),
        migrations.AddField(
            model_name="jocproduct",
            name="template",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="joc_products.producttemplate",
                verbose_name="template",
            ),
        ),
        migrations.CreateModel(
            name="TemplateSection",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveSmallIntegerField(default=1, verbose_name="order")),
                ("heading", models.CharField(max_length=120, verbose_name="heading")),
                (
                    "guidance",
                    models.CharField(
                        blank=True, default="", max_length=500, verbose_name="what belongs there"
                    ),
                ),
                ("is_required", models.BooleanField(default=False, verbose_name="needed for the release")),
                (
                    "position",
                    models.ForeignKey(
                        blank=True,
                        help_text="Left empty, the JOC writes it itself.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mission.position",
                        verbose_name="who is asked",
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="sections",
                        to="joc_products.producttemplate",
                    ),
                ),
            ],
            options={
                "verbose_name": "section",
                "verbose_name_plural": "sections",
                "ordering": ("number", "id"),
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "corrected",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="corrected_by",
                        to="joc_products.jocproduct",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="corrects",
                        to="joc_products.jocproduct",
                    ),
                ),
            ],
            options={
                "verbose_name": "correction",
                "verbose_name_plural": "corrections",
                "ordering": ("at", "id"),
                "constraints": [
                    models.UniqueConstraint(fields=("product",), name="joc_products_correction_once")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="contribution",
            index=models.Index(fields=["position", "state"], name="joc_products_section_asked"),
        ),
        migrations.AddConstraint(
            model_name="producttemplate",
            constraint=models.UniqueConstraint(
                fields=("mission", "kind", "name"), name="joc_products_template_once"
            ),
        ),
        Guard("JocProduct", column="record_ptr_id"),
        # WHY: history would tell every reader of the product what a section says that is not theirs to read.
        Guard("Contribution", column="product_id", history=False),
        Guard("Given", column="product_id", writes="nobody", history=False),
        migrations.RunPython(apply, migrations.RunPython.noop),
    ]
