"""Forms of releases: what is told, what it is drawn from, and the label under which it goes out."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.mission.models import Compartment, DataType
from apps.mission.vocabulary import Classification, Scope, Sensitivity
from apps.pages.forms import LabelForm, RecordForm
from apps.records.actors import Actor
from apps.records.models import Record
from apps.releases.labels import PARTS, label_of
from apps.releases.models import Release

_HINTS: dict[str, Any] = {
    "title": _("It is read by whoever reads the release: name nothing that must stay back."),
    "summary": _("Only what may be told. No names, places or times by which a reader could find the source."),
    "handling": _("What a reader may do with it, and what not. For example: not to be quoted in public."),
    "valid_until": _("Leave it empty if it stays true until it is replaced."),
}


# WHY: whoever signs is not always whoever filed it, so "my position" would say the wrong one.
_AUDIENCES = (
    (Scope.PRIVATE.value, _("Only the position that drafted it, and those named")),
    (Scope.ORGANISATION.value, _("The originating organisation, and those named")),
    (Scope.MISSION.value, Scope.MISSION.label),
)


class ReleaseForm(RecordForm):
    """The base of every step's form."""

    class Meta:
        model = Release
        fields: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.help_text = _HINTS.get(name, field.help_text)
            field.needed_to_submit = name in ("title", "summary")  # type: ignore[attr-defined]
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 10 if name == "summary" else 3


class SignForm(forms.Form):
    """The label under which a release goes out, and the reason where it is below what the release is drawn from."""

    classification = forms.TypedChoiceField(
        label=_("Classification"), coerce=int, choices=Classification.choices, widget=forms.RadioSelect
    )
    sensitivity = forms.TypedChoiceField(label=_("Sensitivity"), coerce=int, choices=Sensitivity.choices)
    compartments = forms.ModelMultipleChoiceField(
        Compartment.objects.none(), label=_("Compartments"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    data_types = forms.ModelMultipleChoiceField(
        DataType.objects.none(), label=_("Protected data it still holds"), required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    scope = forms.ChoiceField(label=_("Audience"), choices=_AUDIENCES, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Why this may be told under this label"), max_length=4000, required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Needed when the label is below that of the source. Only the originator reads it."),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, files: Any = None, *, actor: Actor, record: Release, **kwargs: Any
    ) -> None:
        kwargs.setdefault("initial", {part: getattr(record, part) for part in PARTS})
        super().__init__(data, files, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["compartments"].queryset = Compartment.objects.filter(
            mission_id=record.mission_id, pk__in=actor.compartments
        )
        if not actor.compartments:
            del self.fields["compartments"]
        fields["classification"].choices = [
            (code, text) for code, text in Classification.choices if code <= actor.clearance
        ]
        fields["data_types"].queryset = DataType.objects.filter(
            mission_id=record.mission_id, pk__in=record.data_types
        )
        if not record.data_types:
            del self.fields["data_types"]


class DrawnLabelForm(LabelForm):
    """The label of a draft, not below that of what it is drawn from."""

    def __init__(self, *args: Any, source: Record, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.floor = label_of(source)

    def clean(self) -> dict[str, Any]:
        """Each part that is below the source's has a message."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            given = {**self.floor.values(), **{part: cleaned[part] for part in PARTS if part in cleaned}}
            given["data_types"] = [getattr(kind, "pk", kind) for kind in given["data_types"]]
            for part in label_of(SimpleNamespace(**given)).below(self.floor):
                self.add_error(
                    part if part in self.fields else None, _("This is below what it is drawn from.")
                )
        return cleaned


class SourceForm(forms.Form):
    """Another record that a draft is drawn from; a hidden one and a missing one give the same answer."""

    source = forms.CharField(label=_("Reference of the record it is drawn from"), max_length=30)

    def clean_source(self) -> Record:
        """The record with that reference, if the actor may know of it."""
        wanted = str(self.cleaned_data["source"]).strip().upper()
        found = Record.objects.filter(reference=wanted).first()
        if found is None:
            raise forms.ValidationError(_("There is no such record that you can open."))
        return found
