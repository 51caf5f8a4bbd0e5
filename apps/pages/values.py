"""How values of records are shown: fields, cells of lists, states, and what changed.

No markup, and no queries but for names that not everybody may know.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from apps.mission.models import Area, Compartment, DataType, Organisation, Position
from apps.mission.vocabulary import Role
from apps.need_to_know.known import is_unknown, known_name
from apps.pages.names import Names
from apps.pages.templatetags.portal import exact_day, exact_time
from apps.records import exercises
from apps.records.actors import Actor
from apps.records.field_rules import CoordinateRule
from apps.records.registry import Column, RecordType
from apps.records.workflow import Outcome, State

# Columns that hold lists of ids of structure.
_STRUCTURE: dict[str, type[models.Model]] = {"compartments": Compartment, "data_types": DataType}


def tone_of(record_type: type[RecordType], state: State) -> str:
    """The tone in which a state is shown; a word always goes with it."""
    if state.outcome is Outcome.SUCCESS:
        return "success"
    if state.outcome is Outcome.FAILURE:
        return "stopped"
    if state.code == record_type.workflow.initial:
        return "draft"
    return "waiting" if state.waits_for else "active"


def state_of(record_type: type[RecordType], code: str) -> dict[str, Any]:
    """A state as badges show it; an unknown code is shown as it is."""
    try:
        state = record_type.workflow.state(code)
    except KeyError:
        return {"label": code, "tone": "active", "code": code}
    return {"label": state.label, "tone": tone_of(record_type, state), "code": code}


def is_done(record_type: type[RecordType], code: str) -> bool:
    """Whether a record in that state is at its end."""
    return record_type.workflow.state(code).outcome is not Outcome.OPEN


def kind_label(record_type: type[RecordType], kind: str) -> str:
    """The words for Record.kind."""
    choices = dict(record_type.kinds.choices) if record_type.kinds else {}
    return str(choices.get(kind, kind))


def role_label(role: Role | str, record_type: type[RecordType]) -> str:
    """The words for a role of the workflow, as the type calls it."""
    return record_type.role_label(role)


def path(thing: Any, dotted: str) -> Any:
    """Follow `a__b` from a row; None as soon as a step is empty."""
    for name in dotted.split("__"):
        if thing is None:
            return None
        thing = getattr(thing, name)
    return thing


def cell(record_type: type[RecordType], column: Column, record: Any, actor: Actor) -> dict[str, Any]:
    """A cell of a list: what `pages/_cell.html` draws; organisations as the actor may know them."""
    value = path(record, column.field)
    shown: dict[str, Any] = {"kind": column.kind, "value": value}
    if column.field == "title" and exercises.stands_apart(actor, record):
        shown["exercise"] = True
    if isinstance(value, Organisation) and is_unknown(actor, value):
        shown = {"kind": "text", "value": known_name(actor, value)}
    elif isinstance(value, Position):
        shown["value"] = position_name(actor, value)
    elif column.kind == "state":
        shown["value"] = state_of(record_type, record.state)
    elif column.kind == "label":
        shown["value"] = record
    elif column.kind == "due":
        shown["done"] = not record_type.runs(record)
    elif column.field == "kind":
        shown["value"] = kind_label(record_type, value)
    elif isinstance(value, models.Model):
        shown["value"] = value if column.kind in {"area", "organisation"} else str(value)
    return shown


def position_name(actor: Actor, position: Position) -> str:
    """A position with its organisation, as the actor may know it."""
    if is_unknown(actor, position.organisation):
        return _("restricted")
    return f"{position.title}, {position.organisation.acronym or position.organisation.name}"


def plain(record_type: type[RecordType], column: Column, record: Any, actor: Actor) -> Any:
    """A cell of an export: text, number, moment or None; organisations as the actor may know them."""
    value = path(record, column.field)
    if column.kind == "state":
        return str(state_of(record_type, record.state)["label"])
    if column.kind == "label":
        return str(record.get_classification_display())
    if column.kind == "priority":
        return f"P{value}" if value else None
    if column.field == "kind":
        return kind_label(record_type, value)
    if isinstance(value, Area):
        return f"{value.name} ({value.pcode})"
    if isinstance(value, Organisation):
        return known_name(actor, value)
    if isinstance(value, Position):
        return position_name(actor, value)
    return str(value) if isinstance(value, models.Model) else value


def field_of(model: type[models.Model], name: str) -> models.Field[Any, Any] | None:
    """The field with that name or column; None when the model has none."""
    for candidate in model._meta.concrete_fields:
        if name in (candidate.name, candidate.column):
            return candidate
    return None


def capital(text: Any) -> str:
    """A field's label at the beginning of a line."""
    said = str(text)
    return said[:1].upper() + said[1:]


