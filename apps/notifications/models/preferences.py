"""What people choose: how often, when not, what they follow. And what a mission chooses for them until they do."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.mission.models import Area, Mission
from apps.mission.vocabulary import Role
from apps.notifications.vocabulary import Frequency, Kind
from apps.records.models import Record

WEEKDAYS = [
    (0, _("Monday")), (1, _("Tuesday")), (2, _("Wednesday")), (3, _("Thursday")), (4, _("Friday")),
    (5, _("Saturday")), (6, _("Sunday")),
]  # fmt: skip
HOURS = [(hour, f"{hour:02d}:00") for hour in range(24)]


class Preference(models.Model):
    """One person's choices, in all missions. An empty frequency is the default of the positions held.

    Times are of the person's own time zone. During quiet hours nothing but emergencies goes out. While somebody is
    away, what needs them goes to their substitute, and where there is none up the chain.
    """

    person = models.OneToOneField(User, on_delete=models.CASCADE, related_name="notification_preference")
    mentions = models.CharField(
        _("mentions, and what is shared with me"), max_length=10, choices=Frequency, blank=True
    )
    announcements = models.CharField(_("announcements"), max_length=10, choices=Frequency, blank=True)
    part = models.CharField(_("what I filed or take part in"), max_length=10, choices=Frequency, blank=True)
    follow = models.CharField(_("what I follow"), max_length=10, choices=Frequency, blank=True)
    digest_hour = models.PositiveSmallIntegerField(_("hour of digests"), choices=HOURS, default=7)
    digest_weekday = models.PositiveSmallIntegerField(
        _("day of the weekly digest"), choices=WEEKDAYS, default=0
    )
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    away_from = models.DateTimeField(_("away from"), null=True, blank=True)
    away_until = models.DateTimeField(_("away until"), null=True, blank=True)

    class Meta:
        verbose_name = _("notification preference")
        verbose_name_plural = _("notification preferences")
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="notifications_quiet_both",
            )
        ]

    def __str__(self) -> str:
        return str(self.person)


class DefaultFrequency(models.Model):
    """How often the holders of a role are mailed until they choose themselves; an empty role is everybody's."""

    mission = models.ForeignKey(
        Mission, on_delete=models.CASCADE, related_name="default_frequencies", verbose_name=_("mission")
    )
    role = models.CharField(_("role"), max_length=4, choices=Role, blank=True, default="")
    kind = models.CharField(
        _("of what"), max_length=14, choices=[c for c in Kind.choices if c[0] != Kind.NEEDS_ME]
    )
    frequency = models.CharField(_("how often"), max_length=10, choices=Frequency)

    class Meta:
        verbose_name = _("default of notifications")
        verbose_name_plural = _("defaults of notifications")
        ordering = ["role", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["mission", "role", "kind"], name="notifications_default_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display() or _('everybody')}: {self.get_kind_display()}"


class Subscription(models.Model):
    """That a person follows, or mutes, a record, a type of record, an area with all in it, or what a group files.

    Exactly one of the four is named. Muting never silences what needs the person, nor an emergency.
    """

    id = models.BigAutoField(primary_key=True)
    mission = models.ForeignKey(Mission, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, null=True, related_name="+")
    record_type = models.CharField(max_length=40, blank=True, default="")
    area = models.ForeignKey(Area, on_delete=models.CASCADE, null=True, related_name="+")
    group = models.ForeignKey(Group, on_delete=models.CASCADE, null=True, related_name="+")
    muted = models.BooleanField(default=False)
    since = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "mission", "record", "record_type", "area", "group"],
                name="notifications_subscription_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(record__isnull=False, record_type="", area__isnull=True, group__isnull=True)
                | Q(record__isnull=True, area__isnull=True, group__isnull=True) & ~Q(record_type="")
                | Q(record__isnull=True, record_type="", area__isnull=False, group__isnull=True)
                | Q(record__isnull=True, record_type="", area__isnull=True, group__isnull=False),
                name="notifications_subscription_to_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {'mutes' if self.muted else 'follows'}"


class BouncedAddress(models.Model):
    """That mail to an address came back. It counts as long as it is the person's address, and until mail arrives."""

    person = models.OneToOneField(User, on_delete=models.CASCADE, related_name="bounced_address")
    email = models.EmailField()
    since = models.DateTimeField(db_default=Now())
    code = models.CharField(max_length=20)

    def __str__(self) -> str:
        return self.email


class ClockRule(models.Model):
    """When holders are reminded of what waits for them, and when it goes up the chain of command: a mission's setting.

    `remind_percent` of the time allowed is left when the reminder goes out. From the due moment on, every
    `escalate_hours` one more level of the chain is told, up to `levels`. An empty priority is for all others.
    """

    mission = models.ForeignKey(
        Mission, on_delete=models.CASCADE, related_name="clock_rules", verbose_name=_("mission")
    )
    priority = models.PositiveSmallIntegerField(_("priority"), null=True, blank=True)
    remind_percent = models.PositiveSmallIntegerField(
        _("remind when this share of the time is left (%)"), default=25
    )
    escalate_hours = models.PositiveSmallIntegerField(_("hours between levels of the chain"), default=12)
    levels = models.PositiveSmallIntegerField(_("levels of the chain"), default=3)

    class Meta:
        verbose_name = _("rule of reminders")
        verbose_name_plural = _("rules of reminders")
        ordering = ["priority"]
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "priority"], name="notifications_clockrule_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(remind_percent__lte=90), name="notifications_clockrule_percent",
                violation_error_message=_("At most 90 percent."),
            ),
            models.CheckConstraint(
                condition=Q(escalate_hours__gte=1, levels__lte=10), name="notifications_clockrule_levels",
                violation_error_message=_("At least one hour, and at most ten levels."),
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.priority or _('all priorities')}: {self.remind_percent} %"
