"""Tables of notifications; who may touch them stands in the next migration."""

import uuid

import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import apps.notifications.models.outward
from apps.need_to_know.guarding import ReadAsNobody


class Migration(migrations.Migration):
    """Tables."""

    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("mission", "0004_handover_cancelled"),
        ("records", "0006_mentions"),
        ("need_to_know", "0008_told_from_the_outbox"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        ReadAsNobody(),
        migrations.CreateModel(
            name="BouncedAddress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("email", models.EmailField(max_length=254)),
                ("since", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("code", models.CharField(max_length=20)),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="bounced_address",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Digest",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "frequency",
                    models.CharField(
                        choices=[
                            ("at_once", "At once"),
                            ("daily", "In a daily digest"),
                            ("weekly", "In a weekly digest"),
                            ("inbox", "Only in the inbox"),
                        ],
                        max_length=10,
                    ),
                ),
                ("day", models.DateField()),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
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
            ],
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "topic",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("access_answered", "Your request for access was answered"),
                            ("emergency_reviewed", "Your emergency access was reviewed"),
                            ("handover", "You took over a position"),
                        ],
                        default="",
                        max_length=30,
                    ),
                ),
                ("subject", models.UUIDField(null=True)),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("emergency", "Emergency"),
                            ("needs_me", "Needs me"),
                            ("mention", "Mentioned"),
                            ("shared", "Shared with me"),
                            ("announcement", "Announcement"),
                            ("part", "I take part"),
                            ("follow", "I follow it"),
                        ],
                        max_length=14,
                        verbose_name="reason",
                    ),
                ),
                (
                    "at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), verbose_name="when"
                    ),
                ),
                ("read_at", models.DateTimeField(null=True, verbose_name="read")),
                (
                    "digest_in",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("at_once", "At once"),
                            ("daily", "In a daily digest"),
                            ("weekly", "In a weekly digest"),
                            ("inbox", "Only in the inbox"),
                        ],
                        default="",
                        max_length=10,
                    ),
                ),
                (
                    "digested",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="notifications",
                        to="notifications.digest",
                    ),
                ),
                (
                    "event",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="records.event",
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="mission.mission"
                    ),
                ),
                (
                    "person",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="records.record",
                    ),
                ),
            ],
            options={
                "ordering": ["-at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "channel",
                    models.CharField(choices=[("email", "E-mail"), ("push", "Push message")], max_length=6),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("sent", "Sent"),
                            ("dropped", "Not needed any more"),
                            ("dead", "Failed"),
                        ],
                        default="queued",
                        max_length=8,
                    ),
                ),
                ("urgency", models.PositiveSmallIntegerField(default=0)),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("done_at", models.DateTimeField(null=True)),
                ("code", models.CharField(blank=True, default="", max_length=20)),
                (
                    "digest",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="notifications.digest",
                    ),
                ),
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
                    "notification",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to="notifications.notification",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "mentions",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("at_once", "At once"),
                            ("daily", "In a daily digest"),
                            ("weekly", "In a weekly digest"),
                            ("inbox", "Only in the inbox"),
                        ],
                        max_length=10,
                        verbose_name="mentions, and what is shared with me",
                    ),
                ),
                (
                    "announcements",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("at_once", "At once"),
                            ("daily", "In a daily digest"),
                            ("weekly", "In a weekly digest"),
                            ("inbox", "Only in the inbox"),
                        ],
                        max_length=10,
                        verbose_name="announcements",
                    ),
                ),
                (
                    "part",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("at_once", "At once"),
                            ("daily", "In a daily digest"),
                            ("weekly", "In a weekly digest"),
                            ("inbox", "Only in the inbox"),
                        ],
                        max_length=10,
                        verbose_name="what I filed or take part in",
                    ),
                ),
                (
                    "follow",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("at_once", "At once"),
                            ("daily", "In a daily digest"),
                            ("weekly", "In a weekly digest"),
                            ("inbox", "Only in the inbox"),
                        ],
                        max_length=10,
                        verbose_name="what I follow",
                    ),
                ),
                (
                    "digest_hour",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "00:00"),
                            (1, "01:00"),
                            (2, "02:00"),
                            (3, "03:00"),
                            (4, "04:00"),
                            (5, "05:00"),
                            (6, "06:00"),
                            (7, "07:00"),
                            (8, "08:00"),
                            (9, "09:00"),
                            (10, "10:00"),
                            (11, "11:00"),
                            (12, "12:00"),
                            (13, "13:00"),
                            (14, "14:00"),
                            (15, "15:00"),
                            (16, "16:00"),
                            (17, "17:00"),
                            (18, "18:00"),
                            (19, "19:00"),
                            (20, "20:00"),
                            (21, "21:00"),
                            (22, "22:00"),
                            (23, "23:00"),
                        ],
                        default=7,
                        verbose_name="hour of digests",
                    ),
                ),
                (
                    "digest_weekday",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Monday"),
                            (1, "Tuesday"),
                            (2, "Wednesday"),
                            (3, "Thursday"),
                            (4, "Friday"),
                            (5, "Saturday"),
                            (6, "Sunday"),
                        ],
                        default=0,
                        verbose_name="day of the weekly digest",
                    ),
                ),
                ("quiet_from", models.TimeField(blank=True, null=True, verbose_name="quiet from")),
                ("quiet_until", models.TimeField(blank=True, null=True, verbose_name="quiet until")),
                ("away_from", models.DateTimeField(blank=True, null=True, verbose_name="away from")),
                ("away_until", models.DateTimeField(blank=True, null=True, verbose_name="away until")),
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notification_preference",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "notification preference",
                "verbose_name_plural": "notification preferences",
            },
        ),
        migrations.CreateModel(
            name="PushDevice",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("endpoint", models.URLField(max_length=1000, unique=True)),
                ("key", models.CharField(max_length=120)),
                ("secret", models.CharField(max_length=40)),
                ("name", models.CharField(blank=True, max_length=120)),
                ("added_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="push_devices",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-added_at"],
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("record_type", models.CharField(blank=True, default="", max_length=40)),
                ("muted", models.BooleanField(default=False)),
                ("since", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "area",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="mission.area",
                    ),
                ),
                (
                    "group",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="auth.group",
                    ),
                ),
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
                    "record",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="records.record",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Webhook",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("url", models.URLField(max_length=500, verbose_name="address")),
                (
                    "secret",
                    models.CharField(
                        default=apps.notifications.models.outward.new_secret,
                        editable=False,
                        max_length=80,
                        verbose_name="signing secret",
                    ),
                ),
                ("record_types", models.JSONField(blank=True, default=list, verbose_name="record types")),
                ("is_active", models.BooleanField(default=True, verbose_name="in use")),
                (
                    "account",
                    models.ForeignKey(
                        help_text="An account that no person uses, in a position of its own. It is told what that position reads.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="account",
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="webhooks",
                        to="mission.mission",
                        verbose_name="mission",
                    ),
                ),
            ],
            options={
                "verbose_name": "webhook",
                "verbose_name_plural": "webhooks",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="Call",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("uuid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "Waiting"),
                            ("sent", "Sent"),
                            ("dropped", "Not needed any more"),
                            ("dead", "Failed"),
                        ],
                        default="queued",
                        max_length=8,
                    ),
                ),
                ("attempts", models.PositiveSmallIntegerField(default=0)),
                ("next_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("created_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("done_at", models.DateTimeField(null=True)),
                ("code", models.CharField(blank=True, default="", max_length=20)),
                (
                    "event",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.event"
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="mission.mission"
                    ),
                ),
                (
                    "record",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="records.record"
                    ),
                ),
                (
                    "webhook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="calls",
                        to="notifications.webhook",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ClockRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "priority",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="priority"),
                ),
                (
                    "remind_percent",
                    models.PositiveSmallIntegerField(
                        default=25, verbose_name="remind when this share of the time is left (%)"
                    ),
                ),
                (
                    "escalate_hours",
                    models.PositiveSmallIntegerField(
                        default=12, verbose_name="hours between levels of the chain"
                    ),
                ),
                ("levels", models.PositiveSmallIntegerField(default=3, verbose_name="levels of the chain")),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="clock_rules",
                        to="mission.mission",
                        verbose_name="mission",
                    ),
                ),
            ],
            options={
                "verbose_name": "rule of reminders",
                "verbose_name_plural": "rules of reminders",
                "ordering": ["priority"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("mission", "priority"),
                        name="notifications_clockrule_once",
                        nulls_distinct=False,
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("remind_percent__lte", 90)),
                        name="notifications_clockrule_percent",
                        violation_error_message="At most 90 percent.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("escalate_hours__gte", 1), ("levels__lte", 10)),
                        name="notifications_clockrule_levels",
                        violation_error_message="At least one hour, and at most ten levels.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="DefaultFrequency",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("REQ", "Requesting organisation's focal point"),
                            ("CLU", "Cluster coordinator"),
                            ("CMC", "CMCoord officer"),
                            ("CIM", "CIMIC officer"),
                            ("JOC", "JOC duty officer"),
                            ("SEC", "Security adviser"),
                            ("DEC", "Decision authority"),
                            ("UNIT", "Executing unit"),
                            ("REL", "Release authority"),
                            ("AUD", "Auditor"),
                            ("ADM", "Administrator of structure"),
                        ],
                        default="",
                        max_length=4,
                        verbose_name="role",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("mentions", "Mentions, and what is shared with me"),
                            ("announcements", "Announcements"),
                            ("part", "What I filed or take part in"),
                            ("follow", "What I follow"),
                        ],
                        max_length=14,
                        verbose_name="of what",
                    ),
                ),
                (
                    "frequency",
                    models.CharField(
                        choices=[
                            ("at_once", "At once"),
                            ("daily", "In a daily digest"),
                            ("weekly", "In a weekly digest"),
                            ("inbox", "Only in the inbox"),
                        ],
                        max_length=10,
                        verbose_name="how often",
                    ),
                ),
                (
                    "mission",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="default_frequencies",
                        to="mission.mission",
                        verbose_name="mission",
                    ),
                ),
            ],
            options={
                "verbose_name": "default of notifications",
                "verbose_name_plural": "defaults of notifications",
                "ordering": ["role", "kind"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("mission", "role", "kind"), name="notifications_default_once"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="digest",
            constraint=models.UniqueConstraint(
                fields=("person", "mission", "frequency", "day"), name="notifications_digest_once"
            ),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(fields=["person", "mission", "-at", "-id"], name="notifications_inbox"),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                condition=models.Q(("read_at", None)),
                fields=["person", "mission", "reason"],
                name="notifications_unread",
            ),
        ),
        migrations.AddIndex(
            model_name="notification",
            index=models.Index(
                condition=models.Q(
                    models.Q(("digest_in", ""), _negated=True), ("digested", None), ("read_at", None)
                ),
                fields=["digest_in", "person"],
                name="notifications_undigested",
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.UniqueConstraint(
                condition=models.Q(("event__isnull", False)),
                fields=("event", "person"),
                name="notifications_event_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.UniqueConstraint(
                condition=models.Q(("event__isnull", True)),
                fields=("topic", "subject", "person"),
                name="notifications_topic_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="notification",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("event__isnull", False), ("record__isnull", False), ("topic", "")),
                    models.Q(
                        ("event__isnull", True),
                        ("subject__isnull", False),
                        models.Q(("topic", ""), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="notifications_about_one_thing",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                models.F("channel"),
                models.OrderBy(models.F("urgency"), descending=True),
                models.F("next_at"),
                models.F("id"),
                condition=models.Q(("state", "queued")),
                name="notifications_queue",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("state", "dead")), fields=["state", "done_at"], name="notifications_dead"
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(
                fields=("notification", "channel"), name="notifications_message_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(
                fields=("digest", "channel"), name="notifications_digest_message_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("digest__isnull", True), ("notification__isnull", False)),
                    models.Q(("digest__isnull", False), ("notification__isnull", True)),
                    _connector="OR",
                ),
                name="notifications_message_of_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="preference",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("quiet_from__isnull", True), ("quiet_until__isnull", True)),
                    models.Q(("quiet_from__isnull", False), ("quiet_until__isnull", False)),
                    _connector="OR",
                ),
                name="notifications_quiet_both",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.UniqueConstraint(
                fields=("person", "mission", "record", "record_type", "area", "group"),
                name="notifications_subscription_once",
                nulls_distinct=False,
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("area__isnull", True),
                        ("group__isnull", True),
                        ("record__isnull", False),
                        ("record_type", ""),
                    ),
                    models.Q(
                        ("area__isnull", True),
                        ("group__isnull", True),
                        ("record__isnull", True),
                        models.Q(("record_type", ""), _negated=True),
                    ),
                    models.Q(
                        ("area__isnull", False),
                        ("group__isnull", True),
                        ("record__isnull", True),
                        ("record_type", ""),
                    ),
                    models.Q(
                        ("area__isnull", True),
                        ("group__isnull", False),
                        ("record__isnull", True),
                        ("record_type", ""),
                    ),
                    _connector="OR",
                ),
                name="notifications_subscription_to_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="webhook",
            constraint=models.UniqueConstraint(fields=("mission", "name"), name="notifications_webhook_name"),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(
                models.F("next_at"),
                models.F("id"),
                condition=models.Q(("state", "queued")),
                name="notifications_calls",
            ),
        ),
        migrations.AddIndex(
            model_name="call",
            index=models.Index(
                condition=models.Q(("state", "dead")),
                fields=["state", "done_at"],
                name="notifications_dead_calls",
            ),
        ),
        migrations.AddConstraint(
            model_name="call",
            constraint=models.UniqueConstraint(fields=("webhook", "event"), name="notifications_call_once"),
        ),
    ]
