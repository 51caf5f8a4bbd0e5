"""A plan on paper: its parts as the reader has them, under the label of the highest of them."""

from __future__ import annotations

import copy
from typing import Any

from django.db.models import Max, Q
from django.utils.translation import gettext as _

from apps.joint_plans import shown
from apps.joint_plans.models import JointPlan, Part
from apps.joint_plans.parts import parts_of
from apps.joint_plans.vocabulary import OpensTo, PartKind
from apps.mission.vocabulary import Scope
from apps.pages import values
from apps.pages.names import Names

#: Of each kind, so many stand on paper.
PRINTED_MOST = 300


def labelled(plan: JointPlan) -> JointPlan:
    """The plan as it must be labelled for what stands there: never lower than the plan, nor than a part of it.

    A copy that is never saved: the marking and the question what for are made of it.
    """
    found = Part.objects.filter(plan=plan, is_removed=False).aggregate(
        highest=Max("classification"), narrow=Max("id", filter=~Q(opens_to=OpensTo.ALL))
    )
    made = copy.copy(plan)
    made.classification = max(made.classification, found["highest"] or 0)
    if made.scope == Scope.MISSION and found["narrow"]:
        made.scope = Scope.ORGANISATION
    return made


def sections(plan: JointPlan, names: Names) -> list[dict[str, Any]]:
    """The parts by kind, as sections that print and PDF draw; kinds without any are left out."""
    there = set(
        Part.objects.filter(plan=plan, is_removed=False).order_by().values_list("kind", flat=True).distinct()
    )
    found = [(kind, list(parts_of(plan, kind)[: PRINTED_MOST + 1])) for kind in PartKind if kind in there]
    for _kind, rows in found:
        shown.want(rows, names)
    names.load()
    labels = [
        values.capital(Part._meta.get_field(name).verbose_name) for name in ("code", "title", "details")
    ]
    made = []
    for kind, rows in found:
        cells = [_cells(row, names) for row in rows[:PRINTED_MOST]]
        if len(rows) > PRINTED_MOST:
            text = _("The first %(listed_most)s are shown; the workbook has all.")
            cells.append(("", text % {"listed_most": PRINTED_MOST}, "", ""))
        if cells:
            title = shown.PLURAL[kind]
            columns = [*labels[:2], _("In short"), labels[2]]
            table = {"caption": title, "columns": columns, "rows": cells, "empty": ""}
            made.append({"key": kind.value, "title": title, "fields": [], "tables": [table]})
    return made


def _cells(row: Any, names: Names) -> tuple[str, ...]:
    said = shown.facts_of(row, names)
    if badge := shown.badge_of(row):
        said.append(str(badge["label"]))
    if row.is_narrow:
        said.append(str(row.get_opens_to_display()))
    if row.classification:
        said.append(str(row.get_classification_display()))
    return row.code, row.title, " · ".join(said), row.details
