"""Forms of action points: what is to be done by whom, and what each step asks."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.action_points import rules
from apps.action_points.models import ActionPoint
from apps.action_points.positions import can_be_given
from apps.mission.models import Position
from apps.pages.forms import NativeDateTime, RecordForm, within_known
from apps.records.actors import Actor

_HINTS: dict[str, Any] = {
    "title": _("One thing, begun with a verb. For example: confirm the bridge load with the engineers."),
    "details": _("What whoever does it has to know. Its owner and all who can read it see this."),
    "owner": _("One position. It reads the action point from the moment you open it."),
    "verifier": _("Left empty, your own position. Whoever says that it is done does not verify it."),
    "needed_by": _("Its owner is reminded before, and told when it is overdue; then those above."),
}


class _Given(forms.ModelChoiceField):
    """A position with its organisation."""

    def label_from_instance(self, obj: Any) -> str:
        """“Head of operations, OCHA”."""
        return f"{obj.title}, {obj.organisation.acronym or obj.organisation.name}"


def _position(label: Any, **kwargs: Any) -> _Given:
    return _Given(Position.objects.none(), label=label, empty_label=_("Choose one"), **kwargs)


def _offer(form: Any, name: str, mission_id: int) -> None:
    """Positions that can be given it, by title."""
    form.fields[name].queryset = (
        can_be_given(mission_id).select_related("organisation").order_by("title", "organisation__name")
    )


class ActionPointForm(RecordForm):
    """The base of every step's form."""

    pairs: ClassVar[dict[str, str]] = {"needed_by": "priority", "area": "sector"}

    class Meta:
        model = ActionPoint
        fields: ClassVar[tuple[str, ...]] = ()
        field_classes: ClassVar[dict[str, Any]] = {"owner": _Given, "verifier": _Given}
        labels: ClassVar[dict[str, Any]] = {"title": _("What is to be done"), "needed_by": _("Due")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        needed = rules.required()
        for name, field in self.fields.items():
            field.help_text = _HINTS.get(name, field.help_text)
            field.needed_to_submit = name in needed  # type: ignore[attr-defined]
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 5
        for name in {"owner", "verifier"} & set(self.fields):
            _offer(self, name, self.actor.mission.pk)


class ClaimForm(forms.Form):
    """What was done, and what shows it."""

    note = forms.CharField(
        label=_("What was done"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Whoever reads the record reads this."), error_messages={"required": _("Say what was done.")},
    )  # fmt: skip
    evidence = forms.FileField(label=_("Evidence"), max_length=180, required=False)

    def __init__(
        self, data: Any = None, files: Any = None, *, actor: Actor, record: ActionPoint, **kwargs: Any
    ) -> None:
        super().__init__(data, files, **kwargs)
        asked = rules.needs_evidence(record) and not rules.has_evidence(record)
        self.fields["evidence"].help_text = (
            _("A file that shows it. It is needed at this priority.") if asked else _("A file that shows it.")
        )


class ReassignForm(forms.Form):
    """Who does it from now on, and until when."""

    owner = _position(_("New owner"), help_text=_("It reads the action point from then on."))
    due = forms.DateTimeField(
        label=_("Due"), required=False, widget=NativeDateTime(), help_text=_("Left empty, as before.")
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, actor: Actor, record: ActionPoint, **kwargs: Any
    ) -> None:
        super().__init__(data, files, **kwargs)
        _offer(self, "owner", actor.mission.pk)
        within_known(self, actor)


class VerifierForm(forms.Form):
    """Who verifies it from now on."""

    verifier = _position(_("Who verifies it"), help_text=_("It reads the action point from then on."))

    def __init__(
        self, data: Any = None, files: Any = None, *, actor: Actor, record: ActionPoint, **kwargs: Any
    ) -> None:
        super().__init__(data, files, **kwargs)
        _offer(self, "verifier", actor.mission.pk)
        within_known(self, actor)


class ExtendForm(forms.Form):
    """Until when it is to be done."""

    due = forms.DateTimeField(label=_("Due"), widget=NativeDateTime())

    def __init__(
        self, data: Any = None, files: Any = None, *, actor: Actor, record: ActionPoint, **kwargs: Any
    ) -> None:
        super().__init__(data, files, initial={"due": record.needed_by}, **kwargs)
