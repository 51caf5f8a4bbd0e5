"""Forms that capture what a meeting decided and what it gave out, with a label no lower than the meeting's."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.action_points.models import TEXT_MOST
from apps.action_points.positions import can_be_given
from apps.mission.vocabulary import Classification, Priority, Scope, Sensitivity
from apps.pages.forms import NativeDate, NativeDateTime
from apps.records import clock
from apps.records.actors import Actor
from apps.working_groups import deciding
from apps.working_groups.forms import PositionChoice, known_positions
from apps.working_groups.models import Decision

_AS_MEETING = _("Begins with the label of the meeting or, of a closed item, the item’s.")


class _Captured(forms.Form):
    """What comes of a meeting, with its label; whatever lies below the floor is not offered, and refused in words."""

    classification = forms.TypedChoiceField(
        label=_("Classification"), coerce=int, help_text=_AS_MEETING,
        error_messages={"invalid_choice": deciding.BELOW},
    )  # fmt: skip
    sensitivity = forms.TypedChoiceField(
        label=_("Sensitivity"), coerce=int, error_messages={"invalid_choice": deciding.BELOW}
    )
    scope = forms.ChoiceField(
        label=_("Who reads it beside the group"), widget=forms.RadioSelect,
        error_messages={"invalid_choice": deciding.WIDER},
    )  # fmt: skip

    def __init__(
        self, data: Any = None, *, actor: Actor, floor: dict[str, Any], begins: dict[str, Any]
    ) -> None:
        self.actor = actor
        super().__init__(
            data, initial={name: begins[name] for name in ("classification", "sensitivity", "scope")}
        )
        fields: Any = self.fields
        fields["classification"].choices = [
            (code, text)
            for code, text in Classification.choices
            if floor["classification"] <= code <= actor.clearance
        ]
        fields["sensitivity"].choices = [
            (code, text) for code, text in Sensitivity.choices if code >= floor["sensitivity"]
        ]
        named = {
            Scope.PRIVATE: _("Nobody"), Scope.ORGANISATION: _("My organisation"), Scope.MISSION: Scope.MISSION.label,
        }  # fmt: skip
        fields["scope"].choices = [
            (scope.value, named[scope]) for scope in named if not deciding.is_wider(scope, floor["scope"])
        ]
        self.prepare()

    def prepare(self) -> None:
        """Offer what there is to choose from."""


class DecideForm(_Captured):
    """What was decided."""

    pairs: ClassVar[dict[str, str]] = {"effective_from": "review_on", "classification": "sensitivity"}

    title = forms.CharField(
        label=_("Title"), max_length=200, help_text=_("In a few words, as people find it in the register.")
    )
    text = forms.CharField(
        label=_("Decision"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("As it was decided. It is quoted as it stands here."),
    )  # fmt: skip
    effective_from = forms.DateField(label=_("In force from"), widget=NativeDate())
    review_on = forms.DateField(label=_("To be reviewed on"), required=False, widget=NativeDate())
    replaces = forms.ChoiceField(label=_("Replaces"), required=False)

    field_order = ("title", "text", "effective_from", "review_on", "replaces")

    def prepare(self) -> None:
        """Decisions in force that the actor keeps."""
        fields: Any = self.fields
        self.known = {str(each.uuid): each for each in deciding.replaceable(self.actor)}
        rows = [(uuid, f"{each.reference} – {each.title}") for uuid, each in self.known.items()]
        fields["replaces"].choices = [("", _("None")), *rows]
        self.initial["effective_from"] = clock.now().date()

    def clean_replaces(self) -> Decision | None:
        """The decision chosen."""
        return self.known.get(self.cleaned_data["replaces"])

    def clean(self) -> dict[str, Any]:
        """It is reviewed after it came into force."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        begins, review = cleaned.get("effective_from"), cleaned.get("review_on")
        if begins and review and review < begins:
            self.add_error("review_on", _("The end must lie after the beginning."))
        return cleaned


class AssignForm(_Captured):
    """What is to be done, by whom and until when."""

    pairs: ClassVar[dict[str, str]] = {"needed_by": "priority", "classification": "sensitivity"}

    title = forms.CharField(
        label=_("What is to be done"), max_length=200,
        help_text=_("One thing, begun with a verb. For example: confirm the bridge load with the engineers."),
    )  # fmt: skip
    owner = PositionChoice(
        label=_("Owner"), help_text=_("One position. It reads the action point from the moment you open it.")
    )
    needed_by = forms.DateTimeField(label=_("Due"), widget=NativeDateTime())
    priority = forms.TypedChoiceField(
        label=_("Priority"), coerce=int, choices=Priority.choices, initial=Priority.P3
    )
    verifier = PositionChoice(
        label=_("Who verifies it"), required=False,
        help_text=_("Left empty, your own position. Whoever says that it is done does not verify it."),
    )  # fmt: skip
    details = forms.CharField(
        label=_("Details"), required=False, max_length=TEXT_MOST, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What whoever does it has to know. Its owner and all who can read it see this."),
    )  # fmt: skip

    field_order = ("title", "owner", "needed_by", "priority", "verifier", "details")

    def prepare(self) -> None:
        """Positions that can be given it, of those that the actor may know."""
        given = can_be_given(self.actor.mission.pk).values("pk")
        for name in ("owner", "verifier"):
            field: Any = self.fields[name]
            field.queryset = known_positions(self.actor).filter(pk__in=given)
