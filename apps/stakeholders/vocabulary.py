"""The fixed terms of the register: codes that code compares, labels that people read. No models."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from apps.records.workflow import Text


class RelationKind(models.TextChoices):
    """What one organisation is to another, read from the one that says it."""

    PART_OF = "part_of", _("is part of")
    PARTNER_OF = "partner_of", _("implements for")
    FUNDED_BY = "funded_by", _("is funded by")
    MEMBER_OF = "member_of", _("is a member of")
    HOSTED_BY = "hosted_by", _("is hosted by")
    CONTRIBUTED_BY = "contributed_by", _("is contributed by")
    STRAINED_WITH = "strained_with", _("has strained relations with")
    MERGED_INTO = "merged_into", _("was merged into")


#: Before the kind, the key under which a relation stands among the links of a record.
PREFIX = "stakeholder_"

#: How each reads from either end.
RELATED: dict[RelationKind, tuple[Text, Text]] = {
    RelationKind.PART_OF: (_("is part of"), _("has as a part")),
    RelationKind.PARTNER_OF: (_("implements for"), _("is implemented for by")),
    RelationKind.FUNDED_BY: (_("is funded by"), _("funds")),
    RelationKind.MEMBER_OF: (_("is a member of"), _("has as a member")),
    RelationKind.HOSTED_BY: (_("is hosted by"), _("hosts")),
    RelationKind.CONTRIBUTED_BY: (_("is contributed by"), _("contributes")),
    RelationKind.STRAINED_WITH: (_("has strained relations with"), _("has strained relations with")),
    RelationKind.MERGED_INTO: (_("was merged into"), _("took over the record")),
}


class PresenceRole(models.TextChoices):
    """In which role an organisation is present (3W, 4W)."""

    IMPLEMENTING = "implementing", _("Implementing")
    PROGRAMMING = "programming", _("Programming or leading")
    FUNDING = "funding", _("Funding")
    PRESENT = "present", _("Present")


class PresenceStatus(models.TextChoices):
    """How far an activity has come."""

    PLANNED = "planned", pgettext_lazy("activity", "Planned")
    ONGOING = "ongoing", pgettext_lazy("activity", "Ongoing")
    SUSPENDED = "suspended", pgettext_lazy("activity", "Suspended")
    COMPLETED = "completed", pgettext_lazy("activity", "Completed")
    UNKNOWN = "unknown", pgettext_lazy("activity", "Not known")


class Consent(models.TextChoices):
    """To whom a person agreed that the portal shows their name and reach."""

    NOT_ASKED = "not_asked", _("Not asked, or refused: the record’s keepers alone")
    CIVILIAN = "civilian", _("Civilian readers of the record")
    EVERYBODY = "everybody", _("All readers of the record")


class CaveatKind(models.TextChoices):
    """What a caveat rules out: every task, or the kinds of support that can be asked for."""

    ANY = "any", _("Any task")
    MCDA = "mcda", _("Military or civil-defence assets")
    ESCORT = "armed_escort", _("Armed escort")
    FORCE_PROTECTION = "force_protection", _("Force protection")
    ENGINEERING = "engineering", _("Engineering")
    LIFT = "lift", _("Air or river lift")
    MEDICAL = "medical", _("Medical")
    UAV = "uav", _("UAV or imagery")
    STORAGE = "storage", _("Storage")
    COMMUNICATIONS = "communications", _("Communications")
    MISSION_SUPPORT = "mission_support", _("Mission support")


class ImportKind(models.TextChoices):
    """What a table that is imported lists."""

    PRESENCE = "presence", _("Who does what, where and when (3W, 4W)")
    ORGANISATIONS = "organisations", _("Organisations")


class ImportState(models.TextChoices):
    """How far an import has come."""

    READING = "reading", _("Being read")
    READY = "ready", _("Ready to be looked through")
    APPLYING = "applying", _("Being imported")
    APPLIED = "applied", _("Imported")
    REFUSED = "refused", _("Refused")
    FAILED = "failed", _("Failed")


class RowOutcome(models.TextChoices):
    """What becomes of a row of a table."""

    CREATED = "created", _("New")
    UPDATED = "updated", _("Changed")
    UNCHANGED = "unchanged", _("As it was")
    SKIPPED = "skipped", _("Skipped")
    REFUSED = "refused", _("Refused")
