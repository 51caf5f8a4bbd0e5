"""Services on groups: setting one up, appointing who leads it, endorsing its terms, closing it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.records import clock
from apps.records.actors import Actor
from apps.records.errors import Incomplete
from apps.records.services import is_editor
from apps.records.transitions import transition
from apps.working_groups import rules
from apps.working_groups.calling import body_of, handed_over
from apps.working_groups.convening import appointed, convene
from apps.working_groups.models import Meeting, Series, TermsOfReference, WorkingGroup


def leads_check(group: WorkingGroup) -> None:
    """ValidationError by office for whom the mission's rules keep from it."""
    leads = {office: getattr(group, office) for office in rules.OFFICES}
    if refused := rules.lead_refusals(group.mission_id, group.kind, leads):
        raise ValidationError(refused)


def may_establish(actor: Actor, group: WorkingGroup) -> None:
    """Incomplete, by field, unless all is answered and the mission lets these positions lead."""
    missing = {name: [str(text) for text in texts] for name, texts in rules.group_missing(group).items()}
    leads = {office: getattr(group, office) for office in rules.OFFICES}
    missing |= rules.lead_refusals(group.mission_id, group.kind, leads)
    if missing:
        raise Incomplete(missing)


def establishes(actor: Actor, group: WorkingGroup, data: dict[str, Any]) -> None:
    """Whoever belongs to the group reads its file; whoever leads it may change it."""
    convene(actor, record=group)


def appoints(actor: Actor, group: WorkingGroup, data: dict[str, Any]) -> None:
    """Name who leads the group and its meetings ahead. ValidationError by field for whom the mission keeps from it."""
    for office in rules.OFFICES:
        setattr(group, office, data.get(office))
    if group.chair is None:
        raise ValidationError({"chair": _("Name the position that chairs it.")})
    leads_check(group)
    stored = WorkingGroup.objects.values(*(f"{office}_id" for office in rules.OFFICES)).get(pk=group.pk)
    before = {"chair": stored["chair_id"], "secretary": stored["secretariat_id"] or stored["co_chair_id"]}
    group.save(update_fields=list(rules.OFFICES))
    appointed(actor, record=group)
    handed_over(actor, group=group, before=before)


def closes(actor: Actor, group: WorkingGroup, data: dict[str, Any]) -> None:
    """Its series end, and the meetings ahead that the actor keeps do not take place."""
    Series.objects.filter(group_id=group.pk, is_active=True).update(is_active=False)
    ahead = Meeting.objects.filter(body_id=body_of(group), state="planned", needed_by__gt=clock.now())
    for meeting in ahead.order_by("needed_by", "pk"):
        if is_editor(actor, meeting):
            name = "cancel" if meeting.series is None else "drop"
            transition(actor, record=meeting, name=name, data={}, note=_("The group was closed."))


def endorsable(group: WorkingGroup) -> Any:
    """Versions of the terms that nobody endorsed yet."""
    return TermsOfReference.objects.filter(group_id=group.pk, endorsed_on__isnull=True)


def has_endorsable(actor: Actor, group: WorkingGroup) -> bool:
    """Whether there is one."""
    return bool(endorsable(group).exists())


def endorses(actor: Actor, group: WorkingGroup, data: dict[str, Any]) -> None:
    """A version of the terms is endorsed, by whom and from when; it stays as it is from now on."""
    terms = endorsable(group).filter(uuid=data["terms"]).first()
    if terms is None:
        raise ValidationError({"terms": _("Choose one of these versions.")})
    if not terms.text.strip():
        raise ValidationError({"terms": _("This version says nothing yet.")})
    if data["endorsed_on"] > clock.now().date():
        raise ValidationError({"endorsed_on": _("This day lies ahead.")})
    terms.endorsed_on, terms.endorsed_by = data["endorsed_on"], data["endorsed_by"]
    terms.review_on = data.get("review_on")
    terms.save(update_fields=["endorsed_on", "endorsed_by", "review_on"])


def in_force(group: WorkingGroup) -> TermsOfReference | None:
    """The terms endorsed last."""
    return (
        TermsOfReference.objects.filter(group_id=group.pk, endorsed_on__isnull=False)
        .order_by("-number")
        .first()
    )
