"""Versions of a plan and what changed between any two of them, as the reader has it. Reads only.

A difference is made of the parts that the reader has in both versions: a part that is not theirs is in neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any

from django.db import connection, models
from django.utils.translation import gettext as _

from apps.joint_plans.models import JointPlan, Part, PartVersion, PlanVersion, Project
from apps.joint_plans.parts import model_of
from apps.joint_plans.record import JointPlanType
from apps.joint_plans.vocabulary import OpensTo, PartKind
from apps.mission.models import Organisation
from apps.mission.vocabulary import Classification
from apps.pages import values
from apps.pages.names import Names
from apps.records.models import Record

#: The plan as it stands now, whether or not it circulated.
NOW = 0
_UNSAID = ("kind", "code", "order", "of_plan_id", "may_hint")
_CONTENT = "SELECT p.id, joint_plans_content(p.id) FROM joint_plans_part p WHERE p.id = ANY (%s)"


@dataclass(frozen=True)
class Told:
    """A field that changed: its label, and its words before and after."""

    label: str
    before: str
    after: str

    @property
    def words(self) -> list[tuple[str, str]]:
        """(same | out | new, text) from the words before to those after, for texts of some length."""
        old, new = self.before.split(), self.after.split()
        found: list[tuple[str, str]] = []
        for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
            if tag == "equal":
                found.append(("same", " ".join(old[i1:i2])))
                continue
            if i1 != i2:
                found.append(("out", " ".join(old[i1:i2])))
            if j1 != j2:
                found.append(("new", " ".join(new[j1:j2])))
        return found


@dataclass
class Changed:
    """A part that was added, taken out or changed."""

    kind: str
    code: str
    title: str
    how: str  # added | removed | changed
    fields: list[Told] = field(default_factory=list)


@dataclass
class Difference:
    """What changed from one version to another: of the plan itself, and of its parts by kind."""

    older: int
    newer: int
    plan: list[Told] = field(default_factory=list)
    parts: list[Changed] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether the reader sees no difference."""
        return not self.plan and not self.parts


def versions_of(plan: JointPlan) -> list[PlanVersion]:
    """Versions that circulated, the newest first."""
    return list(PlanVersion.objects.filter(plan=plan).order_by("-number"))


def parts_at(plan: JointPlan, number: int) -> dict[int, PartVersion]:
    """The parts of a version that the actor has, by part; one query."""
    rows = (
        PartVersion.objects.filter(plan=plan, number__lte=number)
        .order_by("part_id", "-number")
        .distinct("part_id")
    )
    return {row.part_id: row for row in rows if not row.is_removed}


def rows_at(plan: JointPlan, number: int) -> list[Part]:
    """The same as rows of their kinds, which are never saved, in the order of that version; two queries."""
    rows = parts_at(plan, number)
    known = {
        pk: (uuid, kind)
        for pk, uuid, kind in Part.objects.filter(pk__in=rows).values_list("pk", "uuid", "kind")
    }
    made = []
    for row in rows.values():
        uuid, kind = known[row.part_id]
        part = model_of(kind)(
            pk=row.part_id, uuid=uuid, kind=kind, opens_to=row.opens_to, readers=row.readers,
            classification=row.classification,
        )  # fmt: skip
        made.append(filled(part, row.content))
    return sorted(made, key=lambda part: (part.kind, part.order, part.pk))


def filled(row: Any, content: Mapping[str, Any]) -> Any:
    """An unsaved row with what a version says of it, as far as the table still has such columns."""
    for column in row._meta.concrete_fields:
        if column.attname in content and not column.primary_key:
            setattr(row, column.attname, column.to_python(content[column.attname]))
    return row


def _now(plan: JointPlan) -> dict[int, PartVersion]:
    """The parts as they stand now, in the shape of a version."""
    rows = list(Part.objects.filter(plan=plan, is_removed=False))
    with connection.cursor() as cursor:
        cursor.execute(_CONTENT, [[row.pk for row in rows]])
        said = {
            pk: content if isinstance(content, dict) else _loaded(content)
            for pk, content in cursor.fetchall()
        }
    return {
        row.pk: PartVersion(
            plan=plan, part=row, number=NOW, opens_to=row.opens_to, readers=row.readers,
            classification=row.classification, content=said.get(row.pk, {}),
        )
        for row in rows
    }  # fmt: skip


def _loaded(text: str) -> dict[str, Any]:
    import json

    found: dict[str, Any] = json.loads(text)
    return found


def _plan_now(plan: JointPlan) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT joint_plans_plan_content(%s)", [plan.pk])
        content = cursor.fetchone()[0]
    return content if isinstance(content, dict) else _loaded(content)


