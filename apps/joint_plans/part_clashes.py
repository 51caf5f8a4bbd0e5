"""The form of a part that somebody else changed or took out meanwhile: what was typed is kept, what stands is said."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.forms.widgets import ChoiceWidget
from django.http import QueryDict
from django.utils.translation import gettext as _

from apps.joint_plans.models import JointPlan, Part
from apps.joint_plans.part_forms import PartForm, part_form
from apps.joint_plans.parts import Clash, sealed, values_of
from apps.joint_plans.record import JointPlanType
from apps.joint_plans.versions import part_titles, words_of
from apps.joint_plans.watching import watched_record
from apps.mission.models import Organisation
from apps.pages import errors, values
from apps.pages.names import Names
from apps.records.actors import Actor

#: Fields of a part that its form asks for under another name.
_ASKED_AS = {"watched": "reference", "breaks_in": "watch"}


def asked_again(actor: Actor, plan: JointPlan, form: PartForm, clash: Clash) -> PartForm:
    """What was typed where both set the same, with what stands beside it; else what others set. Saved again, it is set.

    WHY: the form is made from what stands now; what others set alone must be in it, or saving would set it back.
    """
    row: Any = clash.row
    base = sealed(values_of(row, form.names))
    typed: Any = form.data
    data: QueryDict = typed.copy()
    said = {name: _stands(actor, row, name, value) for name, value in clash.now.items()}
    for name, value in clash.merged.items():
        column = row._meta.get_field(name)
        setattr(row, column.attname, column.to_python(value))
    fresh = part_form(actor, plan, kind=row.kind, part=row)
    for name in clash.merged:
        if (asked := _ASKED_AS.get(name, name)) in fresh.fields and asked not in clash.now:
            _put(data, fresh, asked)
    data["base"] = base
    again = part_form(actor, plan, kind=row.kind, part=row, data=data)
    again.is_valid()
    for name, text in said.items():
        asked = _ASKED_AS.get(name, name)
        if name != "breaks_in" or "watched" not in said:
            again.add_error(asked if asked in again.fields else None, text)
    if clash.wrong is not None:
        again.add_error(None, _("Somebody else changed this part meanwhile, and the two do not go together."))
        errors.put(again, clash.wrong, JointPlanType)
    return again


def taken_out(actor: Actor, plan: JointPlan, part: Part, data: QueryDict) -> PartForm:
    """The form of a new part with what was typed into one that somebody took out."""
    form = part_form(actor, plan, kind=part.kind, data=data)
    form.is_valid()
    text = _(
        "Somebody else took “%(title)s” out of the plan meanwhile. What you typed stands below: "
        "save it to put it into the plan as a new part."
    )
    form.add_error(None, text % {"title": part.title})
    return form


def _put(data: QueryDict, fresh: PartForm, name: str) -> None:
    """Into what the form brings back, a field as a form that is made now would have it."""
    bound = fresh[name]
    value, widget = bound.value(), bound.field.widget
    if isinstance(value, list | tuple):
        data.setlist(name, [str(each) for each in value])
    elif isinstance(widget, forms.CheckboxInput):
        data.setlist(name, ["on"] if value else [])
    elif isinstance(widget, ChoiceWidget):
        data[name] = "" if value is None else str(value)
    else:
        data[name] = widget.format_value(value) or ""


def _stands(actor: Actor, row: Any, name: str, value: Any) -> str:
    """What stands in a field that both have set, in a sentence."""
    if said := _in_words(actor, row, name, value):
        text = _("Somebody else changed this meanwhile, to: “%(now)s”. Save again to set what you typed.")
        return text % {"now": said}
    return _("Somebody else emptied this meanwhile. Save again to set what you typed.")


def _in_words(actor: Actor, row: Any, name: str, value: Any) -> str:
    if name in _ASKED_AS:
        record = watched_record(row)
        return record.reference if record is not None else _("restricted") if row.watched else ""
    column, names = row._meta.get_field(name), Names(actor)
    values.wants(type(row), [(column.attname, value)], names)
    names.want(Organisation, (value or []) if name == "supports" else [])
    names.want(Group, (value or []) if name == "readers" else [])
    names.load()
    if name == "readers":
        return ", ".join(names.text(Group, each) for each in value or [])
    titles = part_titles([value]) if name == "objective" else {}
    return words_of(column, value, names, titles)
