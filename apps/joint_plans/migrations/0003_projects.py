"""Projects as kinds of plans: their tables, with the wall around each, and what a mission begins with."""

import uuid
from decimal import Decimal
from pathlib import Path

import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from apps.need_to_know.guarding import Guard, ReadAsNobody
from apps.need_to_know.row_rule import expand

SQL = Path(__file__).with_name("0003_projects.sql")


def apply(apps, schema_editor):
    """Run the file as one script."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(expand(SQL.read_text(encoding="utf-8"), version=2))


class Migration(migrations.Migration):
    """Tables, and the wall around each."""

    dependencies = [
        ("joint_plans", "0002_resources"),
        ("mission", "0009_evidence_priorities"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        ReadAsNobody(),
        migrations.CreateModel(
            name="DuplicationCheck",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("number", models.PositiveIntegerField(db_default=0, editable=False, verbose_name="version")),
                (
                    "side",
                    models.CharField(
                        choices=[("humanitarian", "Humanitarian side"), ("cimic", "CIMIC")],
                        db_default="",
                        editable=False,
                        max_length=12,
                        verbose_name="for",
                    ),
                ),
                (
                    "result",
                    models.CharField(
                        choices=[
                            ("none", "Nobody else does the same there"),
                            ("possible", "Somebody may do the same there"),
                            ("duplicate", "Somebody does the same there"),
                        ],
                        max_length=12,
                        verbose_name="what was found",
                    ),
                ),
                (
                    "looked_at",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=2000,
                        validators=[django.core.validators.MaxLengthValidator(2000)],
                        verbose_name="what was looked at",
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
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="duplication_checks",
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
                "verbose_name": "duplication check",
                "verbose_name_plural": "duplication checks",
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Funding",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "opens_to",
                    models.CharField(
                        choices=[
                            ("all", "Everybody who reads the plan"),
                            ("contributors", "Contributing organisations and whoever endorses it"),
                            ("planners", "Those who keep the plan and whoever endorses it"),
                        ],
                        default="all",
                        help_text="Amounts, partner and instalments.",
                        max_length=12,
                        verbose_name="who reads it",
                    ),
                ),
                (
                    "amount_asked",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=14,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="amount asked for",
                    ),
                ),
                (
                    "amount_approved",
                    models.DecimalField(
                        decimal_places=2,
                        editable=False,
                        max_digits=14,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="amount approved",
                    ),
                ),
                (
                    "currency",
                    models.CharField(db_default="USD", editable=False, max_length=3, verbose_name="currency"),
                ),
                (
                    "partner_name",
                    models.CharField(
                        blank=True,
                        default="",
                        max_length=160,
                        verbose_name="implementing partner, where it is not in the list",
                    ),
                ),
                (
                    "partner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mission.organisation",
                        verbose_name="implementing partner",
                    ),
                ),
                (
                    "plan",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="funding",
                        to="joint_plans.jointplan",
                    ),
                ),
            ],
            options={
                "verbose_name": "funding",
                "verbose_name_plural": "funding",
            },
        ),
        migrations.CreateModel(
            name="MonitoringVisit",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("on", models.DateField(verbose_name="day")),
                (
                    "percent",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MaxValueValidator(100)],
                        verbose_name="done, in percent",
                    ),
                ),
                (
                    "finding",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=2000,
                        validators=[django.core.validators.MaxLengthValidator(2000)],
                        verbose_name="what was seen",
                    ),
                ),
                ("has_problem", models.BooleanField(default=False, verbose_name="there is a problem")),
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
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="visits",
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
                "verbose_name": "monitoring visit",
                "verbose_name_plural": "monitoring visits",
                "ordering": ["on", "id"],
            },
        ),
        migrations.CreateModel(
            name="Project",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "dual_use",
                    models.CharField(
                        choices=[
                            ("school", "School"),
                            ("clinic", "Clinic or hospital"),
                            ("water", "Water point"),
                            ("worship", "Place of worship"),
                            ("bridge", "Bridge"),
                            ("road", "Road"),
                            ("public", "Public building"),
                            ("other", "Something else"),
                        ],
                        help_text="In civilian words. A school, a clinic, a water point and a place of worship are protected.",
                        max_length=12,
                        verbose_name="what it is",
                    ),
                ),
                (
                    "works_type",
                    models.CharField(blank=True, default="", max_length=120, verbose_name="works"),
                ),
                ("place", models.CharField(max_length=160, verbose_name="place")),
                (
                    "beneficiaries",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="people who benefit"),
                ),
                (
                    "do_no_harm",
                    models.TextField(
                        blank=True,
                        default="",
                        help_text="To whom, by whose presence, and what is done about it.",
                        max_length=4000,
                        validators=[django.core.validators.MaxLengthValidator(4000)],
                        verbose_name="what harm it might do, and how that is avoided",
                    ),
                ),
                (
                    "sustainability",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=2000,
                        validators=[django.core.validators.MaxLengthValidator(2000)],
                        verbose_name="who keeps it afterwards",
                    ),
                ),
                (
                    "final_report",
                    models.TextField(
                        blank=True,
                        default="",
                        editable=False,
                        max_length=10000,
                        validators=[django.core.validators.MaxLengthValidator(10000)],
                        verbose_name="final report",
                    ),
                ),
                (
                    "is_protected_object",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Case(
                            models.When(
                                models.Q(("dual_use__in", ["school", "clinic", "water", "worship"])),
                                then=models.Value(True),
                            ),
                            default=models.Value(False),
                        ),
                        output_field=models.BooleanField(),
                        verbose_name="protected object",
                    ),
                ),
                (
                    "caution",
                    models.GeneratedField(
                        choices=[("protected", "Protected object: not to be shown as a military one")],
                        db_persist=True,
                        expression=models.Case(
                            models.When(
                                models.Q(("dual_use__in", ["school", "clinic", "water", "worship"])),
                                then=models.Value("protected"),
                            ),
                            default=models.Value(""),
                            output_field=models.CharField(max_length=12),
                        ),
                        output_field=models.CharField(max_length=12),
                        verbose_name="note",
                    ),
                ),
                (
                    "plan",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="project",
                        to="joint_plans.jointplan",
                    ),
                ),
            ],
            options={
                "verbose_name": "project",
                "verbose_name_plural": "projects",
            },
        ),
        migrations.CreateModel(
            name="ProjectCriterion",
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
                        choices=[("works", "Infrastructure works"), ("qip", "Quick impact project")],
                        max_length=12,
                        verbose_name="kind of project",
                    ),
                ),
                ("code", models.SlugField(max_length=24, verbose_name="code")),
                ("text", models.CharField(max_length=200, verbose_name="criterion")),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="mission.mission",
                        verbose_name="mission",
                    ),
                ),
            ],
            options={
                "verbose_name": "criterion for projects",
                "verbose_name_plural": "criteria for projects",
                "ordering": ["kind", "order", "id"],
            },
        ),
        migrations.CreateModel(
            name="CriterionAnswer",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "asked",
                    models.CharField(db_default="", editable=False, max_length=200, verbose_name="criterion"),
                ),
                (
                    "met",
                    models.CharField(
                        choices=[("yes", "Met"), ("partly", "Partly met"), ("no", "Not met")],
                        max_length=8,
                        verbose_name="met",
                    ),
                ),
                (
                    "why",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=1000,
                        validators=[django.core.validators.MaxLengthValidator(1000)],
                        verbose_name="why",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="criterion_answers",
                        to="joint_plans.jointplan",
                    ),
                ),
                (
                    "criterion",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="joint_plans.projectcriterion",
                    ),
                ),
            ],
            options={
                "verbose_name": "answer to a criterion",
                "verbose_name_plural": "answers to criteria",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="ProjectRule",
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
                        choices=[("works", "Infrastructure works"), ("qip", "Quick impact project")],
                        max_length=12,
                        verbose_name="kind of project",
                    ),
                ),
                (
                    "cap",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Left empty: any amount.",
                        max_digits=14,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="costs at most",
                    ),
                ),
                (
                    "currency",
                    models.CharField(
                        default="USD",
                        max_length=3,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z]{3}$", "Three capital letters, for example USD."
                            )
                        ],
                        verbose_name="currency",
                    ),
                ),
                (
                    "months_most",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="From its first day to its last.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="months at most",
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="mission.mission",
                        verbose_name="mission",
                    ),
                ),
            ],
            options={
                "verbose_name": "rule on projects",
                "verbose_name_plural": "rules on projects",
                "ordering": ["kind", "id"],
            },
        ),
        migrations.CreateModel(
            name="Instalment",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "number",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(99),
                        ],
                        verbose_name="number",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=14,
                        validators=[django.core.validators.MinValueValidator(Decimal("0"))],
                        verbose_name="amount",
                    ),
                ),
                (
                    "condition",
                    models.CharField(
                        blank=True, default="", max_length=300, verbose_name="on what condition"
                    ),
                ),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due on")),
                ("paid_on", models.DateField(editable=False, null=True, verbose_name="paid on")),
                (
                    "reference",
                    models.CharField(
                        blank=True, default="", max_length=120, verbose_name="reference of the document"
                    ),
                ),
                (
                    "unpaid_because",
                    models.CharField(
                        blank=True,
                        default="",
                        editable=False,
                        max_length=300,
                        verbose_name="not paid, because",
                    ),
                ),
                (
                    "plan",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="instalments",
                        to="joint_plans.jointplan",
                    ),
                ),
            ],
            options={
                "verbose_name": "instalment",
                "verbose_name_plural": "instalments",
                "ordering": ["number", "id"],
                "constraints": [
                    models.UniqueConstraint(fields=("plan", "number"), name="joint_plans_instalment_once")
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="projectcriterion",
            constraint=models.UniqueConstraint(
                fields=("mission", "kind", "code"), name="joint_plans_projectcriterion_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="criterionanswer",
            constraint=models.UniqueConstraint(
                fields=("plan", "criterion"), name="joint_plans_criterionanswer_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="projectrule",
            constraint=models.UniqueConstraint(
                fields=("mission", "kind"), name="joint_plans_projectrule_once"
            ),
        ),
        Guard("Project", column="plan_id"),
        Guard("Funding", column="plan_id", history=False),
        Guard("CriterionAnswer", column="plan_id"),
        Guard("DuplicationCheck", column="plan_id", history=False),
        Guard("Instalment", column="plan_id", history=False),
        Guard("MonitoringVisit", column="plan_id", history=False),
        migrations.RunPython(apply, migrations.RunPython.noop),
    ]
