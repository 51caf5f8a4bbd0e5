"""Fixed terms of aid requests: codes that code compares, labels that people read. No models."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DurationUnit(models.TextChoices):
    """Units of a duration."""

    HOURS = "hours", _("hours")
    DAYS = "days", _("days")


class CostBasis(models.TextChoices):
    """Who pays."""

    NO_COST = "no_cost", _("No cost to the requester")
    REIMBURSABLE = "reimbursable", _("Reimbursable")


class Criterion(models.TextChoices):
    """The four criteria for the use of armed escorts (IASC guidelines, 2013)."""

    HUMANITARIAN_NEED = "humanitarian_need", _("Humanitarian need and programme criticality")
    AUTHORITIES = "authorities", _("Responsible authorities")
    SECURITY = "security", _("Safety and security")
    SUSTAINABILITY = "sustainability", _("Sustainability")


class CargoUnit(models.TextChoices):
    """Units in which cargo is counted."""

    PIECES = "pcs", _("pieces")
    BAGS = "bags", _("bags")
    CARTONS = "cartons", _("cartons")
    PALLETS = "pallets", _("pallets")
    KITS = "kits", _("kits")
    DRUMS = "drums", _("drums")
    LITRES = "litres", _("litres")
    PASSENGERS = "pax", _("passengers")


class HazardClass(models.TextChoices):
    """Classes of dangerous goods (UN model regulations)."""

    EXPLOSIVES = "1", _("1 – explosives")
    GASES = "2", _("2 – gases")
    FLAMMABLE_LIQUIDS = "3", _("3 – flammable liquids")
    FLAMMABLE_SOLIDS = "4", _("4 – flammable solids")
    OXIDISING = "5", _("5 – oxidising substances")
    TOXIC = "6", _("6 – toxic and infectious substances")
    RADIOACTIVE = "7", _("7 – radioactive material")
    CORROSIVE = "8", _("8 – corrosive substances")
    MISCELLANEOUS = "9", _("9 – miscellaneous")


class AlternativeResult(models.TextChoices):
    """What came of a civilian alternative."""

    NOT_AVAILABLE = "not_available", _("Not available")
    TOO_LATE = "too_late", _("Available, but too late")
    NOT_ENOUGH = "not_enough", _("Available, but not enough")
    NOT_SAFE = "not_safe", _("Available, but not safe enough")
    REFUSED = "refused", _("Asked and refused")


class OpinionOutcome(models.TextChoices):
    """What the security adviser says."""

    ACCEPTABLE = "acceptable", _("The risk is acceptable")
    WITH_MEASURES = "with_measures", _("Acceptable with the measures named")
    NOT_ACCEPTABLE = "not_acceptable", _("The risk is not acceptable")


class Advice(models.TextChoices):
    """What the CIMIC officer recommends."""

    APPROVE = "approve", _("Approve")
    CONDITIONS = "conditions", _("Approve with conditions")
    COUNTER = "counter", _("Offer something else")
    DECLINE = "decline", _("Decline")


class DecisionOutcome(models.TextChoices):
    """What was decided."""

    APPROVED = "approved", _("Approved")
    CONDITIONS = "conditions", _("Approved with conditions")
    COUNTER_OFFER = "counter_offer", _("Counter-offer")
    DECLINED = "declined", _("Declined")
    EXTENDED = "extended", _("Deadline extended")


class NeedMet(models.TextChoices):
    """How far the need was met."""

    FULL = "full", _("In full")
    PARTIAL = "partial", _("In part")
    NO = "no", _("Not at all")


class Timeliness(models.TextChoices):
    """Whether the support came in time."""

    ON_TIME = "on_time", _("On time")
    LATE_USABLE = "late_usable", _("Late, but still of use")
    TOO_LATE = "too_late", _("Too late")


class Conduct(models.TextChoices):
    """How the unit conducted itself."""

    GOOD = "good", _("As agreed")
    MINOR = "minor", _("Minor departures from what was agreed")
    SERIOUS = "serious", _("Serious departures from what was agreed")
