"""Forms of records, made from the declarations:
steps, rows under a record, the label, comments, links, views.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from apps.mission.models import Compartment, DataType, Mission, Organisation, Position
from apps.mission.vocabulary import Classification, Scope, Sensitivity
from apps.need_to_know.known import unknown, unknown_organisation_ids
from apps.pages.models import SavedView
from apps.records.actors import Actor
from apps.records.models import Comment, Record, RecordLink
from apps.records.originators import FiledAs
from apps.records.registry import Child, RecordType, Section

LABEL_STEP = "label"
LABEL = ("classification", "sensitivity", "compartments", "data_types", "scope")


class StepForm(forms.Form):
    """What a step asks for, of this actor on this record."""

    def __init__(
        self, data: Any = None, files: Any = None, *, actor: Actor, record: Any, **kwargs: Any
    ) -> None:
        super().__init__(data, files, **kwargs)
        self.actor, self.record = actor, record
        self.prepare()

    def prepare(self) -> None:
        """Offer what there is to choose from."""


class RecordForm(forms.ModelForm):
    """Base of a step's form. It knows who acts; it checks what its step has and nothing else."""

    #: A field -> the one that stands beside it.
    pairs: ClassVar[dict[str, str]] = {}

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        self.actor = actor
        super().__init__(*args, **kwargs)

    def in_lines(self) -> list[list[forms.BoundField]]:
        """The visible fields, each on a line of its own or beside the one it belongs to."""
        seconds = set(self.pairs.values()) & set(self.fields) if self.pairs else set()
        seconds = {self.pairs[first] for first in self.pairs if first in self.fields} & seconds
        names = [field.name for field in self.visible_fields() if field.name not in seconds]
        return [
            [self[each] for each in (name, self.pairs.get(name, "")) if each in self.fields] for name in names
        ]


class NativeDate(forms.DateInput):
    """A day, in the browser's own calendar."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class NativeDateTime(forms.DateTimeInput):
    """A day and time, in the browser's own calendar."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


def field_for(column: models.Field[Any, Any], **kwargs: Any) -> Any:
    """A form field with the browser's calendars for days and times; for `formfield_callback`."""
    made = column.formfield(**kwargs)
    if made is not None:
        in_plain_words(made)
    return made


def in_plain_words(field: forms.Field) -> None:
    """Ask for days and times in the browser's own calendar, and say "Choose one" where dashes would stand."""
    if type(field.widget) is forms.DateTimeInput:
        field.widget = NativeDateTime()
    elif type(field.widget) is forms.DateInput:
        field.widget = NativeDate()
    elif isinstance(field, forms.ModelChoiceField):
        if field.empty_label is not None:
            field.empty_label = _("Choose one")
    elif isinstance(field, forms.TypedChoiceField) and isinstance(field.widget, forms.Select):
        choices: Any = field.choices
        field.choices = [
            (value, _("Choose one") if value in ("", None) else label) for value, label in choices
        ]


def within_mission(form: forms.BaseForm, mission: Mission) -> None:
    """Offer and accept structure of this mission alone."""
    for field in form.fields.values():
        queryset = getattr(field, "queryset", None)
        if queryset is not None and any(f.name == "mission" for f in queryset.model._meta.get_fields()):
            field.queryset = queryset.filter(mission=mission)  # type: ignore[attr-defined]


def within_known(form: forms.BaseForm, actor: Actor) -> None:
    """Offer and accept organisations and positions that the actor may know; the present one stays, unnamed."""
    for name, field in form.fields.items():
        queryset = getattr(field, "queryset", None)
        if queryset is None or queryset.model not in (Organisation, Position):
            continue
        path = "" if queryset.model is Organisation else "organisation"
        present = form.get_initial_for_field(field, name)
        kept: Any = field
        kept.queryset = queryset.exclude(unknown(actor, path) & ~models.Q(pk=present))
        hidden = unknown_organisation_ids(actor)

        def named(
            row: Any,
            at: str = "organisation_id" if path else "pk",
            hidden: frozenset[int] = hidden,
            own: Callable[[Any], str] = kept.label_from_instance,
        ) -> str:
            return gettext("restricted") if getattr(row, at) in hidden else own(row)

        if hidden:
            kept.label_from_instance = named


