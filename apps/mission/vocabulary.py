"""The field's fixed terms (field guide (b)): codes that code compares, labels that people read. No models."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OrganisationType(models.TextChoices):
    """HDX organisation types, and the mission's own."""

    DONOR = "433", _("Donor")
    GOVERNMENT = "435", _("Government")
    INGO = "437", _("International NGO")
    INTERNATIONAL = "438", _("International organisation")
    NNGO = "441", _("National NGO")
    UN = "447", _("United Nations agency")
    CIVIL_SOCIETY = "501", _("Civil society")
    LOCAL_NGO = "504", _("Local NGO")
    COMPONENT = "component", _("Mission component")
    CONTINGENT = "contingent", _("Contingent")
    POLICE = "police", _("Police unit")
    HOST_SECURITY = "host_security", _("Host-state security force")
    ARMED_GROUP = "armed_group", _("Armed group")
    COMMUNITY = "community", _("Community")


class Side(models.TextChoices):
    """On which side of the civil-military line an organisation stands."""

    HUMANITARIAN = "humanitarian", _("Humanitarian")
    DEVELOPMENT = "development", _("Development")
    MISSION_CIVIL = "mission_civil", _("Mission, civilian")
    MISSION_MILITARY = "mission_military", _("Mission, military")
    MISSION_POLICE = "mission_police", _("Mission, police")
    HOST_STATE = "host_state", _("Host state")
    OTHER = "other", _("Other")


class EngagementStance(models.TextChoices):
    """How an organisation wishes to be engaged (field guide row 2)."""

    DIRECT = "direct", _("Direct")
    VIA_OCHA = "via_ocha", _("Via OCHA only")
    LISTED = "listed", _("Listed only")
    UNLISTED = "unlisted", _("Not to be listed")


class Role(models.TextChoices):
    """Roles of the workflow (field guide (b)); a position holds them, a person holds the position."""

    REQUESTER = "REQ", _("Requesting organisation's focal point")
    CLUSTER = "CLU", _("Cluster coordinator")
    CMCOORD = "CMC", _("CMCoord officer")
    CIMIC = "CIM", _("CIMIC officer")
    JOC = "JOC", _("JOC duty officer")
    SECURITY = "SEC", _("Security adviser")
    DECIDER = "DEC", _("Decision authority")
    UNIT = "UNIT", _("Executing unit")
    RELEASE = "REL", _("Release authority")
    AUDITOR = "AUD", _("Auditor")
    ADMIN = "ADM", _("Administrator of structure")


class Capacity(models.TextChoices):
    """In which capacity a person holds a position."""

    HOLDER = "holder", _("Holder")
    ACTING = "acting", _("Acting")
    SUBSTITUTE = "substitute", _("Substitute")


class Classification(models.IntegerChoices):
    """Handling marking of ST/SGB/2007/6."""

    UNCLASSIFIED = 0, _("Unclassified")
    CONFIDENTIAL = 1, _("Confidential")
    STRICTLY_CONFIDENTIAL = 2, _("Strictly confidential")


class Sensitivity(models.IntegerChoices):
    """OCHA's scale of likely harm."""

    LOW = 0, _("Low")
    MODERATE = 1, _("Moderate")
    HIGH = 2, _("High")
    SEVERE = 3, _("Severe")


class Scope(models.TextChoices):
    """The base audience of a record, before addressees and grants."""

    PRIVATE = "private", _("Only my position, and those named")
    ORGANISATION = "organisation", _("My organisation, and those named")
    MISSION = "mission", _("Everyone in the mission")


class ProtectedData(models.TextChoices):
    """Data that the mission's military side never reads, whatever is granted (invariant I20)."""

    BENEFICIARY = "beneficiary", _("Data on individual beneficiaries")
    STAFF = "staff", _("Lists of humanitarian staff")
    SOURCE = "source", _("Identities of sources")


class RequestKind(models.TextChoices):
    """Kinds of support that can be asked for (field guide, RFA)."""

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


class Priority(models.IntegerChoices):
    """Priority with its meaning (field guide, RFA)."""

    P1 = 1, _("P1 – life-saving, within 24 hours")
    P2 = 2, _("P2 – urgent")
    P3 = 3, _("P3 – routine")
