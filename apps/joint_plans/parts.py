"""Services of a plan's parts: adding, changing together, taking out, ordering; what is told of them while it runs.

Two who change one part at once do not overwrite each other: what both left alone or only one changed is brought
together, texts by words; where both set the same to different values, whoever saves second is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.core import signing
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from apps.joint_plans import rules
from apps.joint_plans.models import (
    Activity,
    Assumption,
    DecisionPoint,
    Indicator,
    JointPlan,
    Part,
    PartVersion,
    Reading,
    Risk,
)
from apps.joint_plans.vocabulary import OpensTo, PartKind
from apps.records.actors import Actor
from apps.records.errors import IllegalTransition, NotPermitted
from apps.records.services import is_editor
from apps.records.transitions import refusals
from apps.working_groups.minutes.merging import merge

#: What stores a part of each kind; kinds without details of their own are parts and no more.
MODELS: dict[str, type[Part]] = {
    PartKind.ACTIVITY: Activity,
    PartKind.ASSUMPTION: Assumption,
    PartKind.DECISION_POINT: DecisionPoint,
    PartKind.RISK: Risk,
    PartKind.INDICATOR: Indicator,
}
STEP = 10
_SALT = "joint_plans.part"


class Clash(Exception):
    """Somebody else changed the part meanwhile so that the two do not go together. Nothing was written.

    `row` is the part as it stands, `now` what stands where both set the same otherwise, by field; `merged` what is to
    be set where it is not what was typed; `wrong` says why the two together would not do, where nothing was set twice.
    """

    def __init__(
        self, row: Part, now: dict[str, Any], merged: dict[str, Any], wrong: ValidationError | None = None
    ) -> None:
        super().__init__()
        self.row, self.now, self.merged, self.wrong = row, now, merged, wrong


def model_of(kind: str) -> type[Part]:
    """The model that stores a part of that kind."""
    return MODELS.get(kind, Part)


def may_write(actor: Actor, plan: JointPlan) -> None:
    """NotPermitted for whoever does not keep the plan; IllegalTransition while it stays as it was agreed."""
    if not is_editor(actor, plan):
        raise NotPermitted
    if plan.state not in rules.OPEN:
        raise IllegalTransition(_("What was agreed stays as it is. Review the plan to change it."))


def parts_of(plan: JointPlan, kind: str) -> Any:
    """The parts of a kind in their order, as the actor has them."""
    return (
        model_of(kind)._default_manager.filter(plan=plan, kind=kind, is_removed=False).order_by("order", "id")
    )


def part_get(plan: JointPlan, uuid: Any) -> Part:
    """A part with its details; ObjectDoesNotExist for one that is gone or not the actor's to know."""
    bare = Part.objects.get(plan=plan, uuid=uuid, is_removed=False)
    return model_of(bare.kind)._default_manager.get(pk=bare.pk)


# ---------------------------------------------------------------- what a form was made from
def plain(value: Any) -> Any:
    """A value as JSON can hold it, so that two of them compare."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple | set):
        return sorted(plain(each) for each in value)
    if isinstance(value, str):
        return value.replace("\r\n", "\n").strip()
    return value


def values_of(part: Part, names: list[str]) -> dict[str, Any]:
    """The fields of a part as JSON can hold them."""
    found = {}
    for name in names:
        column: Any = part._meta.get_field(name)
        found[name] = plain(getattr(part, column.attname))
    return found


def sealed(values: Mapping[str, Any]) -> str:
    """What a form was made from, for the form to bring back."""
    return signing.dumps(dict(values), salt=_SALT, compress=True)


def unsealed(text: str) -> dict[str, Any]:
    """What the form was made from; nothing where that is broken, so that every difference is asked about."""
    try:
        found = signing.loads(text, salt=_SALT)
    except signing.BadSignature:
        return {}
    return found if isinstance(found, dict) else {}


# ---------------------------------------------------------------- writing
def part_add(actor: Actor, *, part: Part) -> Part:
    """Store a new part at the end of its kind. NotPermitted, IllegalTransition, ValidationError by field."""
    may_write(actor, part.plan)
    last = Part.objects.filter(plan=part.plan, kind=part.kind).aggregate(last=Max("order"))["last"]
    part.order = (last or 0) + STEP
    if hasattr(part, "of_plan_id"):
        part.of_plan_id = part.plan_id
    part.full_clean(validate_unique=False, validate_constraints=False)
    with refusals():
        part.save()
    return part


def part_change(actor: Actor, *, part: Part, base: Mapping[str, Any], mine: Mapping[str, Any]) -> bool:
    """Bring a change from `base` to `mine` into the part as it stands now; True where others changed it meanwhile.

    Raises Clash where both set the same otherwise; NotPermitted, IllegalTransition, ObjectDoesNotExist.
    """
    may_write(actor, part.plan)
    with refusals(), transaction.atomic():
        Part.objects.select_for_update().get(pk=part.pk, is_removed=False)
        row = model_of(part.kind)._default_manager.get(pk=part.pk)
        now, at_odds, settled = values_of(row, list(mine)), {}, {}
        moved = False
        for name, wanted in mine.items():
            was, said, stands = base.get(name), plain(wanted), now[name]
            moved |= was != stands
            if said in (was, stands):
                settled[name] = stands
                continue
            if was == stands:
                settled[name] = wanted
            elif isinstance(said, str) and _is_long(row, name):
                both = merge(str(was or ""), said, str(stands or ""))
                if both.conflict:
                    at_odds[name] = stands
                else:
                    settled[name] = both.text
            else:
                at_odds[name] = stands
        others = {name: value for name, value in settled.items() if plain(value) != plain(mine[name])}
        if at_odds:
            raise Clash(row, at_odds, others)
        for name, value in settled.items():
            if value is not now[name]:
                setattr(row, name, value)
        try:
            row.full_clean(validate_unique=False, validate_constraints=False)
            _go_together(row)
        except ValidationError as error:
            if not moved:
                raise
            raise Clash(part_get(part.plan, part.uuid), {}, others, error) from error
        row.save()
    return moved


def _go_together(row: Part) -> None:
    """ValidationError by field where two have set, each soundly, what does not hold together."""
    if not isinstance(row, Activity):
        return
    if row.starts_on and row.ends_on and row.ends_on < row.starts_on:
        raise ValidationError({"ends_on": _("The end must not lie before the beginning.")})
    if row.lead is None or row.lead_id == row.plan.originator_id:
        return
    named = row.opens_to == OpensTo.NAMED and row.lead.group_id not in row.readers
    if named or row.opens_to == OpensTo.PLANNERS:
        at = "readers" if named else "opens_to"
        raise ValidationError({at: _("The organisation that leads it must read it.")})


def _is_long(row: Part, name: str) -> bool:
    column = row._meta.get_field(name)
    return isinstance(column, models.TextField) and not column.choices


def part_remove(actor: Actor, *, part: Part) -> None:
    """Take a part out; versions that have it keep it. One that never circulated is from then on the keepers' alone."""
    may_write(actor, part.plan)
    never_out = not PartVersion.objects.filter(part_id=part.pk).exists()
    with refusals():
        Part.objects.filter(pk=part.pk).update(
            is_removed=True, **({"opens_to": OpensTo.PLANNERS, "readers": []} if never_out else {})
        )


