"""Stakeholder: what is known of an organisation, and how it wishes to be engaged."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.mission.models import Organisation
from apps.mission.vocabulary import EngagementStance, OrganisationType, Scope, Side
from apps.records.models import Record

TEXT_MOST = 5000


class Stakeholder(Record):
    """An organisation's file: its title is the name, its kind the type (HDX organisation types, and the mission's own).

    The same organisation may have files of several keepers.
    `organisation` is its place in the mission's structure, if it has one; the database keeps the two stances equal.
    One that is not to be listed is read by its keeper, by CMCoord officers, and by whoever is given the right; its
    audience is never the whole mission. `sensitivities` are for the record's parties.
    """

    acronym = models.CharField(_("acronym"), max_length=30, blank=True, default="")
    other_names = models.TextField(
        _("other names"), max_length=1000, blank=True, default="", validators=[MaxLengthValidator(1000)],
        help_text=_("One on each line: former names, names in other languages, spellings in tables."),
    )  # fmt: skip
    side = models.CharField(_("side"), max_length=20, choices=Side, blank=True, default="")
    stance = models.CharField(
        _("engagement stance"), max_length=12, choices=EngagementStance, default=EngagementStance.DIRECT
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("organisation in the portal"),
    )  # fmt: skip
    purpose = models.TextField(
        _("what it does"), max_length=TEXT_MOST, blank=True, default="", validators=[MaxLengthValidator(TEXT_MOST)]
    )  # fmt: skip
    engagement = models.TextField(
        _("how to engage it"), max_length=TEXT_MOST, blank=True, default="",
        validators=[MaxLengthValidator(TEXT_MOST)],
    )  # fmt: skip
    culture = models.TextField(
        _("customs and languages"), max_length=TEXT_MOST, blank=True, default="",
        validators=[MaxLengthValidator(TEXT_MOST)],
    )  # fmt: skip
    sensitivities = models.TextField(
        _("what to be careful about"), max_length=TEXT_MOST, blank=True, default="",
        validators=[MaxLengthValidator(TEXT_MOST)],
    )  # fmt: skip
    active_from = models.DateField(_("active from"), null=True, blank=True)
    active_to = models.DateField(_("active until"), null=True, blank=True)

    class Meta:
        verbose_name = _("stakeholder")
        verbose_name_plural = _("stakeholders")

    @property
    def names(self) -> list[str]:
        """Every name it is known by, its own first."""
        others = [line.strip() for line in self.other_names.splitlines()]
        return list(dict.fromkeys(name for name in (self.title, self.acronym, *others) if name))

    @property
    def is_military(self) -> bool:
        """Whether it stands on a uniformed side of the mission."""
        return self.side in (Side.MISSION_MILITARY, Side.MISSION_POLICE)

    def clean(self) -> None:
        """Refuse dates the wrong way round, another stance than the portal knows, and the mission for the unlisted."""
        super().clean()
        if self.active_from and self.active_to and self.active_to < self.active_from:
            raise ValidationError({"active_to": _("This lies before the day from which it is active.")})
        if self.stance == EngagementStance.UNLISTED and self.scope == Scope.MISSION:
            raise ValidationError(
                {"scope": _("An organisation that is not to be listed is never shown to the whole mission.")}
            )

    def get_kind_label(self) -> str:
        """The type of organisation in words; empty when it was not said."""
        return str(dict(OrganisationType.choices).get(self.kind, ""))
