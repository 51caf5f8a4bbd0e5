"""The fixed terms of projects: what is built, whether others do the same. No models."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DualUse(models.TextChoices):
    """What the project builds or repairs, in civilian words (field guide (a) row 19)."""

    SCHOOL = "school", _("School")
    CLINIC = "clinic", _("Clinic or hospital")
    WATER = "water", _("Water point")
    WORSHIP = "worship", _("Place of worship")
    BRIDGE = "bridge", _("Bridge")
    ROAD = "road", _("Road")
    PUBLIC = "public", _("Public building")
    OTHER = "other", _("Something else")


#: Objects that are civilian and stay so: no file names them otherwise.
PROTECTED = (DualUse.SCHOOL, DualUse.CLINIC, DualUse.WATER, DualUse.WORSHIP)


class Caution(models.TextChoices):
    """What stands beside a protected object wherever it is shown."""

    PROTECTED = "protected", _("Protected object: not to be shown as a military one")


class Met(models.TextChoices):
    """Whether a project meets a criterion."""

    YES = "yes", _("Met")
    PARTLY = "partly", _("Partly met")
    NO = "no", _("Not met")


class CheckSide(models.TextChoices):
    """For whom a position checked."""

    HUMANITARIAN = "humanitarian", _("Humanitarian side")
    CIMIC = "cimic", _("CIMIC")


class Overlap(models.TextChoices):
    """What a duplication check found."""

    NONE = "none", _("Nobody else does the same there")
    POSSIBLE = "possible", _("Somebody may do the same there")
    DUPLICATE = "duplicate", _("Somebody does the same there")


class MoneyOpensTo(models.TextChoices):
    """Who reads amounts, partner and instalments, of those who read the plan."""

    ALL = "all", _("Everybody who reads the plan")
    CONTRIBUTORS = "contributors", _("Contributing organisations and whoever endorses it")
    PLANNERS = "planners", _("Those who keep the plan and whoever endorses it")
