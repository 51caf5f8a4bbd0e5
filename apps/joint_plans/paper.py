"""The parts of a plan on paper: tables by kind, for the print and the PDF, and the label that a sheet with them has.

Only what whoever draws it out reads is here; each part that not everybody reads says who does.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable
from typing import Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.joint_plans import shown
from apps.joint_plans.models import JointPlan, Part, Reading
from apps.joint_plans.parts import parts_of
from apps.joint_plans.record import JointPlanType
from apps.joint_plans.vocabulary import OpensTo, PartKind, Progress
from apps.mission.models import Area, Organisation, Sector
from apps.mission.vocabulary import Classification, Scope
from apps.pages import values
from apps.pages.names import Names
from apps.records.actors import Actor

#: Kind -> what is told of a part beside its title; an activity has columns of its own.
_COLUMNS = {
    PartKind.ASSUMPTION: ("details", "holds_until", "then", "assumed"),
    PartKind.DECISION_POINT: ("details", "decide_by", "decider", "outcome", "decided_on"),
    PartKind.RISK: ("details", "likelihood", "impact", "mitigation", "owner"),
    PartKind.INDICATOR: ("details", "unit", "baseline", "target", "source"),
}
#: Parts of one kind on paper; the workbook of the time line has all of them.
PRINTED_MOST = 300


class Labelled(Protocol):
    """What has a classification and says whom it opens to."""

    @property
    def classification(self) -> int: ...
    @property
    def opens_to(self) -> str: ...


def labelled(plan: JointPlan, parts: Iterable[Labelled]) -> JointPlan:
    """The plan as it must be labelled where these parts stand: never lower than the plan, nor than one of them.

    A copy that is never saved: markings and questions are made of it.
    """
    made = copy.copy(plan)
    for part in parts:
        made.classification = max(made.classification, part.classification)
        if made.scope == Scope.MISSION and part.opens_to != OpensTo.ALL:
            made.scope = Scope.ORGANISATION
    return made


def printed(plan: JointPlan) -> JointPlan:
    """The plan labelled for all of its parts that the actor reads."""
    kinds = Part.objects.filter(plan=plan, is_removed=False).order_by().distinct()
    return labelled(plan, kinds.values_list("classification", "opens_to", named=True))


def sections(actor: Actor, plan: JointPlan) -> list[dict[str, Any]]:
    """The kinds of which there are parts, each as a section with one table; a query a kind, one for names."""
    names = Names(actor)
    parts = Part.objects.filter(plan=plan, is_removed=False).order_by()
    there = set(parts.values_list("kind", flat=True).distinct())
    found = {kind: list(parts_of(plan, kind)[: PRINTED_MOST + 1]) for kind in PartKind if kind in there}
    for rows in found.values():
        shown.want(rows, names)
    names.load()
    readings = _readings(found.get(PartKind.INDICATOR, []))
    titles = {row.pk: row.title for row in found.get(PartKind.OBJECTIVE, [])}
    return [_section(kind, rows, names, readings, titles) for kind, rows in found.items()]


def _readings(rows: list[Any]) -> dict[int, Reading]:
    """Indicator -> its last reading."""
    if not rows:
        return {}
    found = Reading.objects.filter(indicator_id__in=[row.pk for row in rows])
    last = found.order_by("indicator_id", "-on", "-id").distinct("indicator_id")
    return {each.indicator_id: each for each in last}


def _section(
    kind: PartKind, rows: list[Any], names: Names, readings: dict[int, Reading], titles: dict[int, str]
) -> dict[str, Any]:
    more = len(rows) > PRINTED_MOST
    said = [
        {_("Code"): row.code, kind.label: row.title} | _told(row, names, readings, titles) | _limits(row)
        for row in rows[:PRINTED_MOST]
    ]
    columns = [
        name
        for name in dict.fromkeys(name for row in said for name in row)
        if any(row.get(name) for row in said)
    ]
    table = {
        "caption": shown.PLURAL[kind],
        "columns": [str(name) for name in columns],
        "rows": [[row.get(name) or "–" for name in columns] for row in said],
        "empty": "",
    }
    note = ngettext(
        "The first %(number)d alone; the workbook of the time line has all of them.",
        "The first %(number)d alone; the workbook of the time line has all of them.",
        PRINTED_MOST,
    ) % {"number": PRINTED_MOST}  # fmt: skip
    fields = [{"key": "more", "label": _("Not complete"), "value": note, "kind": "text"}] if more else []
    return {"key": kind.value, "title": shown.PLURAL[kind], "fields": fields, "tables": [table]}


def _limits(row: Part) -> dict[Any, str]:
    """Who reads it and its own label, of a part that not every reader of the plan has."""
    if not row.is_narrow:
        return {}
    said = [OpensTo(row.opens_to).label] if row.opens_to != OpensTo.ALL else []
    said += [Classification(row.classification).label] if row.classification else []
    return {_("Who reads it"): ", ".join(str(each) for each in said)}


def _told(row: Any, names: Names, readings: dict[int, Reading], titles: dict[int, str]) -> dict[Any, str]:
    """Column -> what is said of a part there, by its kind."""
    if row.kind == PartKind.ACTIVITY:
        return {
            _("Lead"): names.text(Organisation, row.lead_id),
            _("Supported by"): ", ".join(names.text(Organisation, each) for each in row.supports),
            _("Area"): names.text(Area, row.area_id),
            _("Sector"): names.text(Sector, row.sector_id),
            _("When"): shown.span(row),
            _("Details"): _lines(row.details, row.needs),
            _("Objective"): titles.get(row.objective_id, ""),
            _("Progress"): _lines(str(Progress(row.progress).label), row.report),
        }
    columns = [row._meta.get_field(name) for name in _COLUMNS.get(row.kind, ("details",))]
    said: dict[Any, str] = {
        values.capital(each.verbose_name): values.spoken(
            each, getattr(row, each.attname), names, JointPlanType
        )
        for each in columns
    }
    if last := readings.get(row.pk):
        said[_("Last reading")] = f"{values.in_words(last.value)} ({values.in_words(last.on)})"
    return said


def _lines(*texts: str) -> str:
    return "\n".join(text.strip() for text in texts if text.strip())
