"""Meetings: when, who came, what stood on the agenda, what was minuted, what came of it."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from django.contrib.auth.models import Group
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Case, F, Value, When
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User, validate_time_zone
from apps.mission.models import Organisation, Position
from apps.mission.vocabulary import Classification
from apps.records.models import LabelledRow, Record
from apps.working_groups.vocabulary import (
    Admits,
    Answer,
    CorrectionState,
    Frequency,
    ItemState,
    Presence,
    Session,
    Standing,
    Weekday,
)

from .group import WorkingGroup, leading, text_of

MINUTE_MOST = 20_000
SUMMARY_MOST = 4000


class Series(models.Model):
    """When a group meets: a rule of recurrence at a local time. Its meetings are records, called some time ahead."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    group = models.ForeignKey(WorkingGroup, on_delete=models.CASCADE, related_name="series")
    title = models.CharField(_("title of its meetings"), max_length=150)
    frequency = models.CharField(_("how often"), max_length=12, choices=Frequency, default=Frequency.WEEKLY)
    weekdays = ArrayField(
        models.CharField(max_length=2, choices=Weekday), verbose_name=_("on"), default=list, blank=True
    )
    first_on = models.DateField(_("from"))
    last_on = models.DateField(_("until"), null=True, blank=True)
    except_on = ArrayField(models.DateField(), verbose_name=_("not on"), default=list, blank=True)
    at = models.TimeField(_("at"))
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[validate_time_zone]
    )
    lasts = models.PositiveSmallIntegerField(
        _("minutes it lasts"), default=60, validators=[MinValueValidator(5), MaxValueValidator(1440)]
    )
    place = models.CharField(_("place"), max_length=200, blank=True, default="")
    joining = text_of(_("how to join from elsewhere"), 1000)
    ahead = models.PositiveSmallIntegerField(
        _("meetings called ahead"), default=6, validators=[MinValueValidator(1), MaxValueValidator(60)]
    )
    is_active = models.BooleanField(_("goes on"), default=True, editable=False)

    class Meta:
        verbose_name = _("series of meetings")
        verbose_name_plural = _("series of meetings")
        ordering = ["first_on", "id"]

    def __str__(self) -> str:
        return self.title


class Meeting(Record):
    """A meeting of a group, or one by itself. It begins at `needed_by`.

    `body` and `core` are the principals of the group and of its members; the group's own record is found through
    them by whoever reads it.
    """

    record_ptr = models.OneToOneField(
        Record, on_delete=models.CASCADE, parent_link=True, primary_key=True, related_name="as_meeting"
    )
    body = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    core = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    series = models.UUIDField(null=True, editable=False)  # of the series that called it
    slot = models.DateTimeField(null=True, editable=False)  # where the series' rule had put it
    ends_at = models.DateTimeField(_("ends"), null=True, blank=True)
    time_zone = models.CharField(
        _("time zone"), max_length=64, blank=True, default="", validators=[validate_time_zone]
    )
    place = models.CharField(_("place"), max_length=200, blank=True, default="")
    joining = text_of(_("how to join from elsewhere"), 1000)
    chair = leading(_("chaired by"))
    secretary = leading(_("minutes kept by"))
    quorum = models.PositiveSmallIntegerField(_("quorum"), null=True, blank=True, editable=False)
    summary = text_of(_("summary"), SUMMARY_MOST)
    sequence = models.PositiveIntegerField(db_default=0, editable=False)  # of its entry in calendars

    class Meta:
        verbose_name = _("meeting")
        verbose_name_plural = _("meetings")
        indexes = [
            models.Index(fields=["body"], name="working_groups_meeting_body"),
            models.Index(fields=["series", "slot"], name="working_groups_meeting_slot"),
        ]

    @property
    def starts_at(self) -> datetime | None:
        """When it begins."""
        return self.needed_by


def _open(name: str) -> models.GeneratedField:
    # SECURITY: what search reads of an item; nothing of a closed one.
    return models.GeneratedField(
        expression=Case(When(session=Session.OPEN, then=F(name)), default=Value(""), output_field=models.TextField()),
        output_field=models.TextField(), db_persist=True,
    )  # fmt: skip


