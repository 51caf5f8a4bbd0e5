"""Organisations, the mission's components, and sectors (clusters)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.mission.vocabulary import EngagementStance, OrganisationType, Side

from .structure import Mission, PrincipalOwner


class Sector(models.Model):
    """A coordination sector or cluster with its standard code (FSC, HEA, LOG …)."""

    mission = models.ForeignKey(
        Mission, on_delete=models.CASCADE, related_name="sectors", verbose_name=_("mission")
    )
    code = models.CharField(_("code"), max_length=12)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        verbose_name = _("sector")
        verbose_name_plural = _("sectors")
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["mission", "code"], name="mission_sector_code")]

    def __str__(self) -> str:
        return f"{self.name} ({self.code})"


class Component(models.Model):
    """A component of the mission: military, police, civilian, support."""

    class Kind(models.TextChoices):
        """Kinds of components."""

        MILITARY = "military", _("Military")
        POLICE = "police", _("Police")
        CIVILIAN = "civilian", _("Civilian")
        SUPPORT = "support", _("Mission support")

    mission = models.ForeignKey(
        Mission, on_delete=models.CASCADE, related_name="components", verbose_name=_("mission")
    )
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)

    class Meta:
        verbose_name = _("component")
        verbose_name_plural = _("components")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["mission", "name"], name="mission_component_name")]

    def __str__(self) -> str:
        return self.name


class Organisation(PrincipalOwner):
    """An organisation as a reader and originator. What is known *about* it is a record of its own."""

    mission = models.ForeignKey(
        Mission, on_delete=models.CASCADE, related_name="organisations", verbose_name=_("mission")
    )
    name = models.CharField(_("name"), max_length=150)
    acronym = models.CharField(_("acronym"), max_length=30, blank=True)
    org_type = models.CharField(_("type"), max_length=14, choices=OrganisationType)
    side = models.CharField(_("side"), max_length=20, choices=Side)
    engagement_stance = models.CharField(
        _("engagement stance"), max_length=12, choices=EngagementStance, default=EngagementStance.DIRECT
    )
    component = models.ForeignKey(
        Component, on_delete=models.PROTECT, null=True, blank=True, related_name="organisations",
        verbose_name=_("component"),
    )  # fmt: skip
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="parts",
        verbose_name=_("part of"),
    )
    active_from = models.DateField(_("active from"), null=True, blank=True)
    active_to = models.DateField(_("active to"), null=True, blank=True)

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["mission", "name"], name="mission_organisation_name")]

    def __str__(self) -> str:
        return self.acronym or self.name
