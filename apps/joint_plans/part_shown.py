"""What the page of a part shows: what it says, who reads it, its versions, and what is told of it."""

from __future__ import annotations

from typing import Any

from apps.joint_plans import parts, rules, shown
from apps.joint_plans.models import JointPlan, Part, PartVersion
from apps.joint_plans.part_forms import FORMS, DecidedForm, PartForm, ReadingForm, ReportForm
from apps.joint_plans.record import JointPlanType
from apps.joint_plans.resource_shown import activity_more
from apps.joint_plans.vocabulary import OpensTo, PartKind
from apps.joint_plans.watching import watched_record
from apps.mission.models import Organisation, Position
from apps.pages import values
from apps.pages.names import Names
from apps.records import clock
from apps.records.actors import Actor
from apps.records.services import is_editor

_LABEL = ("title", "opens_to", "readers", "classification", "supports", "objective", "watch", "may_hint")


def part_page(actor: Actor, plan: JointPlan, part: Any, names: Names, form: Any) -> dict[str, Any]:
    """What `joint_plans/part.html` draws; `form` is one that was refused."""
    shown.want([part], names)
    readings = shown.last_readings(part) if part.kind == PartKind.INDICATOR else []
    names.want(Position, [row.position_id for row in readings])
    names.load()
    keeps = is_editor(actor, plan)
    fields = [
        each
        for name in FORMS.get(part.kind, PartForm).Meta.fields
        if name not in _LABEL
        and (each := values.shown(part, name, names, JointPlanType))["value"] not in (None, "", [])
    ]
    fields += _told(part, names)
    made: dict[str, Any] = {
        "part": part,
        "kind_label": PartKind(part.kind).label,
        "section": {"fields": fields, "tables": []},
        "badge": shown.badge_of(part),
        "opens_to": OpensTo(part.opens_to).label,
        "readers": _readers(actor, part, names),
        "versions": list(
            PartVersion.objects.filter(part=part).order_by("-number").values_list("number", flat=True)
        ),
        "readings": [
            {
                "on": r.on,
                "value": values.in_words(r.value),
                "note": r.note,
                "by": names.text(Position, r.position_id),
            }
            for r in readings
        ],
        "edition": plan.edition,
    }
    if part.kind == PartKind.ACTIVITY:
        made |= activity_more(actor, plan, part)
    if keeps and plan.state in rules.OPEN:
        made["change_url"] = shown.part_url(plan, part, "part-change")
        made["moves"] = True
    if plan.state in rules.RUNS:
        made["form"] = form or _form(actor, part, keeps)
    return made


def _told(part: Any, names: Names) -> list[dict[str, Any]]:
    """What needs more than a column: objective, support, what it rests on, what was told of it."""
    found: list[dict[str, Any]] = []

    def say(name: str, value: Any, kind: str = "text") -> None:
        if value not in (None, "", []):
            label = values.capital(part._meta.get_field(name).verbose_name)
            found.append({"key": name, "label": label, "value": value, "kind": kind})

    if getattr(part, "objective_id", None):
        # WHY: read by itself: an objective that is hidden from whoever reads this is not named.
        objective = Part.objects.filter(pk=part.objective_id).first()
        say("objective", objective.title if objective else None)
    if part.kind == PartKind.ACTIVITY:
        say("supports", [names.text(Organisation, each) for each in part.supports], "list")
        say("progress", part.get_progress_display())
        say("report", part.report, "pre")
        say("reported_at", part.reported_at, "datetime")
    elif part.kind == PartKind.ASSUMPTION:
        record = watched_record(part)
        if part.watched:
            say("watch", f"{record.reference if record else '–'}: {part.get_watch_display()}")
        say("assumed", part.get_assumed_display())
        say("tripped_at", part.tripped_at, "datetime")
    elif part.kind == PartKind.DECISION_POINT:
        say("outcome", part.outcome, "pre")
        say("decided_on", values.in_words(part.decided_on) if part.decided_on else None)
    return found


def _readers(actor: Actor, part: Part, names: Names) -> list[str]:
    """Organisations to which it opens by name, as the actor may know them."""
    if part.opens_to != OpensTo.NAMED:
        return []
    rows = Organisation.objects.filter(group_id__in=part.readers).order_by("name", "pk")
    names.want(Organisation, [row.pk for row in rows])
    names.load()
    return [names.text(Organisation, row.pk) for row in rows]


def _form(actor: Actor, part: Any, keeps: bool) -> Any:
    """The form in which the actor tells of it; None where that is not theirs."""
    if part.kind == PartKind.ACTIVITY and (keeps or parts.leads(actor, part)):
        return ReportForm(initial={"progress": part.progress, "report": part.report})
    if part.kind == PartKind.DECISION_POINT and keeps and not part.decided_on:
        return DecidedForm(initial={"decided_on": clock.now().date()})
    if part.kind == PartKind.INDICATOR and (keeps or rules.contributes(actor, part.plan)):
        return ReadingForm(initial={"on": clock.now().date()})
    return None
