"""The file of a working group: its terms, who leads it, who belongs to it. Meetings have a module of their own."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.mission.models import Mission, Organisation, Position, PrincipalOwner
from apps.mission.vocabulary import OrganisationType, Side
from apps.records.models import Record
from apps.working_groups.vocabulary import (
    Composition,
    GroupKind,
    MembershipShown,
    Office,
    RestrictedInCalendar,
    Standing,
)

TEXT_MOST = 10_000


def text_of(label: Any, most: int = TEXT_MOST) -> models.TextField[str, str]:
    """A text of at most so many characters, empty unless something is said."""
    return models.TextField(
        label, max_length=most, blank=True, default="", validators=[MaxLengthValidator(most)]
    )


def leading(label: Any) -> models.ForeignKey[Position | None, Position | None]:
    """The key of a position that leads."""
    return models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=label
    )


class WorkingGroup(Record):
    """A group that meets: what for, under which terms, led by whom, with which members."""

    # WHY: by its own name the way back would meet a field of another record type.
    record_ptr = models.OneToOneField(
        Record, on_delete=models.CASCADE, parent_link=True, primary_key=True, related_name="as_working_group"
    )
    composition = models.CharField(
        _("composition"), max_length=12, choices=Composition, default=Composition.MIXED
    )
    purpose = text_of(_("purpose"), 2000)
    chair = leading(_("chair"))
    co_chair = leading(_("co-chair"))
    secretariat = leading(_("secretariat"))
    quorum = models.PositiveSmallIntegerField(
        _("quorum"), null=True, blank=True, validators=[MinValueValidator(1), MaxValueValidator(500)],
        help_text=_("Members who must take part. Left empty, there is none."),
    )  # fmt: skip
    membership = models.CharField(
        _("who learns who belongs to it"),
        max_length=8,
        choices=MembershipShown,
        default=MembershipShown.READERS,
    )
    calendar = models.CharField(
        _("restricted meetings in calendars outside the portal"), max_length=8, choices=RestrictedInCalendar,
        default=RestrictedInCalendar.BUSY,
    )  # fmt: skip

    class Meta:
        verbose_name = _("working group")
        verbose_name_plural = _("working groups")


class Body(PrincipalOwner):
    """The group as a reader: all who belong to it, or its members without observers. Kept by the database."""

    class Part(models.TextChoices):
        """Which part of the group."""

        ALL = "all", _("working group")
        MEMBERS = "members", _("members of a working group")

    mission = models.ForeignKey(Mission, on_delete=models.CASCADE, related_name="+", editable=False)
    record = models.ForeignKey(WorkingGroup, on_delete=models.CASCADE, related_name="bodies", editable=False)
    part = models.CharField(max_length=8, choices=Part, default=Part.ALL, editable=False)

    class Meta:
        verbose_name = _("working group as a reader")
        verbose_name_plural = _("working groups as readers")
        constraints = [models.UniqueConstraint(fields=["record", "part"], name="working_groups_body_once")]

    def __str__(self) -> str:
        return f"{self.record_id} {self.part}"


class TermsOfReference(models.Model):
    """A version of the terms of reference; once it is endorsed, it stays as it is."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    group = models.ForeignKey(WorkingGroup, on_delete=models.CASCADE, related_name="terms")
    number = models.PositiveSmallIntegerField(_("version"), default=0, editable=False)
    text = text_of(_("text"), 20_000)
    endorsed_on = models.DateField(_("endorsed on"), null=True, blank=True)
    endorsed_by = models.CharField(_("endorsed by"), max_length=200, blank=True, default="")
    review_on = models.DateField(_("to be reviewed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("terms of reference")
        verbose_name_plural = _("terms of reference")
        ordering = ["-number", "-id"]

    def __str__(self) -> str:
        return str(self.number)


class Member(models.Model):
    """A position or an organisation that belongs to the group, from a day until another, both included."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    group = models.ForeignKey(WorkingGroup, on_delete=models.CASCADE, related_name="members")
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
    standing = models.CharField(_("standing"), max_length=8, choices=Standing, default=Standing.MEMBER)
    since = models.DateField(_("from"), null=True, blank=True)
    until = models.DateField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("member")
        verbose_name_plural = _("members")
        ordering = ["standing", "id"]
        indexes = [
            models.Index(fields=["position"], name="working_groups_member_post"),
            models.Index(fields=["organisation"], name="working_groups_member_house"),
        ]

    def __str__(self) -> str:
        return f"{self.group_id} {self.standing}"


class StandingItem(models.Model):
    """An item that stands on the agenda of every meeting."""

    id = models.BigAutoField(primary_key=True)
    group = models.ForeignKey(WorkingGroup, on_delete=models.CASCADE, related_name="standing_items")
    title = models.CharField(_("item"), max_length=200)
    minutes_planned = models.PositiveSmallIntegerField(
        _("minutes planned"), null=True, blank=True, validators=[MaxValueValidator(600)]
    )

    class Meta:
        verbose_name = _("standing item")
        verbose_name_plural = _("standing items")
        ordering = ["id"]

    def __str__(self) -> str:
        return self.title


class LeadRule(models.Model):
    """Whom the mission keeps from an office of a kind of group, and by which rule: a setting, no doctrine in code."""

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    mission = models.ForeignKey(
        Mission, on_delete=models.CASCADE, related_name="lead_rules", verbose_name=_("mission")
    )
    kind = models.CharField(_("kind of group"), max_length=12, choices=GroupKind)
    office = models.CharField(_("office"), max_length=12, choices=Office)
    sides = ArrayField(
        models.CharField(max_length=20, choices=Side),
        verbose_name=_("sides kept from it"),
        blank=True,
        default=list,
    )
    types = ArrayField(
        models.CharField(max_length=13, choices=OrganisationType),
        verbose_name=_("types of organisation kept from it"), blank=True, default=list,
    )  # fmt: skip
    reason = models.CharField(
        _("the rule"),
        max_length=300,
        help_text=_("Told to whoever is refused: the rule and where it stands."),
    )

    class Meta:
        verbose_name = _("rule on who leads a group")
        verbose_name_plural = _("rules on who leads a group")
        ordering = ["kind", "office", "id"]
        constraints = [
            models.UniqueConstraint(fields=["mission", "kind", "office"], name="working_groups_leadrule_once")
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.get_office_display()}"
