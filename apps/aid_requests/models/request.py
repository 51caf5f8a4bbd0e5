"""AidRequest: what is asked for, why, where, until when, and the tests that doctrine puts to it."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator, MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.aid_requests.vocabulary import CostBasis, Criterion, DurationUnit
from apps.mission.models import Area, VocabularyTerm
from apps.mission.vocabulary import Priority, RequestKind, Side
from apps.records.models import Record

TEXT_MOST = 5000
MISSION_SIDES = frozenset({Side.MISSION_CIVIL, Side.MISSION_MILITARY, Side.MISSION_POLICE})


def _latitude(label: Any) -> models.DecimalField[Any, Any]:
    return models.DecimalField(
        label, max_digits=8, decimal_places=5, null=True, blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )  # fmt: skip


def _longitude(label: Any) -> models.DecimalField[Any, Any]:
    return models.DecimalField(
        label, max_digits=8, decimal_places=5, null=True, blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )  # fmt: skip


def _text(label: Any) -> models.TextField[Any, Any]:
    # WHY: a text column keeps no length by itself; every caller, not the form alone, is held to it.
    return models.TextField(
        label, max_length=TEXT_MOST, blank=True, default="", validators=[MaxLengthValidator(TEXT_MOST)]
    )


def _answer(label: Any) -> models.BooleanField[Any, Any]:
    return models.BooleanField(label, null=True, blank=True)


class AidRequest(Record):
    """A request for military assistance (RFA). A draft may be incomplete, never contradictory.

    `Record.area` is the area of the destination, or of the place of work. Times are UTC in the database.
    What must be answered before it is submitted is said in `rules.missing`.
    """

    need_statement = _text(_("what is needed, and for whom"))
    people_targeted = models.PositiveIntegerField(_("people who benefit"), null=True, blank=True)
    population_group = models.ForeignKey(
        VocabularyTerm, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("population group"),
        limit_choices_to={"vocabulary": VocabularyTerm.Vocabulary.POPULATION_GROUP},
    )  # fmt: skip
    is_emergency = models.BooleanField(_("emergency: lives are at risk within 24 hours"), default=False)
    consequence_if_not_met = _text(_("what happens if it is not met"))

    origin_area = models.ForeignKey(
        Area,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("area of origin"),
    )
    origin_place = models.CharField(_("place of origin"), max_length=150, blank=True, default="")
    origin_latitude = _latitude(_("latitude of the origin"))
    origin_longitude = _longitude(_("longitude of the origin"))
    destination_place = models.CharField(_("place of destination"), max_length=150, blank=True, default="")
    destination_latitude = _latitude(_("latitude of the destination"))
    destination_longitude = _longitude(_("longitude of the destination"))
    ready_to_load = models.DateTimeField(_("ready to load"), null=True, blank=True)
    duration = models.PositiveSmallIntegerField(
        _("duration"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    duration_unit = models.CharField(
        _("unit of the duration"), max_length=5, choices=DurationUnit, default=DurationUnit.DAYS
    )
    end_date = models.DateField(_("support ends on"), null=True, blank=True)

    last_resort_justification = _text(_("why military support is the last resort"))
    distinction_marking = models.BooleanField(_("civilian vehicles and cargo are marked"), default=False)
    distinction_seating = models.BooleanField(_("humanitarian and military staff sit apart"), default=False)
    distinction_no_weapons = models.BooleanField(_("no weapons in humanitarian vehicles"), default=False)
    distinction_measures = _text(_("how the difference stays visible"))

    escort_route = _text(_("route"))
    escort_vehicles = models.PositiveSmallIntegerField(
        _("vehicles to be escorted"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    escort_vehicle_types = models.CharField(_("types of vehicles"), max_length=200, blank=True, default="")
    escort_crew = models.CharField(_("nationalities of the crew"), max_length=200, blank=True, default="")
    escort_alternatives = _text(_("alternatives to an armed escort"))
    humanitarian_need_text = _text(Criterion.HUMANITARIAN_NEED.label)
    humanitarian_need_met = _answer(_("humanitarian need and programme criticality: met"))
    authorities_text = _text(Criterion.AUTHORITIES.label)
    authorities_met = _answer(_("responsible authorities: met"))
    security_text = _text(Criterion.SECURITY.label)
    security_met = _answer(_("safety and security: met"))
    sustainability_text = _text(Criterion.SUSTAINABILITY.label)
    sustainability_met = _answer(_("sustainability: met"))
    common_position = _text(_("common humanitarian position"))
    discontinuation_plan = _text(_("plan for discontinuation"))

    uav_humanitarian_use = _text(_("humanitarian use of the imagery"))
    uav_release_decision = _text(_("decision on release of the imagery"))

    contact_name = models.CharField(_("contact on the ground"), max_length=150, blank=True, default="")
    contact_phone = models.CharField(_("telephone"), max_length=40, blank=True, default="")
    contact_email = models.EmailField(_("e-mail address"), blank=True, default="")
    cost_basis = models.CharField(_("cost"), max_length=14, choices=CostBasis, blank=True, default="")
    srm_reference = models.CharField(
        _("security risk management reference"), max_length=80, blank=True, default=""
    )

    class Meta:
        verbose_name = _("aid request")
        verbose_name_plural = _("aid requests")

    def clean(self) -> None:
        """Refuse values that contradict each other, each with a message at its field."""
        super().clean()
        errors: dict[str, Any] = {}
        if self.kind and self.kind not in RequestKind.values:
            errors["kind"] = _("Choose one of the kinds of support.")
        errors |= self._point_errors("origin") | self._point_errors("destination") | self._time_errors()
        if self.is_emergency and self.priority != Priority.P1:
            errors["is_emergency"] = _("An emergency has priority P1. Choose P1, or take the emergency back.")
        if self._asks_beyond_its_side():
            errors["kind"] = _("Mission support is for the mission's own components. Choose what you need.")
        if errors:
            raise ValidationError(errors)

    def _point_errors(self, end: str) -> dict[str, Any]:
        latitude, longitude = getattr(self, f"{end}_latitude"), getattr(self, f"{end}_longitude")
        if latitude is not None and longitude is None:
            return {f"{end}_longitude": _("Give the longitude too, or leave both empty.")}
        if longitude is not None and latitude is None:
            return {f"{end}_latitude": _("Give the latitude too, or leave both empty.")}
        return {}

    def _time_errors(self) -> dict[str, Any]:
        errors: dict[str, Any] = {}
        if self.ready_to_load and self.needed_by and self.ready_to_load > self.needed_by:
            errors["ready_to_load"] = _("The cargo must be ready before it is needed.")
        if self.end_date and self.needed_by and self.end_date < self.needed_by.astimezone(UTC).date():
            errors["end_date"] = _("Support cannot end before it is needed.")
        return errors

    def _asks_beyond_its_side(self) -> bool:
        # WHY: mission support skips the tests of last resort; nobody else may take that way round them.
        if self.kind != RequestKind.MISSION_SUPPORT or not self.originator_id:
            return False
        return self.originator.side not in MISSION_SIDES

    @property
    def is_mission_support(self) -> bool:
        """Whether the mission asks for itself, without the humanitarian tests."""
        return self.kind == RequestKind.MISSION_SUPPORT

    @property
    def is_escort(self) -> bool:
        """Whether an armed escort is asked for, with its four criteria."""
        return self.kind == RequestKind.ESCORT

    @property
    def is_uav(self) -> bool:
        """Whether imagery is asked for."""
        return self.kind == RequestKind.UAV

    def criteria(self) -> list[tuple[Criterion, str, bool | None]]:
        """The four criteria with the text given and whether they are met (None: not answered)."""
        return [(c, getattr(self, f"{c.value}_text"), getattr(self, f"{c.value}_met")) for c in Criterion]

    def unmet_criteria(self) -> list[Criterion]:
        """The criteria of an escort that are not met or not answered; none for other kinds."""
        return [c for c, _text_, met in self.criteria() if not met] if self.is_escort else []