def shown(row: models.Model, name: str, names: Names, record_type: type[RecordType]) -> dict[str, Any]:
    """A field of a row: what `pages/_value.html` draws."""
    column = row._meta.get_field(name)
    value = getattr(row, column.attname)  # type: ignore[union-attr]
    label = record_type.field_names.get(name, column.verbose_name)  # type: ignore[union-attr]
    said: dict[str, Any] = {"key": name, "label": capital(label), "kind": "text"}
    if column.is_relation and column.related_model is Area:
        pair = names.pair(Area, value)
        said |= {"kind": "area", "value": {"name": pair[0], "pcode": pair[1]} if pair else None}
        return said
    if column.is_relation and column.related_model is Organisation:
        pair = names.pair(Organisation, value)
        said |= {"kind": "organisation", "value": {"name": pair[0], "acronym": pair[1]} if pair else None}
        if names.is_hidden(Organisation, value):
            said |= {"kind": "restricted", "value": _("restricted")}
        return said
    if isinstance(value, datetime):
        said |= {"kind": "datetime", "value": value}
    elif isinstance(column, models.BooleanField):
        said |= {"kind": "yes_no", "value": value}
    elif name == "priority":
        said |= {"kind": "priority", "value": value}
    elif isinstance(column, models.TextField) and not column.choices:
        said |= {"kind": "pre", "value": value}
    elif isinstance(value, list | tuple):
        said |= {"kind": "list", "value": [spoken(column, each, names, record_type) for each in value]}
    else:
        said["value"] = spoken(column, value, names, record_type)
    if said.get("value") and (help_text := rounding(row, name)):
        said["help"] = help_text
    return said


def rounding(record: Any, name: str) -> str:
    """How far a coordinate is rounded for the reader, in words; empty for exact ones and for all other fields."""
    filling = getattr(record, "filling", None)
    if filling is None or filling.decimals is None:
        return ""
    if not any(isinstance(r, CoordinateRule) and name in r.fields for r in record.record_type.field_rules):
        return ""
    # A degree of latitude is some 111 km.
    metres = 111_000 / 10**filling.decimals
    if metres >= 1000:
        distance = _("%(number)s km") % {"number": number_format(round(metres / 1000))}
    else:
        distance = _("%(number)s m") % {"number": number_format(round(metres))}
    return _("rounded to about %(distance)s") % {"distance": distance}


def wants(model: type[models.Model], columns: Iterable[tuple[str, Any]], names: Names) -> None:
    """Note the structure that raw column values refer to, before `spoken` is asked for their words."""
    for name, value in columns:
        column = field_of(model, name)
        if column is None:
            continue
        if column.is_relation:
            names.want(column.related_model, [value])
        elif column.name in _STRUCTURE:
            names.want(_STRUCTURE[column.name], value or [])


def spoken(column: Any, value: Any, names: Names, record_type: type[RecordType]) -> str:
    """A value of a column in words, for tables and for what changed: never an id, never a code."""
    if value is None or value == "" or value == []:
        return ""
    if column.is_relation:
        return names.text(column.related_model, value)
    if isinstance(value, list | tuple):
        return ", ".join(spoken(column, each, names, record_type) for each in value)
    if column.name in _STRUCTURE:
        return names.text(_STRUCTURE[column.name], value)
    if column.name == "kind":
        return kind_label(record_type, value)
    if column.name == "state":
        return str(state_of(record_type, value)["label"])
    base = column.base_field if isinstance(column, ArrayField) else column
    if base.choices:
        return str(dict(base.flatchoices).get(value, value))
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, str) and isinstance(
        base, models.DateTimeField | models.DateField | models.DecimalField
    ):
        try:
            value = base.to_python(value)
        except ValidationError:
            return str(value)
    return in_words(value)


def in_words(value: Any) -> str:
    """A plain value in the reader's language and zone."""
    if isinstance(value, datetime):
        return exact_time(value)
    if isinstance(value, date):
        return exact_day(value)
    if isinstance(value, Decimal) and value.is_finite():
        value = Decimal(f"{value.normalize():f}")
    if isinstance(value, int | float | Decimal):
        return number_format(value, force_grouping=True)
    return str(value)


def compartment_names(codes: Sequence[int], names: Names) -> list[str]:
    """Names of the compartments on a label."""
    return [names.text(Compartment, code) for code in codes]
