"""The fixed terms of joint plans: codes that code compares, labels that people read. No models."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PlanKind(models.TextChoices):
    """What kind of plan it is; the mission says who endorses which (field guide (a) rows 9, 19, 25)."""

    RETURN = "return", _("Return and reintegration")
    PROTECTION = "protection", _("Protection of civilians")
    ACCESS = "access", _("Humanitarian access and aid corridors")
    CONTINGENCY = "contingency", _("Contingency plan")
    SUPPORT = "support", _("Support to authorities")
    WORKS = "works", _("Infrastructure works")
    QIP = "qip", _("Quick impact project")
    EXERCISE = "exercise", _("Training or exercise")
    OTHER = "other", _("Other plan")


class PartKind(models.TextChoices):
    """What a part of a plan is."""

    OBJECTIVE = "objective", _("Objective")
    ACTIVITY = "activity", _("Activity")
    ASSUMPTION = "assumption", _("Assumption")
    DECISION_POINT = "decision_point", _("Decision point")
    RISK = "risk", _("Risk")
    INDICATOR = "indicator", _("Indicator")
    INSTRUCTION = "instruction", _("Coordinating instruction")
    ANNEX = "annex", _("Annex")


class OpensTo(models.TextChoices):
    """Who reads a part, of those who read its plan."""

    ALL = "all", _("Everybody who reads the plan")
    CONTRIBUTORS = "contributors", _("Contributing organisations")
    NAMED = "named", _("Contributing organisations that are named")
    PLANNERS = "planners", _("Those who keep the plan")


class Standing(models.TextChoices):
    """As what an organisation takes part."""

    PLANNER = "planner", _("Plans along: concurs, and may change the plan")
    CONTRIBUTOR = "contributor", _("Contributes: concurs")
    INFORMED = "informed", _("Is informed")


class Answer(models.TextChoices):
    """What a contributing organisation says of a version (field guide (b), Plan)."""

    NONE = "", _("No answer yet")
    CONCUR = "concur", _("Concurs")
    COMMENT = "comment", _("Concurs with comment")
    NON_CONCUR = "non_concur", _("Does not concur")


class Progress(models.TextChoices):
    """How far an activity is."""

    PLANNED = "planned", pgettext_lazy("activity", "Planned")
    UNDER_WAY = "under_way", _("Under way")
    DELAYED = "delayed", _("Delayed")
    DONE = "done", pgettext_lazy("activity", "Done")
    DROPPED = "dropped", _("Not to be done")


class Assumed(models.TextChoices):
    """Whether what was assumed still is."""

    HOLDS = "holds", pgettext_lazy("assumption", "Holds")
    TRIPPED = "tripped", _("Does not hold any more")
    DROPPED = "dropped", _("Is assumed no longer")


class Watch(models.TextChoices):
    """What of a record breaks the assumption that is tied to it."""

    FAILS = "fails", _("It ends otherwise than was meant: declined, withdrawn, cancelled, expired")
    ENDS = "ends", _("It comes to its end, well or not")
    MOVES = "moves", _("It reaches another state than now")


#: Kinds of plans that are worked on the ground with a budget of their own.
PROJECTS = frozenset({PlanKind.QIP, PlanKind.WORKS})


class ResourceBasis(models.TextChoices):
    """Who pays for what an organisation gives (field guide (a) row 20)."""

    NO_COST = "no_cost", _("No cost")
    REIMBURSABLE = "reimbursable", _("Reimbursable")


class OffersTo(models.TextChoices):
    """Who learns that an organisation can give something."""

    MISSION = "mission", _("Everybody in the mission")
    NAMED = "named", _("Organisations that are named")
    ORGANISATION = "organisation", _("My organisation")


class Promised(models.TextChoices):
    """What became of a resource that was asked for."""

    ASKED = "asked", _("Asked for")
    PROMISED = "promised", _("Promised")
    DECLINED = "declined", pgettext_lazy("resource", "Declined")
    RELEASED = "released", pgettext_lazy("promise", "Released")
