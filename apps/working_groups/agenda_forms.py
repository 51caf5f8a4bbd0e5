"""Forms that build an agenda: an item, and the answer to a proposal."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from apps.mission.models import Position
from apps.mission.vocabulary import Classification
from apps.need_to_know.known import unknown
from apps.pages.forms import within_known
from apps.records.actors import Actor
from apps.working_groups import agenda
from apps.working_groups.forms import PositionChoice
from apps.working_groups.models import AgendaItem, Meeting
from apps.working_groups.vocabulary import Admits, Session


class _Named(forms.ModelMultipleChoiceField):
    """Positions, ticked one by one."""

    def label_from_instance(self, obj: Any) -> str:
        """Title, organisation."""
        return f"{obj.title}, {obj.organisation}"


class ItemForm(forms.ModelForm):
    """An item of the agenda; where it is closed, whom it admits."""

    pairs: ClassVar[dict[str, str]] = {"presenter": "minutes_planned"}

    presenter = PositionChoice(label=_("Presented by"), required=False)
    admitted = _Named(
        Position.objects.none(), label=_("Positions named"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Those that read the meeting. Invite others first."),
    )  # fmt: skip

    class Meta:
        model = AgendaItem
        fields = ("title", "details", "presenter", "minutes_planned", "session", "admits", "classification")
        widgets: ClassVar[dict[str, Any]] = {
            "details": forms.Textarea(attrs={"rows": 3}), "session": forms.RadioSelect, "admits": forms.RadioSelect,
        }  # fmt: skip
        help_texts: ClassVar[dict[str, Any]] = {
            "title": _("Of a closed item, only those whom it admits see it."),
            "admits": _("Whoever keeps the meeting is always admitted."),
            "classification": _("What comes of it is labelled no lower."),
        }

    field_order = (
        "title", "details", "presenter", "minutes_planned", "session", "admits", "admitted", "classification",
    )  # fmt: skip

    def __init__(self, data: Any = None, *, actor: Actor, meeting: Meeting, instance: AgendaItem) -> None:
        self.actor, self.meeting = actor, meeting
        super().__init__(data, instance=instance)
        fields: Any = self.fields
        fields["session"].choices, fields["session"].required = Session.choices, True
        fields["admits"].choices, fields["admits"].required = Admits.choices, False
        fields["classification"].choices = [
            (code, text) for code, text in Classification.choices if code <= actor.clearance
        ]
        fields["classification"].required = False
        fields["admits"].show_when = f"session={Session.CLOSED}"
        fields["admitted"].show_when = f"admits={Admits.NAMED}"
        mission = Position.objects.filter(mission=actor.mission).select_related("organisation")
        in_use = mission.filter(Q(is_active=True) | Q(pk=instance.presenter_id or 0))
        fields["presenter"].queryset = in_use.order_by("title", "pk")
        within_known(self, actor)
        self._offer_admitted(mission.filter(is_active=True).exclude(unknown(actor, "organisation")))

    def _offer_admitted(self, positions: Any) -> None:
        """Tick boxes for those that read the meeting and those ticked already; any other is refused in words."""
        field: Any = self.fields["admitted"]
        field.queryset = positions.order_by("title", "pk")
        rows = list(field.queryset)
        self.known = {row.pk for row in rows}
        named = (
            set(self.instance.admitted.values_list("position_id", flat=True)) if self.instance.pk else set()
        )
        self.initial["admitted"] = sorted(named & self.known)
        data: Any = self.data
        sent = set(data.getlist("admitted")) if self.is_bound else set()
        shown = agenda.readers_among(self.meeting, rows) | named
        field.choices = [
            (row.pk, field.label_from_instance(row)) for row in rows if row.pk in shown or str(row.pk) in sent
        ]

    def clean_admits(self) -> str:
        """Members, where nothing was said."""
        return str(self.cleaned_data.get("admits") or Admits.MEMBERS)

    def clean_classification(self) -> int:
        """The lowest, where nothing was said."""
        return int(self.cleaned_data.get("classification") or Classification.UNCLASSIFIED)

    def clean(self) -> dict[str, Any]:
        """Who is admitted reads the meeting; what was minuted behind closed doors stays there."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if refused := agenda.opened_refused(self.instance, cleaned.get("session", Session.CLOSED)):
            self.add_error("session", refused)
        return cleaned

    def save(self, commit: bool = True) -> AgendaItem:
        """Store it. ValidationError by field, NotPermitted, IllegalTransition."""
        self.instance.meeting = self.meeting
        return agenda.item_save(
            self.actor, item=self.instance, admitted=list(self.cleaned_data["admitted"]), known=self.known
        )


class DeclineForm(forms.Form):
    """Why a proposal is not taken up."""

    reply = forms.CharField(
        label=_("Why it is not taken up"), max_length=300, help_text=_("Whoever reads the proposal reads this."),
        error_messages={"required": _("Say why.")},
    )  # fmt: skip

    def __init__(self, data: Any = None, *, item: AgendaItem) -> None:
        super().__init__(data, prefix=f"proposal-{item.uuid}")
