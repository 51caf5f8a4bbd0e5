"""A mission, and the mix-in of everything that can be an audience's member."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib.auth.models import Group
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import validate_time_zone
from apps.mission.vocabulary import Priority, Role


def notices_by() -> list[str]:
    """Roles that issue notices unless the mission says otherwise."""
    return [Role.JOC.value, Role.CMCOORD.value, Role.SECURITY.value, Role.CIMIC.value, Role.DECIDER.value]


def emergencies_by() -> list[str]:
    """Roles that issue emergency broadcasts unless the mission says otherwise."""
    return [Role.JOC.value, Role.SECURITY.value, Role.CMCOORD.value, Role.DECIDER.value]


def register_by() -> list[str]:
    """Roles that keep files on organisations unless the mission says otherwise."""
    return [
        Role.CMCOORD.value, Role.CIMIC.value, Role.JOC.value, Role.CLUSTER.value, Role.REQUESTER.value,
        Role.SECURITY.value,
    ]  # fmt: skip


def groups_by() -> list[str]:
    """Roles that call groups and meetings into being unless the mission says otherwise."""
    return [
        Role.CMCOORD.value, Role.CIMIC.value, Role.JOC.value, Role.CLUSTER.value, Role.REQUESTER.value,
        Role.SECURITY.value, Role.DECIDER.value,
    ]  # fmt: skip


def evidence_for() -> list[int]:
    """Priorities of action points that are done with evidence, unless the mission says otherwise."""
    return [Priority.P1.value]


class PrincipalOwner(models.Model):
    """Something that can be named as a reader: its auth group's id is the principal in audiences.

    The group is made on the first save and lives as long as its owner.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    group = models.OneToOneField(
        Group, on_delete=models.PROTECT, related_name="+", editable=False, verbose_name=_("principal")
    )

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Give the owner its principal before its first save."""
        if self.group_id is None:
            with transaction.atomic():
                # WHY: the name is opaque; titles change and must not be unique across missions.
                self.group = Group.objects.create(name=f"{self._meta.model_name}:{self.uuid}")
                super().save(*args, **kwargs)
            return
        super().save(*args, **kwargs)


class Mission(PrincipalOwner):
    """One peacekeeping mission; nothing of one mission is ever readable from another."""

    code = models.SlugField(_("code"), max_length=20, unique=True)
    name = models.CharField(_("name"), max_length=150)
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[validate_time_zone]
    )
    is_exercise = models.BooleanField(
        _("exercise"), default=False, help_text=_("Nothing in an exercise concerns real people or places.")
    )
    auto_close_days = models.PositiveSmallIntegerField(
        _("days until a delivered request closes by itself"), default=14
    )
    emergency_validation_hours = models.PositiveSmallIntegerField(
        _("hours until an emergency request must be validated afterwards"), default=24
    )
    notice_roles = ArrayField(
        models.CharField(max_length=4, choices=Role), verbose_name=_("roles that issue notices"), blank=True,
        default=notices_by,
    )  # fmt: skip
    broadcast_roles = ArrayField(
        models.CharField(max_length=4, choices=Role), verbose_name=_("roles that issue emergency broadcasts"),
        blank=True, default=emergencies_by,
    )  # fmt: skip
    register_roles = ArrayField(
        models.CharField(max_length=4, choices=Role), verbose_name=_("roles that keep files on organisations"),
        blank=True, default=register_by,
    )  # fmt: skip
    group_roles = ArrayField(
        models.CharField(max_length=4, choices=Role), verbose_name=_("roles that set up groups and meetings"),
        blank=True, default=groups_by,
    )  # fmt: skip
    evidence_priorities = ArrayField(
        models.PositiveSmallIntegerField(choices=Priority), verbose_name=_("action points that need evidence"),
        blank=True, default=evidence_for,
    )  # fmt: skip
    broadcast_hours = models.PositiveSmallIntegerField(
        _("hours after which an emergency broadcast is over"), default=72,
        validators=[MinValueValidator(1), MaxValueValidator(168)],
        help_text=_("At the latest. Whoever issues one says an earlier moment; a new edition can extend it."),
    )  # fmt: skip

    class Meta:
        verbose_name = _("mission")
        verbose_name_plural = _("missions")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
