"""Liaison offices, links and engagements, with the wall around each table; the rules that a mission begins with."""

import uuid
from pathlib import Path

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

from apps.need_to_know.guarding import Guard, ReadAsNobody
from apps.need_to_know.withholding import Withhold

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
        ("stakeholders", "0001_initial"),
        ("need_to_know", "0009_filing_mandate"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        ReadAsNobody(),
        migrations.CreateModel(
            name="Engagement",
            fields=[
                (
                    "record_ptr",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        related_name="as_engagement",
                        serialize=False,
                        to="records.record",
                    ),
                ),
                ("planned_for", models.DateTimeField(blank=True, null=True, verbose_name="planned for")),
                (
                    "objective",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=5000,
                        validators=[django.core.validators.MaxLengthValidator(5000)],
                        verbose_name="objective",
                    ),
                ),
                (
                    "cultural_notes",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=5000,
                        validators=[django.core.validators.MaxLengthValidator(5000)],
                        verbose_name="customs to mind",
                    ),
                ),
                (
                    "talking_points",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=5000,
                        validators=[django.core.validators.MaxLengthValidator(5000)],
                        verbose_name="talking points",
                    ),
                ),
                (
                    "plan",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=5000,
                        validators=[django.core.validators.MaxLengthValidator(5000)],
                        verbose_name="plan of the engagement",
                    ),
                ),
                (
                    "red_lines",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=5000,
                        validators=[django.core.validators.MaxLengthValidator(5000)],
                        verbose_name="red lines",
                    ),
                ),
                ("held_on", models.DateField(blank=True, null=True, verbose_name="held on")),
                ("place", models.CharField(blank=True, default="", max_length=120, verbose_name="place")),
                (
                    "participants",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=5000,
                        validators=[django.core.validators.MaxLengthValidator(5000)],
                        verbose_name="who took part",
                    ),
                ),
                (
                    "said",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=5000,
                        validators=[django.core.validators.MaxLengthValidator(5000)],
                        verbose_name="what was said",
                    ),
                ),
                (
                    "agreed",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=5000,
                        validators=[django.core.validators.MaxLengthValidator(5000)],
                        verbose_name="what was agreed",
                    ),
                ),
                (
                    "assessment",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=5000,
                        validators=[django.core.validators.MaxLengthValidator(5000)],
                        verbose_name="assessment",
                    ),
                ),
            ],
            options={
                "verbose_name": "engagement",
                "verbose_name_plural": "engagements",
            },
            bases=("records.record",),
        ),
        migrations.CreateModel(
            name="LiaisonOffice",
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
                ("address", models.CharField(blank=True, default="", max_length=200, verbose_name="address")),
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
                (
                    "hours",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="opening hours"),
                ),
                (
                    "time_zone",
                    models.CharField(blank=True, default="", max_length=64, verbose_name="time zone"),
                ),
                (
                    "by_day",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=2000,
                        validators=[django.core.validators.MaxLengthValidator(2000)],
                        verbose_name="how to reach it by day",
                    ),
                ),
                (
                    "by_night",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=2000,
                        validators=[django.core.validators.MaxLengthValidator(2000)],
                        verbose_name="how to reach it at night",
                    ),
                ),
                (
                    "covers",
                    models.CharField(
                        choices=[
                            ("always", "Day and night, every day"),
                            ("daily", "Every day between these hours"),
                            ("none", "It has no duty roster"),
                        ],
                        default="none",
                        max_length=8,
                        verbose_name="somebody is on duty",
                    ),
                ),
                ("covers_from", models.TimeField(blank=True, null=True, verbose_name="on duty from")),
                ("covers_until", models.TimeField(blank=True, null=True, verbose_name="on duty until")),
            ],
            options={
                "verbose_name": "liaison office",
                "verbose_name_plural": "liaison offices",
            },
            bases=("records.record",),
        ),
        migrations.CreateModel(
            name="Channel",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("phone", "Telephone"),
                            ("mobile", "Mobile telephone"),
                            ("satellite", "Satellite telephone"),
                            ("radio", "Radio"),
                            ("email", "E-mail"),
                            ("other", "Other channel"),
                        ],
                        default="phone",
                        max_length=10,
                        verbose_name="channel",
                    ),
                ),
                ("number", models.CharField(max_length=120, verbose_name="number or address")),
                ("hours", models.CharField(blank=True, default="", max_length=120, verbose_name="when")),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="channels",
                        to="liaison_offices.liaisonoffice",
                    ),
                ),
            ],
            options={
                "verbose_name": "channel of an office",
                "verbose_name_plural": "channels of offices",
                "ordering": ("id",),
            },
        ),
        migrations.CreateModel(
            name="Officer",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "function",
                    models.CharField(
                        choices=[("primary", "Primary"), ("alternate", "Alternate")],
                        default="primary",
                        max_length=10,
                        verbose_name="serves as",
                    ),
                ),
                (
                    "languages",
                    models.CharField(blank=True, default="", max_length=120, verbose_name="languages"),
                ),
                ("starts", models.DateField(blank=True, null=True, verbose_name="from")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="officers",
                        to="liaison_offices.liaisonoffice",
                    ),
                ),
                (
                    "position",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mission.position",
                        verbose_name="position",
                    ),
                ),
            ],
            options={
                "verbose_name": "liaison officer",
                "verbose_name_plural": "liaison officers",
                "ordering": ("-function", "id"),
            },
        ),
        migrations.CreateModel(
            name="Counterpart",
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
                    "stakeholder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="engagements",
                        to="stakeholders.stakeholder",
                    ),
                ),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="counterparts",
                        to="liaison_offices.engagement",
                    ),
                ),
            ],
            options={
                "verbose_name": "counterpart",
                "verbose_name_plural": "counterparts",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("engagement", "stakeholder"), name="liaison_offices_counterpart_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="FollowUp",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("what", models.CharField(max_length=300, verbose_name="what is to be done")),
                ("due", models.DateField(blank=True, null=True, verbose_name="by when")),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("done", "Done"), ("dropped", "Dropped")],
                        default="open",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                (
                    "note",
                    models.CharField(blank=True, default="", max_length=500, verbose_name="what came of it"),
                ),
                (
                    "engagement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="follow_ups",
                        to="liaison_offices.engagement",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mission.position",
                        verbose_name="by whom",
                    ),
                ),
            ],
            options={
                "verbose_name": "follow-up",
                "verbose_name_plural": "follow-ups",
                "ordering": ("due", "id"),
                "indexes": [models.Index(fields=["owner", "state"], name="liaison_offices_followup_owner")],
            },
        ),
        migrations.CreateModel(
            name="LiaisonLink",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("strategic", "Strategic"),
                            ("operational", "Operational"),
                            ("tactical", "Tactical"),
                        ],
                        default="operational",
                        max_length=12,
                        verbose_name="level",
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[
                            ("co_location", "Co-location"),
                            ("exchange", "Liaison exchange"),
                            ("interlocutor", "Interlocutor"),
                            ("ad_hoc", "Ad hoc"),
                        ],
                        default="ad_hoc",
                        max_length=12,
                        verbose_name="mode",
                    ),
                ),
                (
                    "frequency_days",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Left empty, as the mission’s rules have it.",
                        null=True,
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="days between contacts",
                    ),
                ),
                (
                    "last_contact_on",
                    models.DateField(blank=True, editable=False, null=True, verbose_name="last contact"),
                ),
                (
                    "note",
                    models.TextField(
                        blank=True,
                        default="",
                        help_text="Read by everybody who may know of both organisations.",
                        max_length=1000,
                        validators=[django.core.validators.MaxLengthValidator(1000)],
                        verbose_name="note",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "a",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links_a",
                        to="stakeholders.stakeholder",
                    ),
                ),
                (
                    "alternate",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mission.position",
                        verbose_name="alternate",
                    ),
                ),
                (
                    "area",
                    models.ForeignKey(
                        blank=True,
                        help_text="Left empty, everywhere.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mission.area",
                        verbose_name="area",
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
                    "b",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="links_b",
                        to="stakeholders.stakeholder",
                    ),
                ),
                (
                    "primary",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mission.position",
                        verbose_name="primary",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="links",
                        to="liaison_offices.liaisonoffice",
                        verbose_name="through the office",
                    ),
                ),
            ],
            options={
                "verbose_name": "liaison link",
                "verbose_name_plural": "liaison links",
                "ordering": ("id",),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("a", models.F("b")), _negated=True),
                        name="liaison_offices_link_two_ends",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Host",
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
                    "stakeholder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hosted_offices",
                        to="stakeholders.stakeholder",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hosts",
                        to="liaison_offices.liaisonoffice",
                    ),
                ),
            ],
            options={
                "verbose_name": "host of an office",
                "verbose_name_plural": "hosts of offices",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("office", "stakeholder"), name="liaison_offices_host_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LiaisonRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "side_a",
                    models.CharField(
                        choices=[
                            ("humanitarian", "Humanitarian"),
                            ("development", "Development"),
                            ("mission_civil", "Mission, civilian"),
                            ("mission_military", "Mission, military"),
                            ("mission_police", "Mission, police"),
                            ("host_state", "Host state"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                        verbose_name="between",
                    ),
                ),
                (
                    "side_b",
                    models.CharField(
                        choices=[
                            ("humanitarian", "Humanitarian"),
                            ("development", "Development"),
                            ("mission_civil", "Mission, civilian"),
                            ("mission_military", "Mission, military"),
                            ("mission_police", "Mission, police"),
                            ("host_state", "Host state"),
                            ("other", "Other"),
                        ],
                        max_length=20,
                        verbose_name="and",
                    ),
                ),
                (
                    "discouraged",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("co_location", "Co-location"),
                                ("exchange", "Liaison exchange"),
                                ("interlocutor", "Interlocutor"),
                                ("ad_hoc", "Ad hoc"),
                            ],
                            max_length=12,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="discouraged modes",
                    ),
                ),
                (
                    "barred",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("co_location", "Co-location"),
                                ("exchange", "Liaison exchange"),
                                ("interlocutor", "Interlocutor"),
                                ("ad_hoc", "Ad hoc"),
                            ],
                            max_length=12,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="barred modes",
                    ),
                ),
                ("reason", models.CharField(blank=True, default="", max_length=300, verbose_name="reason")),
                (
                    "required",
                    models.BooleanField(
                        default=False,
                        help_text="Pairs without a link are shown as gaps, as far as both are engaged directly.",
                        verbose_name="every two organisations that both work in an area should be linked",
                    ),
                ),
                (
                    "stale_strategic",
                    models.PositiveSmallIntegerField(
                        blank=True, default=60, null=True, verbose_name="days until a strategic link is stale"
                    ),
                ),
                (
                    "stale_operational",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        default=30,
                        null=True,
                        verbose_name="days until an operational link is stale",
                    ),
                ),
                (
                    "stale_tactical",
                    models.PositiveSmallIntegerField(
                        blank=True, default=14, null=True, verbose_name="days until a tactical link is stale"
                    ),
                ),
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
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="liaison_rules",
                        to="mission.mission",
                        verbose_name="mission",
                    ),
                ),
            ],
            options={
                "verbose_name": "rule of liaison",
                "verbose_name_plural": "rules of liaison",
                "ordering": ("side_a", "side_b", "id"),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("mission", "side_a", "side_b", "area"),
                        name="liaison_offices_rule_once",
                        nulls_distinct=False,
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Responsibility",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
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
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="responsibilities",
                        to="liaison_offices.liaisonoffice",
                    ),
                ),
            ],
            options={
                "verbose_name": "area of responsibility",
                "verbose_name_plural": "areas of responsibility",
                "ordering": ("id",),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("office", "area"), name="liaison_offices_responsibility_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Shift",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("starts", models.DateTimeField(verbose_name="from")),
                ("ends", models.DateTimeField(verbose_name="until")),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="shifts",
                        to="liaison_offices.liaisonoffice",
                    ),
                ),
                (
                    "position",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mission.position",
                        verbose_name="position",
                    ),
                ),
            ],
            options={
                "verbose_name": "shift",
                "verbose_name_plural": "shifts",
                "ordering": ("starts", "id"),
                "indexes": [models.Index(fields=["office", "ends"], name="liaison_offices_shift_ends")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("ends__gt", models.F("starts"))),
                        name="liaison_offices_shift_span",
                        violation_error_message="The end must lie after the beginning.",
                    )
                ],
            },
        ),
        Guard("LiaisonOffice", column="record_ptr_id"),
        Guard("Channel", column="office_id"),
        Guard("Officer", column="office_id"),
        Guard("Responsibility", column="office_id"),
        Guard("Shift", column="office_id"),
        Guard("Engagement", column="record_ptr_id"),
        Guard("FollowUp", column="engagement_id"),
        Withhold("LiaisonOffice", fields={}, points=[("latitude", "longitude")]),
        Withhold(
            "Engagement",
            fields=dict.fromkeys(("talking_points", "plan", "red_lines", "said", "assessment"), "parties"),
        ),
        migrations.RunPython(apply, migrations.RunPython.noop),
    ]
