"""What the pages of a plan show beside the record: its parts by kind, who concurs with which version, what changed.

Reads under the rule of whoever looks: a part that is not theirs is in no list and in no number.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from apps.joint_plans import playing, rules
from apps.joint_plans.models import Concurrence, Contributor, Indicator, JointPlan, Part, Reading
from apps.joint_plans.parts import MODELS, parts_of
from apps.joint_plans.projects.shown import project_page
from apps.joint_plans.resources import OVER
from apps.joint_plans.vocabulary import Answer, Assumed, PartKind, Progress, Standing
from apps.mission.models import Area, Organisation, Position
from apps.pages import values
from apps.pages.names import Names
from apps.pages.templatetags.portal import exact_day, exact_time
from apps.records.actors import Actor
from apps.records.services import is_editor
from apps.records.workflow import Transition

#: Activities that a plan's page shows; the others stand on a page of their own.
SHOWN_MOST = 30
PLURAL = {
    PartKind.OBJECTIVE: gettext_lazy("Objectives"),
    PartKind.ACTIVITY: gettext_lazy("Activities"),
    PartKind.ASSUMPTION: gettext_lazy("Assumptions"),
    PartKind.DECISION_POINT: gettext_lazy("Decision points"),
    PartKind.RISK: gettext_lazy("Risks"),
    PartKind.INDICATOR: gettext_lazy("Indicators"),
    PartKind.INSTRUCTION: gettext_lazy("Coordinating instructions"),
    PartKind.ANNEX: gettext_lazy("Annexes"),
}
#: Shown although there are none, so that somebody writes them.
EXPECTED = (PartKind.OBJECTIVE, PartKind.ACTIVITY, PartKind.ASSUMPTION)
_PROGRESS_TONE = {
    Progress.DONE: "success",
    Progress.DELAYED: "overdue",
    Progress.DROPPED: "stopped",
    Progress.UNDER_WAY: "active",
}


@dataclass
class Row:
    """A part as lists show it: what is said of it in a line, and what marks it."""

    part: Part
    url: str
    facts: list[str] = field(default_factory=list)
    badge: dict[str, Any] | None = None


@dataclass
class Group:
    """The parts of one kind that the reader has; `more` says how many stand on a page of their own."""

    kind: str
    title: Any
    rows: list[Row]
    add_url: str = ""
    all_url: str = ""
    more: str = ""


def part_url(plan: JointPlan, part: Part, name: str = "part") -> str:
    """The address of a part."""
    return reverse(f"joint_plans:{name}", kwargs={"uuid": plan.uuid, "item": part.uuid})


def want(rows: Iterable[Any], names: Names) -> None:
    """Note what lists of parts will name."""
    for row in rows:
        names.want_row(row)
        names.want(Organisation, getattr(row, "supports", []))


def facts_of(part: Any, names: Names) -> list[str]:
    """What is told of a part in a line; names must be loaded."""
    said: list[str] = []
    if part.kind == PartKind.ACTIVITY:
        said = [names.text(Organisation, part.lead_id), names.text(Area, part.area_id), span(part)]
    elif part.kind == PartKind.ASSUMPTION and part.holds_until:
        said = [_("until %(day)s") % {"day": exact_day(part.holds_until)}]
    elif part.kind == PartKind.DECISION_POINT:
        said = [exact_time(part.decide_by) if part.decide_by else "", names.text(Position, part.decider_id)]
    elif part.kind == PartKind.RISK:
        weight = part.weight
        said = [
            _("weight %(number)d of 25") % {"number": weight} if weight else "",
            names.text(Position, part.owner_id),
        ]
    elif part.kind == PartKind.INDICATOR:
        said = [_figures(part)]
    return [each for each in said if each]


def span(part: Any) -> str:
    """From when until when, in words."""
    if part.starts_on and part.ends_on:
        return f"{exact_day(part.starts_on)} – {exact_day(part.ends_on)}"
    if part.starts_on:
        return _("from %(day)s") % {"day": exact_day(part.starts_on)}
    return _("until %(day)s") % {"day": exact_day(part.ends_on)} if part.ends_on else ""


def _figures(part: Indicator) -> str:
    said = []
    for label, value in ((_("baseline"), part.baseline), (_("target"), part.target)):
        if value is not None:
            said.append(f"{label} {values.in_words(value)} {part.unit}".strip())
    return ", ".join(said)


def badge_of(part: Any) -> dict[str, Any] | None:
    """What marks a part: how far it is, whether it still holds."""
    if part.kind == PartKind.ACTIVITY and part.progress != Progress.PLANNED:
        return {"label": part.get_progress_display(), "tone": _PROGRESS_TONE[Progress(part.progress)]}
    if part.kind == PartKind.ASSUMPTION and part.assumed != Assumed.HOLDS:
        tone = "overdue" if part.assumed == Assumed.TRIPPED else "stopped"
        return {"label": part.get_assumed_display(), "tone": tone}
    if part.kind == PartKind.DECISION_POINT and part.decided_on:
        return {"label": _("Decided"), "tone": "success"}
    return None


def groups(actor: Actor, plan: JointPlan, names: Names) -> list[Group]:
    """The parts by kind, activities up to SHOWN_MOST; one query a kind, one for names."""
    writes = is_editor(actor, plan) and plan.state in rules.OPEN
    found: list[tuple[PartKind, list[Any], bool]] = []
    bare: dict[str, list[Any]] = {kind: [] for kind in PartKind if kind not in MODELS}
    for row in Part.objects.filter(plan=plan, kind__in=list(bare), is_removed=False).order_by("order", "id"):
        bare[row.kind].append(row)
    for kind in PartKind:
        rows = bare[kind] if kind in bare else list(parts_of(plan, kind)[: SHOWN_MOST + 1])
        found.append((kind, rows[:SHOWN_MOST], len(rows) > SHOWN_MOST))
        want(rows, names)
    names.want(Organisation, [o for _k, rows, _m in found for r in rows for o in getattr(r, "supports", [])])
    names.load()
    made = []
    for kind, rows, is_more in found:
        if not rows and not (writes or kind in EXPECTED):
            continue
        here = reverse("joint_plans:parts", kwargs={"uuid": plan.uuid}) + f"?kind={kind.value}"
        group = Group(
            kind.value,
            PLURAL[kind],
            [Row(p, part_url(plan, p), facts_of(p, names), badge_of(p)) for p in rows],
        )
        if writes:
            group.add_url = (
                reverse("joint_plans:part-new", kwargs={"uuid": plan.uuid}) + f"?kind={kind.value}"
            )
        if is_more:
            total = parts_of(plan, kind).count()
            group.all_url = here
            said = ngettext("All %(number)d", "All %(number)d", total)
            group.more = said % {"number": total}
        made.append(group)
    return made


def answers(plan: JointPlan, names: Names) -> list[dict[str, Any]]:
    """Who takes part, what each said of which version, and whether it holds for the one that circulates."""
    rows = list(Contributor.objects.filter(plan=plan).order_by("pk"))
    names.want(Organisation, [row.organisation_id for row in rows])
    names.want(Position, [row.position_id for row in rows])
    names.load()
    said_last: dict[int, str] = {}
    for organisation, comment in (
        Concurrence.objects.filter(plan=plan).order_by("at", "id").values_list("organisation_id", "comment")
    ):
        said_last[organisation] = comment
    made = []
    for row in rows:
        tone, said = "waiting", _("Awaited")
        if row.standing == Standing.INFORMED:
            tone, said = "draft", _("Is informed")
        elif plan.edition == 0:
            tone, said = "draft", _("Not asked yet")
        elif not row.is_awaited:
            tone = {Answer.CONCUR: "success", Answer.COMMENT: "success"}.get(Answer(row.answer), "stopped")
            said = str(Answer(row.answer).label)
        made.append(
            {
                "organisation": names.text(Organisation, row.organisation_id),
                "position": names.text(Position, row.position_id),
                "standing": row.get_standing_display(),
                "badge": {"label": said, "tone": tone},
                "number": row.answered if row.answered and not row.is_awaited else None,
                "before": str(Answer(row.answer).label) if row.answer and row.is_awaited else "",
                "before_number": row.answered,
                "comment": said_last.get(row.organisation_id, ""),
            }
        )
    return made


def _section(group: Group) -> dict[str, Any]:
    """A group of parts as a section of the page."""
    return {
        "key": group.kind, "title": group.title, "template": "joint_plans/_group.html", "group": group,
        "add_url": group.add_url,
    }  # fmt: skip


#: Sections that stand before the parts.
_FIRST = ("plan", "project", "money")


def in_order(
    sections: list[dict[str, Any]], parts: list[dict[str, Any]], plan: JointPlan
) -> list[dict[str, Any]]:
    """The sections of the page: what the plan is and builds, its parts, who takes part, what each of them said."""
    first = [section for section in sections if section["key"] in _FIRST]
    rest = [section for section in sections if section["key"] not in (*_FIRST, "parts")]
    return [*first, *parts, *rest]


def page(actor: Actor, plan: JointPlan, contents: Any, names: Names) -> dict[str, Any]:
    """What `joint_plans/detail.html` draws beyond the record."""
    found = groups(actor, plan, names)
    made: dict[str, Any] = {
        "adds": [group for group in found if not group.rows and group.kind not in EXPECTED],
        "parts": [_section(group) for group in found if group.rows or group.kind in EXPECTED],
        "answers": answers(plan, names),
        "span": span(plan),
        "timeline_url": reverse("joint_plans:timeline", kwargs={"uuid": plan.uuid}),
        "conflicts_url": ""
        if plan.state in OVER
        else reverse("joint_plans:conflicts", kwargs={"uuid": plan.uuid}),
        "versions_url": reverse("joint_plans:versions", kwargs={"uuid": plan.uuid}) if plan.edition else "",
        "is_pending": plan.edition > 0 and plan.state in rules.OPEN and rules.pending(plan),
        "played": playing.shown(actor, plan),
        "tripped": [Row(part, part_url(plan, part)) for part in rules.tripped(plan)],
    }
    return made | project_page(actor, plan)


def step(actor: Actor, plan: JointPlan, transition: Transition) -> dict[str, Any]:
    """What `joint_plans/transition.html` draws above the form: who concurs, and the way to what changed."""
    if transition.name not in ("answer", "put_forward", "endorse", "circulate_again", "revise", "keep"):
        return {}
    made: dict[str, Any] = {"answers": answers(plan, Names(actor))}
    if plan.edition:
        made["versions_url"] = reverse("joint_plans:versions", kwargs={"uuid": plan.uuid})
    return made


def last_readings(part: Part) -> list[Reading]:
    """What an indicator showed, the newest first; at most twenty."""
    return list(Reading.objects.filter(indicator_id=part.pk).order_by("-on", "-id")[:20])
