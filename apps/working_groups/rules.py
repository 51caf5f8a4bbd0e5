"""What a group must say before it meets, a meeting before it is called; and who may lead or belong, by which rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.mission.vocabulary import Side
from apps.records.workflow import Text
from apps.working_groups.models import LeadRule
from apps.working_groups.vocabulary import Composition, Office, Standing

if TYPE_CHECKING:
    from apps.mission.models import Organisation, Position
    from apps.working_groups.models import Decision, Meeting, WorkingGroup

#: Sides whose organisations are members of a humanitarian group.
HUMANITARIAN = frozenset({Side.HUMANITARIAN, Side.DEVELOPMENT})
OFFICES = tuple(office.value for office in Office)


def group_missing(group: WorkingGroup) -> dict[str, list[Text]]:
    """Field -> what must be answered before the group is set up."""
    found: dict[str, list[Text]] = {}
    if not group.title.strip():
        found["title"] = [_("Give the group its name.")]
    if not group.kind:
        found["kind"] = [_("Say what kind of group it is.")]
    if not group.purpose.strip():
        found["purpose"] = [_("Say in a sentence what it is for.")]
    if group.chair_id is None:
        found["chair"] = [_("Name the position that chairs it.")]
    return found


def lead_refusals(mission_id: int, kind: str, leads: dict[str, Position | None]) -> dict[str, list[str]]:
    """Office -> why the mission keeps that position from it, naming the rule; empty where it keeps none.

    `leads` maps offices to positions with their organisations. One query.
    """
    rules = {rule.office: rule for rule in LeadRule.objects.filter(mission_id=mission_id, kind=kind)}
    found: dict[str, list[str]] = {}
    for office, position in leads.items():
        rule = rules.get(office)
        if position is None or rule is None:
            continue
        if position.organisation.side in rule.sides or position.organisation.org_type in rule.types:
            said = _now("%(position)s cannot lead this group. Rule of the mission: %(rule)s")
            found[office] = [said % {"position": position.title, "rule": rule.reason}]
    return found


def member_refusal(composition: str, standing: str, organisation: Organisation) -> str:
    """Why an organisation, or a position of it, is no member of such a group; empty where it may be."""
    if composition != Composition.HUMANITARIAN or standing != Standing.MEMBER:
        return ""
    if organisation.side in HUMANITARIAN:
        return ""
    return _now("Members of this group are humanitarian actors alone. Others are observers or invitees.")


def meeting_missing(meeting: Meeting) -> dict[str, list[Text]]:
    """Field -> what must be answered before it is called."""
    found: dict[str, list[Text]] = {}
    if not meeting.title.strip():
        found["title"] = [_("Give the meeting a title.")]
    if meeting.needed_by is None:
        found["needed_by"] = [_("Say when it begins.")]
    if meeting.ends_at is None:
        found["ends_at"] = [_("Say when it ends.")]
    elif meeting.needed_by is not None and meeting.ends_at <= meeting.needed_by:
        found["ends_at"] = [_("The end must lie after the beginning.")]
    return found


def decision_missing(decision: Decision) -> dict[str, list[Text]]:
    """Field -> what must be answered before it stands in the register."""
    found: dict[str, list[Text]] = {}
    if not decision.title.strip():
        found["title"] = [_("Give the decision a title.")]
    if not decision.text.strip():
        found["text"] = [_("Write what was decided.")]
    if not decision.made_by.strip():
        found["made_by"] = [_("Say who decided.")]
    if decision.effective_from is None:
        found["effective_from"] = [_("Say from when it holds.")]
    return found