class AgendaItem(LabelledRow):
    """An item of the agenda with its minute. A closed one is read by those it admits and by nobody else."""

    record_column = "meeting_id"

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="items")
    order = models.PositiveSmallIntegerField(_("order"), default=0)
    title = models.CharField(_("item"), max_length=200)
    details = text_of(_("what it is about"), 4000)
    session = models.CharField(_("session"), max_length=6, choices=Session, default=Session.OPEN)
    admits = models.CharField(_("a closed item admits"), max_length=8, choices=Admits, default=Admits.MEMBERS)
    classification = models.PositiveSmallIntegerField(
        _("classification of a closed item"), choices=Classification, default=Classification.UNCLASSIFIED
    )
    presenter = leading(_("presented by"))
    minutes_planned = models.PositiveSmallIntegerField(
        _("minutes planned"), null=True, blank=True, validators=[MaxValueValidator(600)]
    )
    state = models.CharField(_("state"), max_length=8, choices=ItemState, default=ItemState.ACCEPTED)
    proposer = models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False,
        verbose_name=_("proposed by"),
    )  # fmt: skip
    reply = models.CharField(_("why"), max_length=300, blank=True, default="")
    minute = models.TextField(
        _("minute"), blank=True, default="", max_length=MINUTE_MOST,
        validators=[MaxLengthValidator(MINUTE_MOST)],
    )  # fmt: skip
    stands = models.BooleanField(default=False, editable=False)  # on every agenda: never carried over
    carried_from = models.UUIDField(null=True, editable=False)  # the item from which it was carried over
    open_title = _open("title")
    open_text = _open("minute")

    class Meta:
        verbose_name = _("agenda item")
        verbose_name_plural = _("agenda items")
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return self.title


class Admitted(models.Model):
    """A position that a closed item admits by name."""

    id = models.BigAutoField(primary_key=True)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="+")
    item = models.ForeignKey(AgendaItem, on_delete=models.CASCADE, related_name="admitted")
    position = models.ForeignKey(
        Position, on_delete=models.PROTECT, related_name="+", verbose_name=_("position")
    )

    class Meta:
        verbose_name = _("position admitted")
        verbose_name_plural = _("positions admitted")
        constraints = [
            models.UniqueConstraint(fields=["item", "position"], name="working_groups_admitted_once")
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.position_id}"


class Attendance(models.Model):
    """Somebody who is expected, says whether they come, and came or not. Shown as far as the membership is."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendance")
    position = models.ForeignKey(
        Position,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("position"),
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("or organisation"),
    )  # fmt: skip
    name = models.CharField(
        _("or who else"), max_length=150, blank=True, default="", help_text=_("A function, for guests.")
    )
    standing = models.CharField(_("standing"), max_length=8, choices=Standing, default=Standing.MEMBER)
    answer = models.CharField(_("answer"), max_length=10, choices=Answer, blank=True, default=Answer.NONE)
    substitute = models.CharField(
        _("substitute"),
        max_length=150,
        blank=True,
        default="",
        help_text=_("Their function, no private data."),
    )
    presence = models.CharField(
        _("took part"), max_length=10, choices=Presence, blank=True, default=Presence.NONE
    )

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendance")
        ordering = ["standing", "id"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "position"], name="working_groups_attendance_post"),
            models.UniqueConstraint(
                fields=["meeting", "organisation"], name="working_groups_attendance_house"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.position_id or self.organisation_id or self.name}"


class _Said(models.Model):
    """What somebody said about minutes, of one item or of the whole."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    position = models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, related_name="+", editable=False, verbose_name=_("by")
    )
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        abstract = True


class Correction(_Said):
    """A correction that somebody asks for while the minutes circulate."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="corrections")
    item = models.ForeignKey(
        AgendaItem, on_delete=models.CASCADE, null=True, blank=True, related_name="corrections"
    )
    text = text_of(_("correction"), 4000)
    state = models.CharField(_("state"), max_length=8, choices=CorrectionState, default=CorrectionState.OPEN)
    reply = models.CharField(_("reply"), max_length=500, blank=True, default="")

    class Meta:
        verbose_name = _("correction")
        verbose_name_plural = _("corrections")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.state}"


class Amendment(_Said):
    """What was wrong in adopted minutes, and why: added, never written over."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="amendments")
    item = models.ForeignKey(
        AgendaItem, on_delete=models.CASCADE, null=True, blank=True, related_name="amendments"
    )
    text = text_of(_("amendment"), 4000)
    reason = models.CharField(_("reason"), max_length=500)

    class Meta:
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")
        ordering = ["at", "id"]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.at:%Y-%m-%d}"


class Outcome(models.Model):
    """What came of a meeting: a decision, an action point. Visible to whoever reads both, and the item between them."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="outcomes")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="came_of")
    item = models.ForeignKey(
        AgendaItem, on_delete=models.CASCADE, null=True, blank=True, related_name="outcomes"
    )
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", editable=False)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("outcome of a meeting")
        verbose_name_plural = _("outcomes of meetings")
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "record"], name="working_groups_outcome_once")
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.record_id}"