def step_form(
    record_type: type[RecordType], section: Section, actor: Actor, *, data: Any = None, instance: Any = None
) -> Any:
    """The form of one step."""
    base = record_type.form_class or RecordForm
    callback = None if getattr(getattr(base, "Meta", None), "formfield_callback", None) else field_for
    closed = instance.withheld_fields if instance is not None else frozenset()
    form_class: Any = forms.modelform_factory(
        record_type.model, form=base, formfield_callback=callback,
        fields=[name for name in section.fields if name not in closed],
    )  # fmt: skip
    made = form_class(data, instance=instance, actor=actor)
    within_mission(made, actor.mission)
    within_known(made, actor)
    return made


class RowForm(forms.ModelForm):
    """A row under a record, checked for whoever writes it."""

    check: Callable[[Any], None] | None = None

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.check is not None and not self.errors:
            try:
                self.check(self.instance)
            except ValidationError as wrong:
                self._update_errors(wrong)  # type: ignore[attr-defined]


class RowFormSet(BaseInlineFormSet):
    """Rows under a record. Choices of structure are read once for all rows."""

    def __init__(self, *args: Any, actor: Actor, child: Child, **kwargs: Any) -> None:
        self.actor, self.child, self.mission = actor, child, actor.mission
        self._choices: dict[str, list[Any]] = {}
        super().__init__(*args, **kwargs)

    def add_fields(self, form: Any, index: int | None) -> None:
        """Limit the row's choices to the mission, and share them among rows."""
        super().add_fields(form, index)
        if self.child.check is not None:
            form.check = partial(self.child.check, self.actor, self.instance)
        within_mission(form, self.mission)
        # SECURITY: no row offers a position of an organisation that its writer may not know.
        within_known(form, self.actor)
        for name, field in form.fields.items():
            if (
                isinstance(field, forms.ModelChoiceField)
                and not field.widget.is_hidden
                and name in self.form.base_fields
            ):
                if name not in self._choices:
                    self._choices[name] = list(field.choices)  # type: ignore[arg-type]
                field.choices = self._choices[name]


def row_formset(
    record_type: type[RecordType], child: Child, actor: Actor, *, data: Any = None, instance: Any
) -> Any:
    """The formset of one child table; one empty row where there is none yet."""
    has_rows = (
        data is not None or child.model._default_manager.filter(**{child.relation: instance.pk}).exists()
    )
    made = forms.inlineformset_factory(
        record_type.model,
        child.model,
        form=RowForm,
        formset=RowFormSet,
        fk_name=child.relation,
        fields=child.fields,
        extra=0 if has_rows else 1,
        can_delete=True,
        max_num=child.max_rows,
        absolute_max=child.max_rows + 1,
        validate_max=True,
        formfield_callback=field_for,
    )
    rows = child.model._default_manager.order_by("pk")
    return made(data, instance=instance, queryset=rows, prefix=child.key, actor=actor, child=child)


