"""One step of a record's form with its rows:
checking it, saving it whole, saving what is sound of it. No HTTP.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from apps.pages import errors
from apps.pages.forms import LABEL_STEP, LabelForm, row_formset, step_form
from apps.records.actors import Actor
from apps.records.errors import RecordError
from apps.records.registry import RecordType, Section
from apps.records.services import record_update
from apps.records.withheld import withheld_fill


def form_steps(record_type: type[RecordType], record: Any) -> list[Section]:
    """Sections that are steps of the form and apply to the record."""
    return [s for s in record_type.sections if s.step and (s.when is None or s.when(record))]


class StepForms:
    """The form and formsets of a step; `section` None is the label's step."""

    def __init__(
        self,
        actor: Actor,
        record_type: type[RecordType],
        section: Section | None,
        record: Any,
        *,
        data: Any = None,
    ) -> None:
        self.actor, self.record_type, self.section, self.record = actor, record_type, section, record
        self.added = ""
        if section is None:
            self.form: Any = LabelForm(data, actor=actor, record=record)
            self.rows: list[tuple[Any, Any]] = []
            return
        children = [
            child for child in section.children
            if child.editable and (child.open_to is None or child.open_to(actor, record))
        ]  # fmt: skip
        if data is not None:
            data = self._with_added_row(data, [child.key for child in children])
        self.form = step_form(record_type, section, actor, data=data, instance=record)
        self.rows = [
            (child, row_formset(record_type, child, actor, data=data, instance=record)) for child in children
        ]

    def _with_added_row(self, data: Any, keys: list[str]) -> Any:
        for key in keys:
            total = data.get(f"{key}-TOTAL_FORMS", "")
            if f"add-{key}" in data and total.isdecimal():
                self.added = key
                data = data.copy()
                data[f"{key}-TOTAL_FORMS"] = str(int(total) + 1)
        return data

    @property
    def adds_row(self) -> bool:
        """Whether a button asked for one more empty row, and for nothing to be saved."""
        return bool(self.added)

    def is_valid(self) -> bool:
        """Whether everything in the step is sound."""
        sound = [self.form.is_valid(), *(formset.is_valid() for _child, formset in self.rows)]
        return all(sound)

    def save(self, version: int) -> None:
        """Save the whole step or nothing. Raises what `record_update` raises."""
        with transaction.atomic():
            record_update(
                self.actor, record=self.record, changes=dict(self.form.cleaned_data), expected_version=version
            )
            for _child, formset in self.rows:
                formset.save()
            self.record.refresh_from_db(fields=["version"])

    def save_sound(self, version: int) -> tuple[dict[str, Any], dict[str, Any]]:
        """Save every sound answer. Returns (values of hidden fields that changed, errors by field)."""
        self.form.is_valid()
        changes, wrong = (
            dict(self.form.cleaned_data),
            {name: list(texts) for name, texts in self.form.errors.items()},
        )
        self._put_back(wrong)
        try:
            self._update(changes, version)
        except ValidationError as error:
            wrong |= errors.errors_of(error)
            self._update(self._without_contradiction(changes), version)
        fields: dict[str, Any] = {}
        for _child, formset in self.rows:
            fields |= self._save_rows(formset, wrong)
        self.record.refresh_from_db(fields=["version"])
        return fields, wrong

    def _update(self, changes: dict[str, Any], version: int) -> None:
        with transaction.atomic():
            record_update(self.actor, record=self.record, changes=changes, expected_version=version)

    def _without_contradiction(self, changes: dict[str, Any]) -> dict[str, Any]:
        """As many of the changes as agree with each other and with what is stored,
        in the order of the form.
        """
        self._put_back(changes)
        sound = {}
        for name, value in changes.items():
            before = getattr(self.record, name)
            setattr(self.record, name, value)
            try:
                self.record.clean()
            except ValidationError:
                setattr(self.record, name, before)
            else:
                sound[name] = value
        return sound

    def _put_back(self, names: dict[str, Any]) -> None:
        """Give fields of the record their stored values again."""
        if not names:
            return
        stored = withheld_fill(type(self.record)._default_manager.get(pk=self.record.pk))
        for field in self.record._meta.concrete_fields:
            if field.name in names:
                setattr(self.record, field.attname, getattr(stored, field.attname))

    def _save_rows(self, formset: Any, wrong: dict[str, Any]) -> dict[str, Any]:
        """Save sound rows in their order; removals wait for the button, so that numbers of rows stay."""
        if not formset.management_form.is_valid():
            return {}
        fields: dict[str, Any] = {}
        stored, may_add = formset.initial_form_count(), True
        for number, form in enumerate(formset.forms):
            removed = form.fields.get("DELETE") is not None and form["DELETE"].data
            if not form.has_changed() or removed:
                may_add = may_add and number < stored
                continue
            is_new = number >= stored
            if not form.is_valid():
                wrong |= {form.add_prefix(name): list(texts) for name, texts in form.errors.items()}
            elif not is_new:
                form.save()
                continue
            elif may_add:
                form.instance.pk = None
                setattr(form.instance, formset.fk.name, self.record)
                row = form.save()
                fields[form.add_prefix("id")] = row.pk
                fields[f"{formset.prefix}-INITIAL_FORMS"] = number + 1
                continue
            may_add = may_add and not is_new
        return fields

    def refuse(self, error: RecordError | ValidationError) -> None:
        """Show a refusal at its field, or above."""
        errors.put(self.form, error, self.record_type)

    def context(self, missing: dict[str, Any]) -> dict[str, Any]:
        """What `pages/form.html` draws of it."""
        for name, field in self.form.fields.items():
            if name in missing:
                field.needed_to_submit = True
        bound = self.form.is_bound and not self.adds_row
        fieldsets = list(self._fieldsets())
        return {
            "form": self.form,
            "fieldsets": fieldsets,
            "formsets": [formset for _child, formset in self.rows] if bound else [],
            "has_errors": bound and (bool(self.form.errors) or any(not f.is_valid() for _c, f in self.rows)),
        }

    def _fieldsets(self) -> Any:
        groups = getattr(self.form, "fieldsets", None)
        if callable(groups):
            yield from groups()
        elif self.section is not None and self.form.fields:
            yield {"lines": self.form.in_lines()}
        for child, formset in self.rows:
            yield {
                "title": child.label,
                "formset": formset,
                "row_title": child.model._meta.verbose_name,
            }


