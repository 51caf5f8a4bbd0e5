"""The fixed terms of groups and meetings: codes that code compares, labels that people read. No models."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class GroupKind(models.TextChoices):
    """What kind of group it is; what it is called differs from mission to mission (field guide (a) row 6)."""

    CMCOORD = "cmcoord", _("Humanitarian civil-military coordination group")
    ACCESS = "access", _("Humanitarian access working group")
    JOINT = "joint", _("Joint civil-military working group")
    CIMIC = "cimic", _("UN-CIMIC working group")
    JOC = "joc", _("JOC brief")
    PROTECTION = "protection", _("Protection of civilians group")
    SECURITY = "security", _("Security group")
    LOGISTICS = "logistics", _("Logistics group")
    TASK_FORCE = "task_force", _("Task force")
    OTHER = "other", _("Other group")


class Composition(models.TextChoices):
    """Who may be a member."""

    HUMANITARIAN = "humanitarian", _("Humanitarian actors alone")
    MIXED = "mixed", _("Mixed")


class Standing(models.TextChoices):
    """As what a position or an organisation belongs to a group."""

    MEMBER = "member", _("Member")
    OBSERVER = "observer", _("Observer")
    INVITEE = "invitee", _("Invitee")


class MembershipShown(models.TextChoices):
    """Who learns who belongs to the group (invariant I14)."""

    READERS = "readers", _("Everybody who reads this record")
    MEMBERS = "members", _("Those who belong to the group")
    LEADS = "leads", _("Chair, co-chair and secretariat")


class RestrictedInCalendar(models.TextChoices):
    """What a calendar outside the portal is told of a restricted meeting."""

    BUSY = "busy", pgettext_lazy("calendar", "Busy, without a title")
    ABSENT = "absent", _("Nothing")


class Office(models.TextChoices):
    """Offices of a group for which the mission may have rules."""

    CHAIR = "chair", _("Chair")
    CO_CHAIR = "co_chair", _("Co-chair")
    SECRETARIAT = "secretariat", _("Secretariat")


class Frequency(models.TextChoices):
    """How often a series meets."""

    DAILY = "daily", _("Every working day")
    WEEKLY = "weekly", _("Every week")
    FORTNIGHTLY = "fortnightly", _("Every two weeks")
    MONTHLY = "monthly", _("Every month, on the same weekday")


class Weekday(models.TextChoices):
    """Days of the week, in the codes of recurrence rules (RFC 5545)."""

    MO = "MO", _("Monday")
    TU = "TU", _("Tuesday")
    WE = "WE", _("Wednesday")
    TH = "TH", _("Thursday")
    FR = "FR", _("Friday")
    SA = "SA", _("Saturday")
    SU = "SU", _("Sunday")


class Session(models.TextChoices):
    """Whether an agenda item is for everybody who reads the meeting."""

    OPEN = "open", pgettext_lazy("session", "Open")
    CLOSED = "closed", pgettext_lazy("session", "Closed")


class Admits(models.TextChoices):
    """Whom a closed item admits, beside those who keep the minutes."""

    MEMBERS = "members", _("Members, without observers and invitees")
    LEADS = "leads", _("Chair and secretariat alone")
    NAMED = "named", _("The positions named")


class ItemState(models.TextChoices):
    """What became of an agenda item."""

    PROPOSED = "proposed", _("Proposed")
    ACCEPTED = "accepted", _("On the agenda")
    DECLINED = "declined", _("Declined")
    TREATED = "treated", _("Treated")
    CARRIED = "carried", _("Carried over")


class Answer(models.TextChoices):
    """What somebody says about coming."""

    NONE = "", _("No answer")
    IN_PERSON = "in_person", _("In person")
    REMOTE = "remote", _("Remotely")
    REGRETS = "regrets", _("Regrets")
    SUBSTITUTE = "substitute", _("Sends a substitute")


class Presence(models.TextChoices):
    """How somebody took part."""

    NONE = "", _("Not noted")
    IN_PERSON = "in_person", _("In person")
    REMOTE = "remote", _("Remotely")
    SUBSTITUTE = "substitute", _("By a substitute")
    REGRETS = "regrets", _("Regrets")
    ABSENT = "absent", _("Absent")


#: Taking part, for the quorum.
PRESENT = (Presence.IN_PERSON, Presence.REMOTE, Presence.SUBSTITUTE)


class CorrectionState(models.TextChoices):
    """What became of a correction that somebody asked for."""

    OPEN = "open", pgettext_lazy("correction", "Open")
    TAKEN = "taken", _("Taken over")
    DECLINED = "declined", _("Declined")
