"""Working groups, meetings and decisions, with the wall around each table; the rules that a mission begins with."""

import uuid
from pathlib import Path

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import apps.accounts.models
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
        ("auth", "0012_alter_user_first_name_max_length"),
        ("mission", "0008_group_roles"),
        ("action_points", "0001_initial"),
        ("records", "0006_mentions"),
        ("need_to_know", "0010_bodies"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        ReadAsNobody(),
        migrations.CreateModel(
            name="AgendaItem",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("order", models.PositiveSmallIntegerField(default=0, verbose_name="order")),
                ("title", models.CharField(max_length=200, verbose_name="item")),
                (
                    "details",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=4000,
                        validators=[django.core.validators.MaxLengthValidator(4000)],
                        verbose_name="what it is about",
                    ),
                ),
                (
                    "session",
                    models.CharField(
                        choices=[("open", "Open"), ("closed", "Closed")],
                        default="open",
                        max_length=6,
                        verbose_name="session",
                    ),
                ),
                (
                    "admits",
                    models.CharField(
                        choices=[
                            ("members", "Members, without observers and invitees"),
                            ("leads", "Chair and secretariat alone"),
                            ("named", "The positions named"),
                        ],
                        default="members",
                        max_length=8,
                        verbose_name="a closed item admits",
                    ),
                ),
                (
                    "classification",
                    models.PositiveSmallIntegerField(
                        choices=[(0, "Unclassified"), (1, "Confidential"), (2, "Strictly confidential")],
                        default=0,
                        verbose_name="classification of a closed item",
                    ),
                ),
                (
                    "minutes_planned",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(600)],
                        verbose_name="minutes planned",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("proposed", "Proposed"),
                            ("accepted", "On the agenda"),
                            ("declined", "Declined"),
                            ("treated", "Treated"),
                            ("carried", "Carried over"),
                        ],
                        default="accepted",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("reply", models.CharField(blank=True, default="", max_length=300, verbose_name="why")),
                (
                    "minute",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=20000,
                        validators=[django.core.validators.MaxLengthValidator(20000)],
                        verbose_name="minute",
                    ),
                ),
                ("stands", models.BooleanField(default=False, editable=False)),
                ("carried_from", models.UUIDField(editable=False, null=True)),
                (
                    "open_title",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Case(
                            models.When(session="open", then=models.F("title")),
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
                            models.When(session="open", then=models.F("minute")),
                            default=models.Value(""),
                            output_field=models.TextField(),
                        ),
                        output_field=models.TextField(),
                    ),
                ),
                (
                    "presenter",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mission.position",
                        verbose_name="presented by",
                    ),
                ),
                (
                    "proposer",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mission.position",
                        verbose_name="proposed by",
                    ),
                ),
            ],
            options={
                "verbose_name": "agenda item",
                "verbose_name_plural": "agenda items",
                "ordering": ["order", "id"],
            },
        ),
        migrations.CreateModel(
            name="Meeting",
            fields=[
                (
                    "record_ptr",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        related_name="as_meeting",
                        serialize=False,
                        to="records.record",
                    ),
                ),
                ("series", models.UUIDField(editable=False, null=True)),
                ("slot", models.DateTimeField(editable=False, null=True)),
                ("ends_at", models.DateTimeField(blank=True, null=True, verbose_name="ends")),
                (
                    "time_zone",
                    models.CharField(
                        blank=True,
                        default="",
                        max_length=64,
                        validators=[apps.accounts.models.validate_time_zone],
                        verbose_name="time zone",
                    ),
                ),
                ("place", models.CharField(blank=True, default="", max_length=200, verbose_name="place")),
                (
                    "joining",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=1000,
                        validators=[django.core.validators.MaxLengthValidator(1000)],
                        verbose_name="how to join from elsewhere",
                    ),
                ),
                (
                    "quorum",
                    models.PositiveSmallIntegerField(
                        blank=True, editable=False, null=True, verbose_name="quorum"
                    ),
                ),
                (
                    "summary",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=4000,
                        validators=[django.core.validators.MaxLengthValidator(4000)],
                        verbose_name="summary",
                    ),
                ),
                ("sequence", models.PositiveIntegerField(db_default=0, editable=False)),
                (
                    "body",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="auth.group",
                    ),
                ),
                (
                    "chair",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mission.position",
                        verbose_name="chaired by",
                    ),
                ),
                (
                    "core",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="auth.group",
                    ),
                ),
                (
                    "secretary",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mission.position",
                        verbose_name="minutes kept by",
                    ),
                ),
            ],
            options={
                "verbose_name": "meeting",
                "verbose_name_plural": "meetings",
            },
            bases=("records.record",),
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
                    "text",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=4000,
                        validators=[django.core.validators.MaxLengthValidator(4000)],
                        verbose_name="correction",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "Open"), ("taken", "Taken over"), ("declined", "Declined")],
                        default="open",
                        max_length=8,
                        verbose_name="state",
                    ),
                ),
                ("reply", models.CharField(blank=True, default="", max_length=500, verbose_name="reply")),
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
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="corrections",
                        to="working_groups.agendaitem",
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
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="corrections",
                        to="working_groups.meeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "correction",
                "verbose_name_plural": "corrections",
                "ordering": ["at", "id"],
            },
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "name",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="A function, for guests.",
                        max_length=150,
                        verbose_name="or who else",
                    ),
                ),
                (
                    "standing",
                    models.CharField(
                        choices=[("member", "Member"), ("observer", "Observer"), ("invitee", "Invitee")],
                        default="member",
                        max_length=8,
                        verbose_name="standing",
                    ),
                ),
                (
                    "answer",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "No answer"),
                            ("in_person", "In person"),
                            ("remote", "Remotely"),
                            ("regrets", "Regrets"),
                            ("substitute", "Sends a substitute"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="answer",
                    ),
                ),
                (
                    "substitute",
                    models.CharField(
                        blank=True,
                        default="",
                        help_text="Their function, no private data.",
                        max_length=150,
                        verbose_name="substitute",
                    ),
                ),
                (
                    "presence",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not noted"),
                            ("in_person", "In person"),
                            ("remote", "Remotely"),
                            ("substitute", "By a substitute"),
                            ("regrets", "Regrets"),
                            ("absent", "Absent"),
                        ],
                        default="",
                        max_length=10,
                        verbose_name="took part",
                    ),
                ),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mission.organisation",
                        verbose_name="or organisation",
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
                        verbose_name="position",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attendance",
                        to="working_groups.meeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "attendance",
                "verbose_name_plural": "attendance",
                "ordering": ["standing", "id"],
            },
        ),
        migrations.CreateModel(
            name="Amendment",
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
                    "text",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=4000,
                        validators=[django.core.validators.MaxLengthValidator(4000)],
                        verbose_name="amendment",
                    ),
                ),
                ("reason", models.CharField(max_length=500, verbose_name="reason")),
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
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="amendments",
                        to="working_groups.agendaitem",
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
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="amendments",
                        to="working_groups.meeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "amendment",
                "verbose_name_plural": "amendments",
                "ordering": ["at", "id"],
            },
        ),
        migrations.AddField(
            model_name="agendaitem",
            name="meeting",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="items", to="working_groups.meeting"
            ),
        ),
        migrations.CreateModel(
            name="Admitted",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "position",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mission.position",
                        verbose_name="position",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="admitted",
                        to="working_groups.agendaitem",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="working_groups.meeting",
                    ),
                ),
            ],
            options={
                "verbose_name": "position admitted",
                "verbose_name_plural": "positions admitted",
            },
        ),
        migrations.CreateModel(
            name="Outcome",
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
                    "item",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="outcomes",
                        to="working_groups.agendaitem",
                    ),
                ),
                (
                    "meeting",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="outcomes",
                        to="working_groups.meeting",
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="came_of",
                        to="records.record",
                    ),
                ),
            ],
            options={
                "verbose_name": "outcome of a meeting",
                "verbose_name_plural": "outcomes of meetings",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="WorkingGroup",
            fields=[
                (
                    "record_ptr",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        related_name="as_working_group",
                        serialize=False,
                        to="records.record",
                    ),
                ),
                (
                    "composition",
                    models.CharField(
                        choices=[("humanitarian", "Humanitarian actors alone"), ("mixed", "Mixed")],
                        default="mixed",
                        max_length=12,
                        verbose_name="composition",
                    ),
                ),
                (
                    "purpose",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=2000,
                        validators=[django.core.validators.MaxLengthValidator(2000)],
                        verbose_name="purpose",
                    ),
                ),
                (
                    "quorum",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Members who must take part. Left empty, there is none.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(500),
                        ],
                        verbose_name="quorum",
                    ),
                ),
                (
                    "membership",
                    models.CharField(
                        choices=[
                            ("readers", "Everybody who reads this record"),
                            ("members", "Those who belong to the group"),
                            ("leads", "Chair, co-chair and secretariat"),
                        ],
                        default="readers",
                        max_length=8,
                        verbose_name="who learns who belongs to it",
                    ),
                ),
                (
                    "calendar",
                    models.CharField(
                        choices=[("busy", "Busy, without a title"), ("absent", "Nothing")],
                        default="busy",
                        max_length=8,
                        verbose_name="restricted meetings in calendars outside the portal",
                    ),
                ),
                (
                    "chair",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mission.position",
                        verbose_name="chair",
                    ),
                ),
                (
                    "co_chair",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mission.position",
                        verbose_name="co-chair",
                    ),
                ),
                (
                    "secretariat",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mission.position",
                        verbose_name="secretariat",
                    ),
                ),
            ],
            options={
                "verbose_name": "working group",
                "verbose_name_plural": "working groups",
            },
            bases=("records.record",),
        ),
        migrations.CreateModel(
            name="TermsOfReference",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "number",
                    models.PositiveSmallIntegerField(default=0, editable=False, verbose_name="version"),
                ),
                (
                    "text",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=20000,
                        validators=[django.core.validators.MaxLengthValidator(20000)],
                        verbose_name="text",
                    ),
                ),
                ("endorsed_on", models.DateField(blank=True, null=True, verbose_name="endorsed on")),
                (
                    "endorsed_by",
                    models.CharField(blank=True, default="", max_length=200, verbose_name="endorsed by"),
                ),
                ("review_on", models.DateField(blank=True, null=True, verbose_name="to be reviewed on")),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="terms",
                        to="working_groups.workinggroup",
                    ),
                ),
            ],
            options={
                "verbose_name": "terms of reference",
                "verbose_name_plural": "terms of reference",
                "ordering": ["-number", "-id"],
            },
        ),
        migrations.CreateModel(
            name="StandingItem",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("title", models.CharField(max_length=200, verbose_name="item")),
                (
                    "minutes_planned",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        null=True,
                        validators=[django.core.validators.MaxValueValidator(600)],
                        verbose_name="minutes planned",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="standing_items",
                        to="working_groups.workinggroup",
                    ),
                ),
            ],
            options={
                "verbose_name": "standing item",
                "verbose_name_plural": "standing items",
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Series",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("title", models.CharField(max_length=150, verbose_name="title of its meetings")),
                (
                    "frequency",
                    models.CharField(
                        choices=[
                            ("daily", "Every working day"),
                            ("weekly", "Every week"),
                            ("fortnightly", "Every two weeks"),
                            ("monthly", "Every month, on the same weekday"),
                        ],
                        default="weekly",
                        max_length=12,
                        verbose_name="how often",
                    ),
                ),
                (
                    "weekdays",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("MO", "Monday"),
                                ("TU", "Tuesday"),
                                ("WE", "Wednesday"),
                                ("TH", "Thursday"),
                                ("FR", "Friday"),
                                ("SA", "Saturday"),
                                ("SU", "Sunday"),
                            ],
                            max_length=2,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="on",
                    ),
                ),
                ("first_on", models.DateField(verbose_name="from")),
                ("last_on", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "except_on",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.DateField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="not on",
                    ),
                ),
                ("at", models.TimeField(verbose_name="at")),
                (
                    "time_zone",
                    models.CharField(
                        default="UTC",
                        max_length=64,
                        validators=[apps.accounts.models.validate_time_zone],
                        verbose_name="time zone",
                    ),
                ),
                (
                    "lasts",
                    models.PositiveSmallIntegerField(
                        default=60,
                        validators=[
                            django.core.validators.MinValueValidator(5),
                            django.core.validators.MaxValueValidator(1440),
                        ],
                        verbose_name="minutes it lasts",
                    ),
                ),
                ("place", models.CharField(blank=True, default="", max_length=200, verbose_name="place")),
                (
                    "joining",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=1000,
                        validators=[django.core.validators.MaxLengthValidator(1000)],
                        verbose_name="how to join from elsewhere",
                    ),
                ),
                (
                    "ahead",
                    models.PositiveSmallIntegerField(
                        default=6,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="meetings called ahead",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, editable=False, verbose_name="goes on")),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="series",
                        to="working_groups.workinggroup",
                    ),
                ),
            ],
            options={
                "verbose_name": "series of meetings",
                "verbose_name_plural": "series of meetings",
                "ordering": ["first_on", "id"],
            },
        ),
        migrations.CreateModel(
            name="Member",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "standing",
                    models.CharField(
                        choices=[("member", "Member"), ("observer", "Observer"), ("invitee", "Invitee")],
                        default="member",
                        max_length=8,
                        verbose_name="standing",
                    ),
                ),
                ("since", models.DateField(blank=True, null=True, verbose_name="from")),
                ("until", models.DateField(blank=True, null=True, verbose_name="until")),
                (
                    "organisation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="mission.organisation",
                        verbose_name="or organisation",
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
                        verbose_name="position",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="members",
                        to="working_groups.workinggroup",
                    ),
                ),
            ],
            options={
                "verbose_name": "member",
                "verbose_name_plural": "members",
                "ordering": ["standing", "id"],
            },
        ),
        migrations.CreateModel(
            name="Body",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "part",
                    models.CharField(
                        choices=[("all", "working group"), ("members", "members of a working group")],
                        default="all",
                        editable=False,
                        max_length=8,
                    ),
                ),
                (
                    "group",
                    models.OneToOneField(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="auth.group",
                        verbose_name="principal",
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
                    "record",
                    models.ForeignKey(
                        editable=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bodies",
                        to="working_groups.workinggroup",
                    ),
                ),
            ],
            options={
                "verbose_name": "working group as a reader",
                "verbose_name_plural": "working groups as readers",
            },
        ),
        migrations.CreateModel(
            name="Decision",
            fields=[
                (
                    "record_ptr",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        parent_link=True,
                        primary_key=True,
                        related_name="as_decision",
                        serialize=False,
                        to="records.record",
                    ),
                ),
                (
                    "text",
                    models.TextField(
                        blank=True,
                        default="",
                        max_length=4000,
                        validators=[django.core.validators.MaxLengthValidator(4000)],
                        verbose_name="decision",
                    ),
                ),
                ("made_by", models.CharField(blank=True, default="", max_length=200, verbose_name="made by")),
                ("effective_from", models.DateField(blank=True, null=True, verbose_name="in force from")),
                ("review_on", models.DateField(blank=True, null=True, verbose_name="to be reviewed on")),
                (
                    "body",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="auth.group",
                    ),
                ),
            ],
            options={
                "verbose_name": "decision",
                "verbose_name_plural": "decisions",
                "indexes": [models.Index(fields=["body"], name="working_groups_decision_body")],
            },
            bases=("records.record",),
        ),
        migrations.CreateModel(
            name="LeadRule",
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
                            ("cmcoord", "Humanitarian civil-military coordination group"),
                            ("access", "Humanitarian access working group"),
                            ("joint", "Joint civil-military working group"),
                            ("cimic", "UN-CIMIC working group"),
                            ("joc", "JOC brief"),
                            ("protection", "Protection of civilians group"),
                            ("security", "Security group"),
                            ("logistics", "Logistics group"),
                            ("task_force", "Task force"),
                            ("other", "Other group"),
                        ],
                        max_length=12,
                        verbose_name="kind of group",
                    ),
                ),
                (
                    "office",
                    models.CharField(
                        choices=[
                            ("chair", "Chair"),
                            ("co_chair", "Co-chair"),
                            ("secretariat", "Secretariat"),
                        ],
                        max_length=12,
                        verbose_name="office",
                    ),
                ),
                (
                    "sides",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
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
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="sides kept from it",
                    ),
                ),
                (
                    "types",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("433", "Donor"),
                                ("435", "Government"),
                                ("437", "International NGO"),
                                ("438", "International organisation"),
                                ("441", "National NGO"),
                                ("447", "United Nations agency"),
                                ("501", "Civil society"),
                                ("504", "Local NGO"),
                                ("component", "Mission component"),
                                ("contingent", "Contingent"),
                                ("police", "Police unit"),
                                ("host_security", "Host-state security force"),
                                ("armed_group", "Armed group"),
                                ("community", "Community"),
                            ],
                            max_length=13,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="types of organisation kept from it",
                    ),
                ),
                (
                    "reason",
                    models.CharField(
                        help_text="Told to whoever is refused: the rule and where it stands.",
                        max_length=300,
                        verbose_name="the rule",
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lead_rules",
                        to="mission.mission",
                        verbose_name="mission",
                    ),
                ),
            ],
            options={
                "verbose_name": "rule on who leads a group",
                "verbose_name_plural": "rules on who leads a group",
                "ordering": ["kind", "office", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("mission", "kind", "office"), name="working_groups_leadrule_once"
                    )
                ],
            },
        ),
        migrations.AddIndex(
            model_name="meeting",
            index=models.Index(fields=["body"], name="working_groups_meeting_body"),
        ),
        migrations.AddIndex(
            model_name="meeting",
            index=models.Index(fields=["series", "slot"], name="working_groups_meeting_slot"),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.UniqueConstraint(
                fields=("meeting", "position"), name="working_groups_attendance_post"
            ),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.UniqueConstraint(
                fields=("meeting", "organisation"), name="working_groups_attendance_house"
            ),
        ),
        migrations.AddConstraint(
            model_name="admitted",
            constraint=models.UniqueConstraint(
                fields=("item", "position"), name="working_groups_admitted_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="outcome",
            constraint=models.UniqueConstraint(
                fields=("meeting", "record"), name="working_groups_outcome_once"
            ),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(fields=["position"], name="working_groups_member_post"),
        ),
        migrations.AddIndex(
            model_name="member",
            index=models.Index(fields=["organisation"], name="working_groups_member_house"),
        ),
        migrations.AddConstraint(
            model_name="body",
            constraint=models.UniqueConstraint(fields=("record", "part"), name="working_groups_body_once"),
        ),
        Guard("WorkingGroup", column="record_ptr_id"),
        Guard("Body", column="record_id", writes="nobody", history=False),
        Guard("TermsOfReference", column="group_id"),
        Guard("Member", column="group_id", history=False),
        Guard("StandingItem", column="group_id"),
        Guard("Series", column="group_id"),
        Guard("Meeting", column="record_ptr_id"),
        Guard("AgendaItem", column="meeting_id", history=False),
        Guard("Admitted", column="meeting_id", history=False),
        Guard("Attendance", column="meeting_id", history=False),
        Guard("Correction", column="meeting_id", history=False),
        Guard("Amendment", column="meeting_id", history=False),
        Guard("Decision", column="record_ptr_id"),
        migrations.RunPython(apply, migrations.RunPython.noop),
    ]