def progress(
    record_type: type[RecordType],
    record: Any,
    sections: list[Section],
    current: Section | None,
    missing: dict[str, Any],
) -> list[dict[str, Any]]:
    """The steps of the form: which one this is, and which have what they need."""
    made = []
    for section in sections:
        names = {*section.fields, *(child.key for child in section.children), section.key}
        status = "todo" if names & set(missing) else "done"
        made.append(
            {
                "key": section.key,
                "label": section.label,
                "url": record_type.url(record, "edit", step=section.key),
                "status": "current" if section == current else status,
            }
        )
    made.append(
        {
            "key": LABEL_STEP,
            "label": _("Label and submit"),
            "url": record_type.url(record, "edit", step=LABEL_STEP),
            "status": "current" if current is None else "todo",
        }
    )
    return made


def checks(record_type: type[RecordType], record: Any, missing: dict[str, Any]) -> list[dict[str, Any]]:
    """What is still missing, in words, and where to answer it; one line when nothing is."""
    if not missing:
        return [{"text": _("Everything that is needed has been answered."), "met": True}]
    return [
        {
            "text": errors.label_of(record_type, name),
            "met": None,
            "note": " ".join(map(str, texts)),
            "url": where_answered(record_type, record, name),
        }
        for name, texts in missing.items()
    ]


def where_answered(record_type: type[RecordType], record: Any, name: str) -> str:
    """The address of the field, or of the rows, in the form; empty when it has none."""
    for section in form_steps(record_type, record):
        for child in section.children:
            if child.key == name:
                return f"{record_type.url(record, 'edit', step=section.key)}#rows-{name}"
        if name in section.fields:
            return f"{record_type.url(record, 'edit', step=section.key)}#id_{name}"
    return ""