def part_move(actor: Actor, *, part: Part, up: bool) -> None:
    """Change places with the part before or after it, of those of its kind that the actor has."""
    may_write(actor, part.plan)
    rows = list(
        Part.objects.filter(plan=part.plan, kind=part.kind, is_removed=False)
        .order_by("order", "id")
        .only("id", "order")
    )
    at = next((n for n, row in enumerate(rows) if row.pk == part.pk), None)
    other = None if at is None else at - 1 if up else at + 1
    if at is None or other is None or not 0 <= other < len(rows):
        return
    rows[at], rows[other] = rows[other], rows[at]
    with refusals(), transaction.atomic():
        for number, row in enumerate(rows, start=1):
            if row.order != number * STEP:
                Part.objects.filter(pk=row.pk).update(order=number * STEP)


# ---------------------------------------------------------------- while it runs
def leads(actor: Actor, part: Part) -> bool:
    """Whether the actor's organisation leads the activity."""
    lead = getattr(part, "lead_id", None)
    return lead is not None and any(position.organisation_id == lead for position in actor.positions)


def may_report(actor: Actor, activity: Part) -> None:
    """NotPermitted for whoever neither leads it nor keeps the plan; IllegalTransition while the plan does not run."""
    _runs(activity)
    if not (is_editor(actor, activity.plan) or leads(actor, activity)):
        raise NotPermitted


def may_decide(actor: Actor, point: Part) -> None:
    """NotPermitted for whoever does not keep the plan; IllegalTransition while it does not run."""
    _runs(point)
    if not is_editor(actor, point.plan):
        raise NotPermitted


def may_measure(actor: Actor, indicator: Part) -> None:
    """NotPermitted for whoever neither takes part nor keeps the plan; IllegalTransition while it does not run."""
    _runs(indicator)
    if not (is_editor(actor, indicator.plan) or rules.contributes(actor, indicator.plan)):
        raise NotPermitted


def _runs(part: Part) -> None:
    if part.plan.state not in rules.RUNS:
        raise IllegalTransition(_("The plan is not carried out now."))


def activity_report(actor: Actor, *, activity: Activity, progress: str, report: str) -> None:
    """Say how far an activity is: whoever leads it, or keeps the plan, while the plan runs."""
    may_report(actor, activity)
    with refusals():
        if not Activity.objects.filter(pk=activity.pk).update(progress=progress, report=report.strip()):
            raise NotPermitted


def decision_note(actor: Actor, *, point: DecisionPoint, outcome: str, decided_on: date) -> None:
    """Write down what was decided at a decision point, while the plan runs."""
    may_decide(actor, point)
    with refusals():
        DecisionPoint.objects.filter(pk=point.pk).update(outcome=outcome.strip(), decided_on=decided_on)


def reading_add(actor: Actor, *, indicator: Indicator, on: date, value: Decimal, note: str = "") -> Reading:
    """Say what an indicator showed: whoever takes part or keeps the plan, while the plan runs."""
    may_measure(actor, indicator)
    position = actor.positions[0] if actor.positions else None
    made = Reading(
        plan=indicator.plan, indicator=indicator, on=on, value=value, note=note.strip(), author=actor.user,
        position=position,
    )  # fmt: skip
    made.clean_fields(exclude=["author", "position"])
    with refusals():
        made.save()
    return made
