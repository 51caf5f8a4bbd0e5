"""Stakeholders and all under them, every table under its record by row-level security; imports are their person's."""

import uuid
from pathlib import Path

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from apps.need_to_know.guarding import Guard, ReadAsNobody
from apps.need_to_know.row_rule import expand, readable
from apps.need_to_know.withholding import Withhold

SQL = Path(__file__).with_name("0001_wall.sql")


def apply(apps, schema_editor):
    """Run the file as one script."""
    with schema_editor.connection.cursor() as cursor:
        text = SQL.read_text(encoding="utf-8").replace("@READABLE_X@", readable("x", version=2))
        cursor.execute(expand(text, version=2))


class Migration(migrations.Migration):
    """Tables, and the wall around each."""

    initial = True

    dependencies = [
        ("mission", "0005_issuing"),
        ("records", "0006_mentions"),
        ("need_to_know", "0008_told_from_the_outbox"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        ReadAsNobody(),
        migrations.CreateModel(
            name="ImportRun",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=180, verbose_name="file")),
                ("content", models.BinaryField()),
                ("sha256", models.CharField(editable=False, max_length=64)),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("presence", "Who does what, where and when (3W, 4W)"),
                            ("organisations", "Organisations"),
                        ],
                        default="",
                        max_length=14,
                        verbose_name="what it lists",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("reading", "Being read"),
                            ("ready", "Ready to be looked through"),
                            ("applying", "Being imported"),
                            ("applied", "Imported"),
                            ("refused", "Refused"),
                            ("failed", "Failed"),
                        ],
                        default="reading",
                        max_length=10,
                        verbose_name="state",
                    ),
                ),
                ("problem", models.TextField(blank=True, default="")),
                ("layout", models.JSONField(default=dict)),
                ("counts", models.JSONField(default=dict)),
                ("answers", models.JSONField(default=dict)),
                ("label", models.JSONField(default=dict)),
                ("source", models.CharField(blank=True, default="", max_length=200, verbose_name="source")),
                (
                    "created_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                ("finished_at", models.DateTimeField(blank=True, editable=False, null=True)),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="mission.mission"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "position",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="mission.position",
                        verbose_name="as",
                    ),
                ),
            ],
            options={
                "verbose_name": "import",
                "verbose_name_plural": "imports",
                "ordering": ("-created_at", "-id"),
            },
        ),
        migrations.CreateModel(
            name="ImportRow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField(verbose_name="row")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("created", "New"),
                            ("updated", "Changed"),
                            ("unchanged", "As it was"),
                            ("skipped", "Skipped"),
                            ("refused", "Refused"),
                        ],
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                ("name", models.CharField(blank=True, default="", max_length=300, verbose_name="name")),
                ("said", models.JSONField(default=dict)),
                ("changes", models.JSONField(default=dict)),
                ("problems", models.JSONField(default=list)),
                ("proposal", models.JSONField(default=dict)),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="stakeholders.importrun",
                    ),
                ),
            ],
            options={
                "verbose_name": "row of an import",
                "verbose_name_plural": "rows of an import",
                "ordering": ("number", "id"),
            },
        ),
        migrations.CreateModel(
            name="Stakeholder",
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
                ("acronym", models.CharField(blank=True, default="", max_length=30, verbose_name="acronym")),
                (
                    "other_names",
                    models.TextField(
                        blank=True,
                        default="",
                        help_text="One on each line: former names, names in other languages, spellings in tables.",
                        max_length=1000,
                        validators=[django.core.validators.MaxLengthValidator(1000)],
                        verbose_name="other names",
                    ),
                ),
                (
                    "side",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("humanitarian", "Humanitarian"),
                            ("development", "Development"),
                            ("mission_civil", "Mission, civilian"),
                            ("mission_military", "Mission, military"),
                            ("mission_police", "Mission, police"),
                            ("host_state", "Host state"),
                            ("other", "Other"),
                        ],
                        default="",
                        max_length=20,
                        verbose_name="side",
                    ),
                ),
                (
                    "stance",
                    models.CharField(
                        choices=[
                            ("direct", "Direct"),
                            ("via_ocha", "Via OCHA only"),
                            ("listed", "Listed only"),
                            ("unlisted", "Not to be listed"),
                        ],
                        default="direct",
                        max_length=12,
                        verbose_name="engagement stance",
                    ),
                ),
                (
                    "purpose",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=5000,
                        validators=[django.core.validators.MaxLengthValidator(5000)],
                        verbose_name="what it does",
                    ),
                ),
                (
                    "engagement",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=5000,
                        validators=[django.core.validators.MaxLengthValidator(5000)],
                        verbose_name="how to engage it",
                    ),
                ),
                (
                    "culture",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=5000,
                        validators=[django.core.validators.MaxLengthValidator(5000)],
                        verbose_name="customs and languages",
                    ),
                ),
                (
                    "sensitivities",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=5000,
                        validators=[django.core.validators.MaxLengthValidator(5000)],
                        verbose_name="what to be careful about",
                    ),
                ),
                ("active_from", models.DateField(blank=True, null=True, verbose_name="active from")),
                ("active_to", models.DateField(blank=True, null=True, verbose_name="active until")),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mission.organisation",
                        verbose_name="organisation in the portal",
                    ),
                ),
            ],
            options={
                "verbose_name": "stakeholder",
                "verbose_name_plural": "stakeholders",
            },
            bases=("records.record",),
        ),
        migrations.CreateModel(
            name="Relation",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("part_of", "is part of"),
                            ("partner_of", "implements for"),
                            ("funded_by", "is funded by"),
                            ("member_of", "is a member of"),
                            ("hosted_by", "is hosted by"),
                            ("contributed_by", "is contributed by"),
                            ("strained_with", "has strained relations with"),
                            ("merged_into", "was merged into"),
                        ],
                        max_length=16,
                        verbose_name="relation",
                    ),
                ),
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
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="relations_from",
                        to="stakeholders.stakeholder",
                    ),
                ),
                (
                    "target",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="relations_to",
                        to="stakeholders.stakeholder",
                    ),
                ),
            ],
            options={
                "verbose_name": "relation",
                "verbose_name_plural": "relations",
            },
        ),
        migrations.CreateModel(
            name="Presence",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("implementing", "Implementing"),
                            ("programming", "Programming or leading"),
                            ("funding", "Funding"),
                            ("present", "Present"),
                        ],
                        default="implementing",
                        max_length=14,
                        verbose_name="role",
                    ),
                ),
                (
                    "activity",
                    models.CharField(blank=True, default="", max_length=300, verbose_name="activity"),
                ),
                ("place", models.CharField(blank=True, default="", max_length=120, verbose_name="place")),
                (
                    "latitude",
                    models.DecimalField(
                        blank=True,
                        decimal_places=5,
                        max_digits=8,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(-90),
                            django.core.validators.MaxValueValidator(90),
                        ],
                        verbose_name="latitude",
                    ),
                ),
                (
                    "longitude",
                    models.DecimalField(
                        blank=True,
                        decimal_places=5,
                        max_digits=8,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(-180),
                            django.core.validators.MaxValueValidator(180),
                        ],
                        verbose_name="longitude",
                    ),
                ),
                ("start", models.DateField(blank=True, null=True, verbose_name="from")),
                ("end", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("ongoing", "Ongoing"),
                            ("suspended", "Suspended"),
                            ("completed", "Completed"),
                            ("unknown", "Not known"),
                        ],
                        default="unknown",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                (
                    "population",
                    models.CharField(blank=True, default="", max_length=120, verbose_name="for whom"),
                ),
                (
                    "targeted",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="people targeted"),
                ),
                (
                    "reached",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="people reached"),
                ),
                ("source", models.CharField(blank=True, default="", max_length=200, verbose_name="source")),
                ("source_key", models.CharField(blank=True, default="", editable=False, max_length=64)),
                (
                    "may_hint",
                    models.BooleanField(
                        default=True,
                        verbose_name="others who are active there may be told to ask the coordinator",
                    ),
                ),
                (
                    "updated_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="last changed",
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mission.area",
                        verbose_name="area",
                    ),
                ),
                (
                    "sector",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mission.sector",
                        verbose_name="sector",
                    ),
                ),
                (
                    "stakeholder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="presence",
                        to="stakeholders.stakeholder",
                    ),
                ),
            ],
            options={
                "verbose_name": "presence",
                "verbose_name_plural": "presence",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Person",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "function",
                    models.CharField(blank=True, default="", max_length=120, verbose_name="function"),
                ),
                ("phone", models.CharField(blank=True, default="", max_length=60, verbose_name="telephone")),
                ("email", models.EmailField(blank=True, default="", max_length=254, verbose_name="e-mail")),
                (
                    "languages",
                    models.CharField(blank=True, default="", max_length=120, verbose_name="languages"),
                ),
                (
                    "consent",
                    models.CharField(
                        choices=[
                            ("not_asked", "Not asked, or refused: the record’s keepers alone"),
                            ("civilian", "Civilian readers of the record"),
                            ("everybody", "All readers of the record"),
                        ],
                        default="not_asked",
                        max_length=12,
                        verbose_name="agreed to be shown to",
                    ),
                ),
                ("consent_on", models.DateField(blank=True, null=True, verbose_name="agreed on")),
                (
                    "consent_until",
                    models.DateField(
                        blank=True,
                        help_text="Left empty, for a year from the day they agreed.",
                        null=True,
                        verbose_name="agreed until",
                    ),
                ),
                (
                    "stakeholder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="people",
                        to="stakeholders.stakeholder",
                    ),
                ),
            ],
            options={
                "verbose_name": "person",
                "verbose_name_plural": "people",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Mandate",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("text", models.TextField(max_length=2000, verbose_name="what it may and must do")),
                (
                    "source",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="Resolution, agreement, status-of-forces agreement, registration …",
                        max_length=200,
                        verbose_name="where it is written",
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid until")),
                (
                    "stakeholder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="mandates",
                        to="stakeholders.stakeholder",
                    ),
                ),
            ],
            options={
                "verbose_name": "mandate",
                "verbose_name_plural": "mandates",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("function", models.CharField(max_length=120, verbose_name="function")),
                ("phone", models.CharField(blank=True, default="", max_length=60, verbose_name="telephone")),
                ("email", models.EmailField(blank=True, default="", max_length=254, verbose_name="e-mail")),
                (
                    "channel",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="Radio call sign, satellite telephone, messenger …",
                        max_length=120,
                        verbose_name="other channel",
                    ),
                ),
                ("hours", models.CharField(blank=True, default="", max_length=120, verbose_name="when")),
                ("is_first", models.BooleanField(default=False, verbose_name="call first")),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mission.area",
                        verbose_name="for the area",
                    ),
                ),
                (
                    "stakeholder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contacts",
                        to="stakeholders.stakeholder",
                    ),
                ),
            ],
            options={
                "verbose_name": "contact",
                "verbose_name_plural": "contacts",
                "ordering": ("-is_first", "id"),
            },
        ),
        migrations.CreateModel(
            name="Caveat",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("any", "Any task"),
                            ("mcda", "Military or civil-defence assets"),
                            ("armed_escort", "Armed escort"),
                            ("force_protection", "Force protection"),
                            ("engineering", "Engineering"),
                            ("lift", "Air or river lift"),
                            ("medical", "Medical"),
                            ("uav", "UAV or imagery"),
                            ("storage", "Storage"),
                            ("communications", "Communications"),
                            ("mission_support", "Mission support"),
                        ],
                        default="any",
                        max_length=20,
                        verbose_name="rules out",
                    ),
                ),
                ("reason", models.TextField(max_length=2000, verbose_name="what it says")),
                (
                    "classification",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "Unclassified"), (1, "Confidential"), (2, "Strictly confidential")],
                        default=1,
                        verbose_name="classification",
                    ),
                ),
                ("valid_from", models.DateField(blank=True, null=True, verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid until")),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        help_text="Left empty, everywhere.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mission.area",
                        verbose_name="in the area",
                    ),
                ),
                (
                    "stakeholder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="caveats",
                        to="stakeholders.stakeholder",
                    ),
                ),
            ],
            options={
                "verbose_name": "caveat",
                "verbose_name_plural": "caveats",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="StanceWord",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "stance",
                    models.CharField(
                        choices=[
                            ("direct", "Direct"),
                            ("via_ocha", "Via OCHA only"),
                            ("listed", "Listed only"),
                            ("unlisted", "Not to be listed"),
                        ],
                        max_length=12,
                        verbose_name="engagement stance",
                    ),
                ),
                (
                    "reason",
                    models.TextField(
                        max_length=2000,
                        validators=[django.core.validators.MaxLengthValidator(2000)],
                        verbose_name="who wishes it so, and why",
                    ),
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
                    "stakeholder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stance_words",
                        to="stakeholders.stakeholder",
                    ),
                ),
            ],
            options={
                "verbose_name": "word on the stance",
                "verbose_name_plural": "words on the stance",
                "ordering": ("at", "id"),
            },
        ),
        migrations.AddIndex(
            model_name="importrun",
            index=models.Index(fields=["person", "-created_at"], name="stakeholders_importrun_person"),
        ),
        migrations.AddIndex(
            model_name="importrow",
            index=models.Index(fields=["run", "outcome", "number"], name="stakeholders_importrow_outcome"),
        ),
        migrations.AddConstraint(
            model_name="relation",
            constraint=models.UniqueConstraint(
                fields=("source", "target", "kind"), name="stakeholders_relation_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="relation",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", models.F("target")), _negated=True),
                name="stakeholders_relation_two_ends",
            ),
        ),
        migrations.AddIndex(
            model_name="presence",
            index=models.Index(fields=["stakeholder", "source_key"], name="stakeholders_presence_key"),
        ),
        migrations.AddIndex(
            model_name="presence",
            index=models.Index(fields=["area", "sector"], name="stakeholders_presence_where"),
        ),
        migrations.AddConstraint(
            model_name="person",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("consent", "not_asked"),
                    models.Q(("consent_on__isnull", False), ("consent_until__isnull", False)),
                    _connector="OR",
                ),
                name="stakeholders_person_consent",
                violation_error_message="Say when they agreed, or that they were not asked.",
            ),
        ),
        Guard("Stakeholder", column="record_ptr_id"),
        Guard("Contact", column="stakeholder_id", history=False),
        Guard("Person", column="stakeholder_id", history=False),
        Guard("Mandate", column="stakeholder_id"),
        Guard("Caveat", column="stakeholder_id", history=False),
        Guard("Presence", column="stakeholder_id", history=False),
        # WHY: written once, and history itself.
        Guard("StanceWord", column="stakeholder_id", writes="readers", history=False),
        Withhold("Stakeholder", fields={"sensitivities": "parties"}),
        migrations.RunPython(apply, migrations.RunPython.noop),
    ]
