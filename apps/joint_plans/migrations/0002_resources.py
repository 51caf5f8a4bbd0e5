"""Resources, their promises, and what is raised from a part, with the wall around each table."""

import uuid
from pathlib import Path

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from apps.need_to_know.guarding import ReadAsNobody
from apps.need_to_know.row_rule import expand, readable

SQL = Path(__file__).with_name("0002_resources.sql")
# Who learns of a resource: the organisation that gives it, and those to whom it opens.
LEARNS = (
    "{s}mission_id = current_setting('app.mission')::bigint AND (joint_plans_own({s}organisation_id)"
    " OR {s}opens_to = 'mission' AND joint_plans_in_mission({s}mission_id)"
    " OR {s}opens_to = 'named' AND {s}readers && current_setting('app.principals')::integer[])"
)


def apply(apps, schema_editor):
    """Run the file as one script."""
    sql = SQL.read_text(encoding="utf-8").replace("@READABLE_X@", readable("x", 2))
    sql = sql.replace("@LEARNS_HERE@", LEARNS.format(s="")).replace("@LEARNS@", LEARNS.format(s="s."))
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(expand(sql, version=2))


class Migration(migrations.Migration):
    """Tables, and the wall around each."""

    dependencies = [
        ("joint_plans", "0001_initial"),
        ("mission", "0009_evidence_priorities"),
        ("records", "0007_arose_from"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        ReadAsNobody(),
        migrations.CreateModel(
            name="Resource",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("capability", models.CharField(max_length=200, verbose_name="what it can do")),
                (
                    "kind",
                    models.CharField(
                        choices=[
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
                        max_length=24,
                        verbose_name="kind of support",
                    ),
                ),
                (
                    "notice_hours",
                    models.PositiveSmallIntegerField(
                        default=48,
                        validators=[django.core.validators.MaxValueValidator(2160)],
                        verbose_name="hours of notice",
                    ),
                ),
                (
                    "basis",
                    models.CharField(
                        choices=[("no_cost", "No cost"), ("reimbursable", "Reimbursable")],
                        default="no_cost",
                        max_length=16,
                        verbose_name="cost",
                    ),
                ),
                (
                    "conditions",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=1000,
                        validators=[django.core.validators.MaxLengthValidator(1000)],
                        verbose_name="conditions",
                    ),
                ),
                (
                    "opens_to",
                    models.CharField(
                        choices=[
                            ("mission", "Everybody in the mission"),
                            ("named", "Organisations that are named"),
                            ("organisation", "My organisation"),
                        ],
                        default="mission",
                        max_length=12,
                        verbose_name="who learns of it",
                    ),
                ),
                (
                    "readers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="organisations that learn of it",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="is offered")),
                (
                    "keeper",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mission.position",
                        verbose_name="promised by",
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="mission.mission",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mission.organisation",
                        verbose_name="given by",
                    ),
                ),
            ],
            options={
                "verbose_name": "resource",
                "verbose_name_plural": "resources",
                "ordering": ["kind", "capability", "id"],
            },
        ),
        migrations.CreateModel(
            name="Promise",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("starts", models.DateTimeField(verbose_name="from")),
                ("ends", models.DateTimeField(verbose_name="until")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "Asked for"),
                            ("promised", "Promised"),
                            ("declined", "Declined"),
                            ("released", "Released"),
                        ],
                        default="asked",
                        editable=False,
                        max_length=12,
                        verbose_name="state",
                    ),
                ),
                (
                    "note",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=500,
                        validators=[django.core.validators.MaxLengthValidator(500)],
                        verbose_name="what for",
                    ),
                ),
                (
                    "reason",
                    models.TextField(
                        blank=True,
                        default="",
                        editable=False,
                        max_length=500,
                        validators=[django.core.validators.MaxLengthValidator(500)],
                        verbose_name="reason",
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="asked",
                    ),
                ),
                ("settled_at", models.DateTimeField(editable=False, null=True, verbose_name="answered")),
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
                    "part",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="joint_plans.part",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="promises",
                        to="joint_plans.jointplan",
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
                        verbose_name="by",
                    ),
                ),
                (
                    "resource",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="promises",
                        to="joint_plans.resource",
                        verbose_name="resource",
                    ),
                ),
            ],
            options={
                "verbose_name": "promise of a resource",
                "verbose_name_plural": "promises of resources",
                "ordering": ["starts", "id"],
            },
        ),
        migrations.CreateModel(
            name="PartLink",
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
                    "part",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="joint_plans.part",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="joint_plans.jointplan",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.record"
                    ),
                ),
            ],
            options={
                "verbose_name": "record raised from a plan",
                "verbose_name_plural": "records raised from plans",
                "ordering": ["id"],
                "indexes": [models.Index(fields=["plan", "part"], name="joint_plans_partlink_part")],
            },
        ),
        migrations.AddIndex(
            model_name="resource",
            index=models.Index(fields=["mission", "kind"], name="joint_plans_resource_kind"),
        ),
        migrations.AddIndex(
            model_name="resource",
            index=models.Index(fields=["keeper"], name="joint_plans_resource_keeper"),
        ),
        migrations.AddIndex(
            model_name="promise",
            index=models.Index(fields=["resource", "state", "starts"], name="joint_plans_promise_when"),
        ),
        migrations.RunPython(apply, migrations.RunPython.noop),
    ]
