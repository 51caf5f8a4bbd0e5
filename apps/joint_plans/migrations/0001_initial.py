"""Joint plans, their parts and versions, with the wall around each table."""

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
        ("mission", "0009_evidence_priorities"),
        ("records", "0007_arose_from"),
        ("need_to_know", "0010_bodies"),
        ("action_points", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        ReadAsNobody(),
        migrations.CreateModel(
            name="Part",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("objective", "Objective"),
                            ("activity", "Activity"),
                            ("assumption", "Assumption"),
                            ("decision_point", "Decision point"),
                            ("risk", "Risk"),
                            ("indicator", "Indicator"),
                            ("instruction", "Coordinating instruction"),
                            ("annex", "Annex"),
                        ],
                        max_length=16,
                        verbose_name="part",
                    ),
                ),
                ("code", models.CharField(db_default="", editable=False, max_length=8, verbose_name="code")),
                ("order", models.PositiveIntegerField(default=0, verbose_name="order")),
                ("title", models.CharField(max_length=200, verbose_name="title")),
                (
                    "details",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=10000,
                        validators=[django.core.validators.MaxLengthValidator(10000)],
                        verbose_name="details",
                    ),
                ),
                (
                    "opens_to",
                    models.CharField(
                        choices=[
                            ("all", "Everybody who reads the plan"),
                            ("contributors", "Contributing organisations"),
                            ("named", "Contributing organisations that are named"),
                            ("planners", "Those who keep the plan"),
                        ],
                        default="all",
                        max_length=12,
                        verbose_name="who reads it",
                    ),
                ),
                (
                    "readers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="organisations that read it",
                    ),
                ),
                (
                    "classification",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "Unclassified"), (1, "Confidential"), (2, "Strictly confidential")],
                        default=0,
                        verbose_name="classification",
                    ),
                ),
                ("is_removed", models.BooleanField(default=False, editable=False, verbose_name="taken out")),
                ("is_changed", models.BooleanField(db_default=True, editable=False)),
                ("version", models.PositiveIntegerField(db_default=1, editable=False)),
                (
                    "open_title",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Case(
                            models.When(
                                classification=0, is_removed=False, opens_to="all", then=models.F("title")
                            ),
                            default=models.Value(""),
                            output_field=models.TextField(),
                        ),
                        output_field=models.TextField(),
                    ),
                ),
                (
                    "open_text",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Case(
                            models.When(
                                classification=0, is_removed=False, opens_to="all", then=models.F("details")
                            ),
                            default=models.Value(""),
                            output_field=models.TextField(),
                        ),
                        output_field=models.TextField(),
                    ),
                ),
            ],
            options={
                "verbose_name": "part of a plan",
                "verbose_name_plural": "parts of a plan",
                "ordering": ["order", "id"],
            },
        ),
        migrations.CreateModel(
            name="JointPlan",
            fields=[
                (
                    "record_ptr",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        related_name="as_joint_plan",
                        serialize=False,
                        to="records.record",
                    ),
                ),
                (
                    "purpose",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=4000,
                        validators=[django.core.validators.MaxLengthValidator(4000)],
                        verbose_name="purpose",
                    ),
                ),
                (
                    "end_state",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=4000,
                        validators=[django.core.validators.MaxLengthValidator(4000)],
                        verbose_name="what is reached when it is done",
                    ),
                ),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                ("review_on", models.DateField(blank=True, null=True, verbose_name="to be reviewed on")),
                (
                    "lessons",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=10000,
                        validators=[django.core.validators.MaxLengthValidator(10000)],
                        verbose_name="after-action review",
                    ),
                ),
                (
                    "edition",
                    models.PositiveIntegerField(db_default=0, editable=False, verbose_name="version"),
                ),
                ("trips_at", models.DateTimeField(editable=False, null=True)),
                (
                    "coordinator",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mission.position",
                        verbose_name="coordinated by",
                    ),
                ),
            ],
            options={
                "verbose_name": "joint plan",
                "verbose_name_plural": "joint plans",
            },
            bases=("records.record",),
        ),
        migrations.CreateModel(
            name="Indicator",
            fields=[
                (
                    "part_ptr",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        related_name="indicator",
                        serialize=False,
                        to="joint_plans.part",
                    ),
                ),
                ("unit", models.CharField(blank=True, default="", max_length=60, verbose_name="unit")),
                (
                    "baseline",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=16, null=True, verbose_name="baseline"
                    ),
                ),
                (
                    "target",
                    models.DecimalField(
                        blank=True, decimal_places=2, max_digits=16, null=True, verbose_name="target"
                    ),
                ),
                ("source", models.CharField(blank=True, default="", max_length=200, verbose_name="source")),
            ],
            options={
                "verbose_name": "indicator",
                "verbose_name_plural": "indicators",
            },
            bases=("joint_plans.part",),
        ),
        migrations.AddField(
            model_name="part",
            name="plan",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="joint_plans.jointplan"
            ),
        ),
        migrations.CreateModel(
            name="Contributor",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "standing",
                    models.CharField(
                        choices=[
                            ("planner", "Plans along: concurs, and may change the plan"),
                            ("contributor", "Contributes: concurs"),
                            ("informed", "Is informed"),
                        ],
                        default="contributor",
                        max_length=12,
                        verbose_name="takes part as",
                    ),
                ),
                ("asked", models.PositiveIntegerField(db_default=0, editable=False)),
                (
                    "answered",
                    models.PositiveIntegerField(
                        db_default=0, editable=False, verbose_name="version answered"
                    ),
                ),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "No answer yet"),
                            ("concur", "Concurs"),
                            ("comment", "Concurs with comment"),
                            ("non_concur", "Does not concur"),
                        ],
                        db_default="",
                        editable=False,
                        max_length=12,
                        verbose_name="answer",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mission.organisation",
                        verbose_name="organisation",
                    ),
                ),
                (
                    "position",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mission.position",
                        verbose_name="who answers for it",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="contributors",
                        to="joint_plans.jointplan",
                    ),
                ),
            ],
            options={
                "verbose_name": "contributing organisation",
                "verbose_name_plural": "contributing organisations",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Concurrence",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveIntegerField(verbose_name="version")),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("", "No answer yet"),
                            ("concur", "Concurs"),
                            ("comment", "Concurs with comment"),
                            ("non_concur", "Does not concur"),
                        ],
                        max_length=12,
                        verbose_name="answer",
                    ),
                ),
                (
                    "comment",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=4000,
                        validators=[django.core.validators.MaxLengthValidator(4000)],
                        verbose_name="comment",
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="at",
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
                    "organisation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mission.organisation",
                        verbose_name="organisation",
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
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="concurrences",
                        to="joint_plans.jointplan",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer of a contributing organisation",
                "verbose_name_plural": "answers of contributing organisations",
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="PartVersion",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField(verbose_name="version")),
                ("is_removed", models.BooleanField(default=False, verbose_name="taken out")),
                (
                    "opens_to",
                    models.CharField(
                        choices=[
                            ("all", "Everybody who reads the plan"),
                            ("contributors", "Contributing organisations"),
                            ("named", "Contributing organisations that are named"),
                            ("planners", "Those who keep the plan"),
                        ],
                        max_length=12,
                        verbose_name="who reads it",
                    ),
                ),
                (
                    "readers",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.IntegerField(), default=list, size=None
                    ),
                ),
                ("classification", models.PositiveSmallIntegerField(verbose_name="classification")),
                ("content", models.JSONField(default=dict)),
                (
                    "part",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
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
            ],
            options={
                "verbose_name": "part of a version",
                "verbose_name_plural": "parts of a version",
                "ordering": ["number", "id"],
            },
        ),
        migrations.CreateModel(
            name="PlanRule",
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
                            ("return", "Return and reintegration"),
                            ("protection", "Protection of civilians"),
                            ("access", "Humanitarian access and aid corridors"),
                            ("contingency", "Contingency plan"),
                            ("support", "Support to authorities"),
                            ("works", "Infrastructure works"),
                            ("qip", "Quick impact project"),
                            ("exercise", "Training or exercise"),
                            ("other", "Other plan"),
                        ],
                        max_length=12,
                        verbose_name="kind of plan",
                    ),
                ),
                (
                    "review_days",
                    models.PositiveSmallIntegerField(
                        default=90,
                        help_text="Proposed as the day of its review; whoever keeps the plan may set another.",
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(730),
                        ],
                        verbose_name="days after which an active plan is reviewed",
                    ),
                ),
                (
                    "endorsed_by",
                    models.ForeignKey(
                        blank=True,
                        help_text="Left empty: any position that is a decision authority.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mission.position",
                        verbose_name="endorsed by",
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="plan_rules",
                        to="mission.mission",
                        verbose_name="mission",
                    ),
                ),
            ],
            options={
                "verbose_name": "rule on a kind of plan",
                "verbose_name_plural": "rules on kinds of plans",
                "ordering": ["kind", "id"],
            },
        ),
        migrations.CreateModel(
            name="PlanVersion",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveIntegerField(default=0, editable=False, verbose_name="version")),
                (
                    "note",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=2000,
                        validators=[django.core.validators.MaxLengthValidator(2000)],
                        verbose_name="what changed and why",
                    ),
                ),
                ("content", models.JSONField(default=dict, editable=False)),
                ("endorsed_at", models.DateTimeField(editable=False, null=True, verbose_name="endorsed")),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        editable=False,
                        verbose_name="circulated",
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
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
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
            ],
            options={
                "verbose_name": "version of a plan",
                "verbose_name_plural": "versions of a plan",
                "ordering": ["number"],
            },
        ),
        migrations.CreateModel(
            name="Activity",
            fields=[
                (
                    "part_ptr",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        related_name="activity",
                        serialize=False,
                        to="joint_plans.part",
                    ),
                ),
                (
                    "supports",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.BigIntegerField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="supported by",
                    ),
                ),
                ("starts_on", models.DateField(blank=True, null=True, verbose_name="from")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "needs",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=2000,
                        validators=[django.core.validators.MaxLengthValidator(2000)],
                        verbose_name="what it takes",
                    ),
                ),
                (
                    "progress",
                    models.CharField(
                        choices=[
                            ("planned", "Planned"),
                            ("under_way", "Under way"),
                            ("delayed", "Delayed"),
                            ("done", "Done"),
                            ("dropped", "Not to be done"),
                        ],
                        default="planned",
                        editable=False,
                        max_length=12,
                        verbose_name="progress",
                    ),
                ),
                (
                    "report",
                    models.TextField(
                        blank=True,
                        default="",
                        editable=False,
                        max_length=2000,
                        validators=[django.core.validators.MaxLengthValidator(2000)],
                        verbose_name="where it stands",
                    ),
                ),
                ("reported_at", models.DateTimeField(editable=False, null=True, verbose_name="reported")),
                (
                    "may_hint",
                    models.BooleanField(
                        default=True,
                        help_text="If others, who cannot read it, plan something in the same area and time, they learn which position to coordinate with. They learn nothing else.",
                        verbose_name="others may learn whom to ask",
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mission.area",
                        verbose_name="area",
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mission.organisation",
                        verbose_name="lead",
                    ),
                ),
                (
                    "objective",
                    models.ForeignKey(
                        blank=True,
                        limit_choices_to=models.Q(("kind", "objective")),
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="serves",
                        to="joint_plans.part",
                        verbose_name="objective",
                    ),
                ),
                (
                    "of_plan",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="joint_plans.jointplan",
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
            ],
            options={
                "verbose_name": "activity",
                "verbose_name_plural": "activities",
            },
            bases=("joint_plans.part",),
        ),
        migrations.CreateModel(
            name="Assumption",
            fields=[
                (
                    "part_ptr",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        related_name="assumption",
                        serialize=False,
                        to="joint_plans.part",
                    ),
                ),
                ("holds_until", models.DateField(blank=True, null=True, verbose_name="assumed until")),
                ("watched", models.UUIDField(editable=False, null=True)),
                (
                    "watch",
                    models.CharField(
                        blank=True,
                        choices=[
                            (
                                "fails",
                                "It ends otherwise than was meant: declined, withdrawn, cancelled, expired",
                            ),
                            ("ends", "It comes to its end, well or not"),
                            ("moves", "It reaches another state than now"),
                        ],
                        default="",
                        max_length=8,
                        verbose_name="breaks when",
                    ),
                ),
                (
                    "breaks_in",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        editable=False,
                        size=None,
                    ),
                ),
                (
                    "then",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=2000,
                        validators=[django.core.validators.MaxLengthValidator(2000)],
                        verbose_name="what must happen then",
                    ),
                ),
                (
                    "assumed",
                    models.CharField(
                        choices=[
                            ("holds", "Holds"),
                            ("tripped", "Does not hold any more"),
                            ("dropped", "Is assumed no longer"),
                        ],
                        default="holds",
                        editable=False,
                        max_length=8,
                        verbose_name="still assumed",
                    ),
                ),
                (
                    "tripped_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="does not hold since"),
                ),
                (
                    "of_plan",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="joint_plans.jointplan",
                    ),
                ),
            ],
            options={
                "verbose_name": "assumption",
                "verbose_name_plural": "assumptions",
            },
            bases=("joint_plans.part",),
        ),
        migrations.CreateModel(
            name="DecisionPoint",
            fields=[
                (
                    "part_ptr",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        related_name="decision_point",
                        serialize=False,
                        to="joint_plans.part",
                    ),
                ),
                ("decide_by", models.DateTimeField(blank=True, null=True, verbose_name="to be decided by")),
                (
                    "outcome",
                    models.TextField(
                        blank=True,
                        default="",
                        editable=False,
                        max_length=2000,
                        validators=[django.core.validators.MaxLengthValidator(2000)],
                        verbose_name="what was decided",
                    ),
                ),
                ("decided_on", models.DateField(editable=False, null=True, verbose_name="decided on")),
                (
                    "decider",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mission.position",
                        verbose_name="decided by",
                    ),
                ),
                (
                    "of_plan",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="joint_plans.jointplan",
                    ),
                ),
            ],
            options={
                "verbose_name": "decision point",
                "verbose_name_plural": "decision points",
            },
            bases=("joint_plans.part",),
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("on", models.DateField(verbose_name="day")),
                ("value", models.DecimalField(decimal_places=2, max_digits=16, verbose_name="value")),
                (
                    "note",
                    models.CharField(
                        blank=True, default="", max_length=300, verbose_name="where it comes from"
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
                    "plan",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
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
                    "indicator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="readings",
                        to="joint_plans.indicator",
                    ),
                ),
            ],
            options={
                "verbose_name": "reading",
                "verbose_name_plural": "readings",
                "ordering": ["on", "id"],
            },
        ),
        migrations.AddField(
            model_name="indicator",
            name="objective",
            field=models.ForeignKey(
                blank=True,
                limit_choices_to=models.Q(("kind", "objective")),
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="measured_by",
                to="joint_plans.part",
                verbose_name="objective",
            ),
        ),
        migrations.AddField(
            model_name="indicator",
            name="of_plan",
            field=models.ForeignKey(
                editable=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="joint_plans.jointplan",
            ),
        ),
        migrations.CreateModel(
            name="Risk",
            fields=[
                (
                    "part_ptr",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        related_name="risk",
                        serialize=False,
                        to="joint_plans.part",
                    ),
                ),
                (
                    "likelihood",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="1 to 5",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="likelihood",
                    ),
                ),
                (
                    "impact",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="1 to 5",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="impact",
                    ),
                ),
                (
                    "mitigation",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=2000,
                        validators=[django.core.validators.MaxLengthValidator(2000)],
                        verbose_name="what is done about it",
                    ),
                ),
                (
                    "of_plan",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="joint_plans.jointplan",
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
            ],
            options={
                "verbose_name": "risk",
                "verbose_name_plural": "risks",
            },
            bases=("joint_plans.part",),
        ),
        migrations.AddIndex(
            model_name="part",
            index=models.Index(fields=["plan", "kind", "order", "id"], name="joint_plans_part_order"),
        ),
        migrations.AddIndex(
            model_name="contributor",
            index=models.Index(fields=["position", "plan"], name="joint_plans_contributor_post"),
        ),
        migrations.AddConstraint(
            model_name="contributor",
            constraint=models.UniqueConstraint(
                fields=("plan", "organisation"), name="joint_plans_contributor_once"
            ),
        ),
        migrations.AddIndex(
            model_name="partversion",
            index=models.Index(fields=["plan", "number"], name="joint_plans_partversion_plan"),
        ),
        migrations.AddConstraint(
            model_name="partversion",
            constraint=models.UniqueConstraint(
                fields=("part", "number"), name="joint_plans_partversion_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="planrule",
            constraint=models.UniqueConstraint(fields=("mission", "kind"), name="joint_plans_planrule_once"),
        ),
        migrations.AddConstraint(
            model_name="planversion",
            constraint=models.UniqueConstraint(
                fields=("plan", "number"), name="joint_plans_planversion_once"
            ),
        ),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(fields=["area", "starts_on", "ends_on"], name="joint_plans_activity_place"),
        ),
        migrations.AddIndex(
            model_name="activity",
            index=models.Index(fields=["lead", "starts_on"], name="joint_plans_activity_lead"),
        ),
        migrations.AddIndex(
            model_name="assumption",
            index=models.Index(fields=["watched"], name="joint_plans_assumption_watch"),
        ),
        Guard("JointPlan", column="record_ptr_id"),
        Guard("Contributor", column="plan_id"),
        Guard("Concurrence", column="plan_id", history=False),
        Guard("Part", column="plan_id", history=False),
        Guard("PlanVersion", column="plan_id", history=False),
        Guard("PartVersion", column="plan_id", writes="nobody", history=False),
        migrations.RunPython(apply, migrations.RunPython.noop),
    ]