class LabelForm(forms.Form):
    """Who may read: classification, sensitivity, compartments (only those held), protected data, and audience."""

    classification = forms.TypedChoiceField(
        label=_("Classification"), coerce=int, choices=Classification.choices,
        help_text=_("How it must be handled."), widget=forms.RadioSelect,
    )  # fmt: skip
    sensitivity = forms.TypedChoiceField(
        label=_("Sensitivity"), coerce=int, choices=Sensitivity.choices,
        help_text=_("How much harm would come from it in the wrong hands."), widget=forms.Select,
    )  # fmt: skip
    compartments = forms.TypedMultipleChoiceField(
        label=_("Compartments"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("A reader must hold every one that you tick."),
    )  # fmt: skip
    data_types = forms.TypedMultipleChoiceField(
        label=_("Holds protected data"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Sides that the mission bars from such data never read the record, whatever is granted."),
    )  # fmt: skip
    scope = forms.ChoiceField(
        label=_("Audience"), choices=Scope.choices, widget=forms.RadioSelect,
        help_text=_("Whoever the work needs next is added by itself as it goes on."),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, record: Record, **kwargs: Any) -> None:
        kwargs.setdefault(
            "initial",
            {n: getattr(record, n) for n in LABEL},
        )
        super().__init__(*args, **kwargs)
        held = Compartment.objects.filter(pk__in=actor.compartments) if actor.compartments else ()
        self.fields["compartments"].choices = [(c.pk, c.name) for c in held]  # type: ignore[attr-defined]
        if not held:
            del self.fields["compartments"]
        self._choose_data_types(actor, record)
        allowed = [(code, text) for code, text in Classification.choices if code <= actor.clearance]
        self.fields["classification"].choices = allowed  # type: ignore[attr-defined]

    def _choose_data_types(self, actor: Actor, record: Record) -> None:
        """The kinds in use, and those that the record holds already."""
        rows = [
            t
            for t in DataType.objects.filter(mission=actor.mission)
            if t.is_active or t.pk in record.data_types
        ]
        if rows:
            self.fields["data_types"].choices = [(t.pk, str(t)) for t in rows]  # type: ignore[attr-defined]
        else:
            del self.fields["data_types"]


class PositionForm(forms.Form):
    """In which of their positions a person files, and for which organisation."""

    position = forms.ChoiceField(label=_("File this as"))

    def __init__(self, *args: Any, ways: Sequence[FiledAs], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ways = ways
        self.fields["position"].choices = [(way.code, str(way)) for way in ways]  # type: ignore[attr-defined]
        if any(way.on_behalf for way in ways):
            self.fields["position"].help_text = _(
                "What you file for another organisation is that organisation’s own: its people read it, answer for it "
                "and decide who else reads it."
            )

    def chosen(self) -> FiledAs | None:
        """The way chosen; None when the choice was not one of theirs."""
        wanted = self.cleaned_data.get("position")
        return next((way for way in self.ways if way.code == wanted), None)


class CommentForm(forms.ModelForm):
    """A comment, and whose attention it draws: of those who are offered."""

    mentions = forms.MultipleChoiceField(
        label=_("Draw attention of"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("They are told of it, and find it among their mentions."),
    )  # fmt: skip

    class Meta:
        model = Comment
        fields = ("text",)
        widgets = {"text": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, offered: Sequence[Position] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer(offered)

    def offer(self, offered: Sequence[Position]) -> None:
        """Offer these positions; without any there is no such question."""
        self.offered = {str(position.uuid): position for position in offered}
        if offered:
            self.fields["mentions"] = copy.deepcopy(self.base_fields["mentions"])
            self.fields["mentions"].choices = [  # type: ignore[attr-defined]
                (uuid, f"{position.title}, {position.organisation}")
                for uuid, position in self.offered.items()
            ]
        else:
            self.fields.pop("mentions", None)

    def mentioned(self) -> list[Position]:
        """The positions chosen."""
        return [self.offered[uuid] for uuid in self.cleaned_data.get("mentions", [])]


class LinkForm(forms.Form):
    """A link to another record, named by its reference;
    a hidden one and a missing one give the same answer.
    """

    reference = forms.CharField(
        label=_("Reference of the other record"), max_length=30, help_text=_("For example RFA-2026-04518")
    )
    relation = forms.ChoiceField(label=_("This record"), choices=RecordLink.Relation.by_hand())

    def clean_reference(self) -> Record:
        """The record with that reference, if the reader may know of it."""
        wanted = str(self.cleaned_data["reference"]).strip().upper()
        found = Record.objects.filter(reference=wanted).first()
        if found is None:
            raise forms.ValidationError(_("There is no such record that you can open."))
        return found


class AttachmentForm(forms.Form):
    """A file, what it shows, and the protected data that it holds."""

    file = forms.FileField(label=_("File"), max_length=180)
    description = forms.CharField(label=_("What it shows"), max_length=200, required=False)
    data_types = forms.TypedMultipleChoiceField(
        label=_("Holds protected data"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Sides that the mission bars from such data do not see that there is this file."),
    )  # fmt: skip

    def __init__(self, *args: Any, data_types: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["data_types"].choices = list(data_types)  # type: ignore[attr-defined]
        if not data_types:
            del self.fields["data_types"]


class SavedViewForm(forms.ModelForm):
    """The name under which filters and order are kept."""

    class Meta:
        model = SavedView
        fields = ("name", "is_default")


def with_note(base: type[forms.BaseForm] | None, *, required: bool) -> type[forms.BaseForm]:
    """A step's form with a note, unless it asks for one itself or, by `asks_no_note`, for none."""
    parent = base or forms.Form
    if "note" in getattr(parent, "base_fields", {}) or getattr(parent, "asks_no_note", False):
        return parent
    note = forms.CharField(
        label=_("Reason") if required else _("Note"),
        required=required,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Whoever reads the record reads this."),
        error_messages={"required": _("Say why.")},
    )
    attributes: dict[str, Any] = {"note": note, "__module__": __name__}
    if base is None:
        attributes["__init__"] = _plain_init
    metaclass: Any = type(parent)
    made: type[forms.BaseForm] = metaclass("StepForm", (parent,), attributes)
    return made


def _plain_init(self: forms.Form, *args: Any, actor: Actor, record: Record, **kwargs: Any) -> None:
    forms.Form.__init__(self, *args, **kwargs)
