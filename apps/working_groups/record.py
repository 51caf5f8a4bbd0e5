"""The declarations of groups, meetings and decisions: columns, filters, sections. Pages and API are made of them."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.mission.models import Position
from apps.mission.vocabulary import Role
from apps.need_to_know.known import unknown
from apps.records.actors import Actor
from apps.records.groups import NavGroup
from apps.records.registry import Child, Column, Filter, Pending, RecordType, Searched, Section, register
from apps.records.workflow import Text
from apps.working_groups import groups, positions, rules, selectors
from apps.working_groups.forms import DecisionForm, GroupForm, MeetingForm
from apps.working_groups.models import (
    AgendaItem,
    Attendance,
    Decision,
    Meeting,
    Member,
    StandingItem,
    TermsOfReference,
    WorkingGroup,
)
from apps.working_groups.vocabulary import GroupKind
from apps.working_groups.workflow import DECISION, GROUP, MEETING


class _Kept(RecordType):
    """What all three have in common: they are kept by the position that filed them, and by whoever leads."""

    @classmethod
    def files_as(cls, actor: Actor) -> list[Position]:
        """Positions that set up groups in this mission, as its rules have it."""
        return positions.files_as(actor)

    @classmethod
    def role_positions(cls, record: Any, role: Role) -> QuerySet[Position]:
        """Who exercises a role on it."""
        return positions.role_positions(record, role)

    @classmethod
    def could_exercise(cls, actor: Actor, role: Role) -> bool:
        """Keepers, and whoever is expected, are positions whatever their roles."""
        return role in (Role.REQUESTER, Role.UNIT)


def _end_of(day: Any, zone: str) -> datetime | None:
    return None if day is None else datetime.combine(day, time(23, 59), ZoneInfo(zone))


def member_check(actor: Actor, group: WorkingGroup, row: Member) -> None:
    """ValidationError by field: one of position and organisation, of this mission, that may belong to the group."""
    if (row.position_id is None) == (row.organisation_id is None):
        raise ValidationError({"position": _now("Choose a position or an organisation: one of the two.")})
    organisation = row.organisation or (row.position.organisation if row.position else None)
    assert organisation is not None
    field = "organisation" if row.organisation_id else "position"
    hidden = type(organisation).objects.filter(pk=organisation.pk).filter(unknown(actor)).exists()
    if organisation.mission_id != actor.mission.pk or hidden:
        raise ValidationError({field: _now("Choose somebody of this mission.")})
    if row.since and row.until and row.until < row.since:
        raise ValidationError({"until": _now("The end must lie after the beginning.")})
    if refused := rules.member_refusal(group.composition, row.standing, organisation):
        raise ValidationError({field: refused})


def terms_check(actor: Actor, group: WorkingGroup, row: TermsOfReference) -> None:
    """ValidationError at `text` for a version that was endorsed: it stays as it is."""
    if (
        row.pk
        and TermsOfReference.objects.filter(pk=row.pk, endorsed_on__isnull=False)
        .exclude(text=row.text)
        .exists()
    ):
        raise ValidationError(
            {"text": _now("This version was endorsed and stays as it is. Add a new version.")}
        )


@register
class WorkingGroupType(_Kept):
    """Working groups."""

    key = "working_group"
    model = WorkingGroup
    plural = "working-groups"
    url_namespace = "working_groups"
    reference_prefix = "GRP"
    label = _("working group")
    label_plural = _("working groups")
    icon = "users"
    nav_group = NavGroup.COORDINATION
    workflow = GROUP
    kinds = GroupKind
    releasable = False
    form_class = GroupForm
    role_names = {Role.REQUESTER: _("Whoever leads it")}
    broadcasts = frozenset({"tell", "close"})
    columns = (
        Column("reference", _("Reference"), "reference", "reference"),
        Column("title", _("Name"), "title", sort="title"),
        Column("kind", _("Kind"), "kind"),
        Column("state", _("State"), "state", "state", sort="state"),
        Column("area", _("Area"), "area", "area"),
        Column("originator", _("Kept by"), "originator", "organisation"),
        Column("updated", _("Last changed"), "updated_at", "datetime", sort="updated_at", wide=True),
        Column("label", _("Label"), "classification", "label"),
    )
    filters = (
        Filter("state", _("State"), "state", "state"),
        Filter("kind", _("Kind"), "kind", "choice", GroupKind.choices),
        Filter("area", _("Area"), "area", "area"),
        Filter("sector", _("Sector"), "sector", "sector"),
        Filter("originator", _("Kept by"), "originator", "organisation"),
        Filter("mine", _("Kept by my positions"), "author_position", "mine"),
    )
    sections = (
        Section(
            "group", _("The group"),
            ("title", "kind", "composition", "purpose", "area", "sector", "chair", "co_chair", "secretariat", "quorum"),
        ),
        Section(
            "terms", _("Terms of reference"),
            children=(
                Child(
                    "terms", _("Versions"), TermsOfReference, ("text",), "group", max_rows=20,
                    empty_text=_("No terms are written."), check=terms_check,
                ),
                Child(
                    "endorsements", _("Endorsed"), TermsOfReference,
                    ("number", "endorsed_on", "endorsed_by", "review_on"), "group", editable=False,
                ),
            ),
            help=_("A version is endorsed by a step of its own, and stays as it is from then on."),
        ),
        Section(
            "members", _("Who belongs to it"), ("membership", "calendar"),
            children=(
                Child(
                    "members", _("Members"), Member, ("position", "organisation", "standing", "since", "until"),
                    "group", max_rows=200, empty_text=_("Nobody that you may know of."), check=member_check,
                ),
            ),
            help=_("Members and observers read what is shared with the group; invitees what they are invited to."),
        ),
        Section(
            "agenda", _("What stands on every agenda"),
            children=(
                Child(
                    "standing_items", _("Standing items"), StandingItem, ("title", "minutes_planned"), "group",
                    empty_text=_("Nothing stands on every agenda."),
                ),
            ),
        ),
    )  # fmt: skip
    search = (Searched(("purpose",)), Searched(("text",), "terms"))

    @classmethod
    def missing(cls, record: Any) -> dict[str, list[Text]]:
        """What must be answered before it is set up."""
        return rules.group_missing(record)

    @classmethod
    def awaited_roles(cls) -> frozenset[Role]:
        """Whoever leads it."""
        return frozenset({Role.REQUESTER})

    @classmethod
    def pending(cls, record: Any) -> list[Pending]:
        """The review of the terms in force, until its day."""
        if record.state != "active":
            return []
        terms = groups.in_force(record)
        if terms is None or terms.review_on is None:
            return []
        due = _end_of(terms.review_on, record.mission.time_zone)
        return [Pending(Role.REQUESTER, _("Review the terms of reference"), due)]


@register
class MeetingType(_Kept):
    """Meetings, of groups and by themselves."""

    key = "meeting"
    model = Meeting
    plural = "meetings"
    url_namespace = "meetings"
    reference_prefix = "MTG"
    label = _("meeting")
    label_plural = _("meetings")
    icon = "calendar"
    nav_group = NavGroup.COORDINATION
    daily_for = (Role.CLUSTER, Role.CMCOORD, Role.CIMIC)
    workflow = MEETING
    form_class = MeetingForm
    field_names = {"needed_by": _("begins")}
    role_names = {Role.REQUESTER: _("Whoever keeps the meeting"), Role.UNIT: _("Whoever is expected")}
    broadcasts = frozenset({"call", "move", "cancel", "circulate", "adopt"})
    columns = (
        Column("starts", _("Begins"), "needed_by", "datetime", sort="needed_by"),
        Column("title", _("Title"), "title", sort="title"),
        Column("state", _("State"), "state", "state", sort="state"),
        Column("area", _("Area"), "area", "area", wide=True),
        Column("originator", _("Called by"), "originator", "organisation"),
        Column("reference", _("Reference"), "reference", "reference"),
        Column("label", _("Label"), "classification", "label"),
    )
    filters = (
        Filter("state", _("State"), "state", "state"),
        Filter("starts", _("Begins"), "needed_by", "date_range"),
        Filter("area", _("Area"), "area", "area"),
        Filter("sector", _("Sector"), "sector", "sector"),
        Filter("originator", _("Called by"), "originator", "organisation"),
        Filter("mine", _("Called by my positions"), "author_position", "mine"),
    )
    sections = (
        Section(
            "when", _("When and where"),
            ("title", "needed_by", "ends_at", "place", "time_zone", "joining", "area", "sector"),
        ),
        Section("kept", _("Who keeps it"), ("chair", "secretary")),
        Section("summary", _("Summary"), ("summary",), when=lambda meeting: meeting.state not in ("draft", "planned")),
        Section(
            "agenda", _("Agenda and minutes"),
            children=(
                Child(
                    "items", _("Items"), AgendaItem,
                    (
                        "uuid", "order", "title", "details", "session", "presenter", "proposer", "minutes_planned",
                        "state", "reply", "minute",
                    ),
                    "meeting", editable=False, max_rows=100, empty_text=_("Nothing is on the agenda."),
                ),
            ),
            step=False,
        ),
        Section(
            "attendance", _("Attendance"),
            children=(
                Child(
                    "attendance", _("Who is expected"), Attendance,
                    ("position", "organisation", "name", "standing", "answer", "substitute", "presence"), "meeting",
                    editable=False, max_rows=200, empty_text=_("Nobody that you may know of."),
                ),
            ),
            step=False,
        ),
    )  # fmt: skip
    search = (Searched(("summary", "place")), Searched(("open_title", "open_text"), "items"))

    @classmethod
    def missing(cls, record: Any) -> dict[str, list[Text]]:
        """What must be answered before it is called."""
        return rules.meeting_missing(record)

    @classmethod
    def awaiting(cls, actor: Actor, role: Role) -> Q | None:
        """Minutes wait for whoever keeps the meeting."""
        if role != Role.REQUESTER:
            return None
        mine = Meeting.objects.filter(
            Q(chair_id__in=actor.position_ids) | Q(secretary_id__in=actor.position_ids)
        )
        keeps = Q(author_position_id__in=actor.position_ids) | Q(pk__in=mine.values("pk"))
        return Q(state__in=("minutes", "circulated")) & keeps


@register
class DecisionType(_Kept):
    """The register of decisions."""

    key = "decision"
    model = Decision
    plural = "decisions"
    url_namespace = "decisions"
    reference_prefix = "DCN"
    label = _("decision")
    label_plural = _("decisions")
    icon = "check"
    nav_group = NavGroup.COORDINATION
    workflow = DECISION
    form_class = DecisionForm
    role_names = {Role.REQUESTER: _("Whoever keeps the decision")}
    columns = (
        Column("reference", _("Reference"), "reference", "reference"),
        Column("title", _("Title"), "title", sort="title"),
        Column("state", _("State"), "state", "state", sort="state"),
        Column("area", _("Area"), "area", "area", wide=True),
        Column("originator", _("Kept by"), "originator", "organisation"),
        Column("created", _("Recorded"), "created_at", "datetime", sort="created_at"),
        Column("label", _("Label"), "classification", "label"),
    )
    filters = (
        Filter("group", _("My groups’ decisions"), "as_decision", "check", where=selectors.my_groups),
        Filter("review", _("Review overdue"), "as_decision", "check", where=selectors.review_overdue),
        Filter("state", _("State"), "state", "state"),
        Filter("area", _("Area"), "area", "area"),
        Filter("sector", _("Sector"), "sector", "sector"),
        Filter("originator", _("Kept by"), "originator", "organisation"),
        Filter("recorded", _("Recorded"), "created_at", "date_range"),
        Filter("mine", _("Kept by my positions"), "author_position", "mine"),
    )
    sections = (
        Section(
            "decision", _("What was decided"),
            ("title", "text", "made_by", "effective_from", "review_on", "area", "sector"),
        ),
    )  # fmt: skip
    search = (Searched(("text",)), Searched(("made_by",)))

    @classmethod
    def missing(cls, record: Any) -> dict[str, list[Text]]:
        """What must be answered before it stands in the register."""
        return rules.decision_missing(record)