def difference(plan: JointPlan, older: int, newer: int, names: Names) -> Difference:
    """What changed between two versions; NOW is the plan as it stands. At most six queries, names included."""
    heads = {v.number: v.content for v in PlanVersion.objects.filter(plan=plan, number__in=[older, newer])}
    if newer == NOW:
        heads[NOW] = _plan_now(plan)
    found = Difference(older, newer)
    before = parts_at(plan, older)
    after = _now(plan) if newer == NOW else parts_at(plan, newer)
    pairs = [(before.get(pk), after.get(pk)) for pk in {**before, **after}]
    pairs = [(one, two) for one, two in pairs if _label(one) != _label(two) or _content(one) != _content(two)]
    _want(plan, pairs, heads.values(), names)
    names.load()
    titles = _objectives(pairs)
    found.plan = _fields(
        (JointPlan, Record, Project), heads.get(older, {}), heads.get(newer, {}), names, titles
    )
    for one, two in pairs:
        found.parts.append(_changed(one, two, names, titles))
    order = list(PartKind)
    found.parts.sort(key=lambda each: (order.index(PartKind(each.kind)), each.code))
    return found


def _content(row: PartVersion | None) -> dict[str, Any]:
    return {} if row is None else {k: v for k, v in row.content.items() if k != "order"}


def _label(row: PartVersion | None) -> tuple[Any, ...]:
    return () if row is None else (row.opens_to, tuple(sorted(row.readers)), row.classification)


def _want(plan: JointPlan, pairs: Any, heads: Iterable[Mapping[str, Any]], names: Names) -> None:
    for row in (each for pair in pairs for each in pair if each is not None):
        values.wants(model_of(row.content.get("kind", "")), row.content.items(), names)
        names.want(Organisation, row.content.get("supports") or [])
    for head in heads:
        values.wants(JointPlan, head.items(), names)
        values.wants(Record, head.items(), names)


def _objectives(pairs: Any) -> dict[int, str]:
    """Titles of the objectives that are named, of those that the reader has."""
    ids = {row.content.get("objective_id") for pair in pairs for row in pair if row is not None} - {None}
    return part_titles(ids) if ids else {}


def part_titles(ids: Iterable[int]) -> dict[int, str]:
    """Titles of parts by id, of those that the reader has."""
    rows = Part.objects.filter(pk__in=ids).only("plan_id", "classification", "title")
    return {row.pk: row.title for row in rows}


def _changed(
    one: PartVersion | None, two: PartVersion | None, names: Names, titles: Mapping[int, str]
) -> Changed:
    row = two or one
    assert row is not None
    said = row.content
    how = "added" if one is None else "removed" if two is None else "changed"
    made = Changed(said.get("kind", ""), said.get("code", ""), said.get("title", ""), how)
    if one is None:
        # What is new is asked about as what has changed is: its words stand there, and not its title alone.
        fresh = {key: value for key, value in said.items() if key not in ("title", "kind")}
        made.fields = [f for f in _fields((model_of(made.kind),), {}, fresh, names, titles) if f.after]
    elif two is not None:
        made.fields = _fields((model_of(made.kind),), one.content, two.content, names, titles)
        if _label(one) != _label(two):
            made.fields.append(Told(_("Who reads it"), _reads(one), _reads(two)))
    return made


def _reads(row: PartVersion) -> str:
    said = str(OpensTo(row.opens_to).label)
    if row.opens_to == OpensTo.NAMED:
        said = f"{said} ({len(row.readers)})"
    return f"{said}, {Classification(row.classification).label}" if row.classification else said


def _fields(
    owners: tuple[type[models.Model], ...], one: Mapping[str, Any], two: Mapping[str, Any], names: Names,
    titles: Mapping[int, str],
) -> list[Told]:  # fmt: skip
    found = []
    columns = [column.attname for owner in owners for column in owner._meta.concrete_fields]
    keys = sorted({*one, *two}, key=lambda key: columns.index(key) if key in columns else len(columns))
    for key in keys:
        if (key in _UNSAID and key != "kind") or one.get(key) == two.get(key):
            continue
        column = next((c for owner in owners if (c := values.field_of(owner, key)) is not None), None)
        if column is None:
            continue
        label = values.capital(getattr(column, "verbose_name", key))
        before, after = (words_of(column, said.get(key), names, titles) for said in (one, two))
        found.append(Told(label, before, after))
    return found


def words_of(column: Any, value: Any, names: Names, titles: Mapping[int, str]) -> str:
    """A value that a version or a form keeps, in words; names must be loaded."""
    if value in (None, "", []):
        return ""
    if column.name == "objective":
        return titles.get(value) or _("restricted")
    if column.name == "supports":
        pairs = [names.pair(Organisation, each) for each in value]
        return ", ".join(pair[0] if pair else _("restricted") for pair in pairs)
    if isinstance(column, models.DateField):
        value = column.to_python(value)
    return str(values.spoken(column, value, names, JointPlanType))
