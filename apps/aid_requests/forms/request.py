"""The form of a request: hints and widgets of its fields. Which step has which fields is said in `record`."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.aid_requests import rules
from apps.aid_requests.models import AidRequest
from apps.aid_requests.vocabulary import Criterion, DurationUnit
from apps.mission.vocabulary import RequestKind
from apps.pages.forms import RecordForm

_HINTS: dict[str, Any] = {
    "title": _("In a few words, as people find it in a list. For example: escort of a food convoy to Bor."),
    "kind": _("What the military would do. It decides which questions you are asked."),
    "priority": _("Choose P1 only if people die without it within 24 hours."),
    "is_emergency": _("The CMCoord officer may then go ahead before the cluster coordinator validates it."),
    "sector": _("The coordinator of this sector checks that the need is real."),
    "need_statement": _("What is needed, for whom, and what for. Name no individual beneficiary."),
    "people_targeted": _("Your best estimate of the people reached, as a number."),
    "consequence_if_not_met": _("What happens to people, and when, if nobody does this?"),
    "area": _("The area of the destination or, if nothing moves, of the place of work."),
    "destination_place": _("Town, village or site."),
    "destination_latitude": _("Decimal degrees, for example 6.20712. Leave it empty if the place is enough."),
    "destination_longitude": _("Decimal degrees, for example 31.55866."),
    "origin_area": _("Only if something moves from one place to another."),
    "origin_latitude": _("Decimal degrees."),
    "origin_longitude": _("Decimal degrees."),
    "ready_to_load": _("When the cargo, or the vehicles, are ready to leave."),
    "needed_by": _("The request expires at this moment if nothing has been decided or tasked."),
    "duration": _("How long the support lasts."),
    "end_date": _("Military support is limited in time: on this day it ends."),
    "last_resort_justification": _("Why can no civilian means do it, in time and on this scale?"),
    "distinction_measures": _("How can everybody see who is humanitarian and who is military?"),
    "escort_route": _("Road by road, with stops and checkpoints known to you."),
    "escort_crew": _("Nationalities of drivers and staff, because some cannot pass everywhere."),
    "escort_alternatives": _("Other routes or times, negotiated access, air, others: what was tried?"),
    "humanitarian_need_text": _("Is the need so great that the work must go on, with no other way open?"),
    "authorities_text": _("Can and will the responsible authorities provide the security themselves?"),
    "security_text": _("Does the escort make people safer, now and afterwards, than going without?"),
    "sustainability_text": _("Does using an escort now keep the way open to work without one later?"),
    "common_position": _("What have the humanitarian organisations in this area agreed on escorts?"),
    "discontinuation_plan": _("When and how will you stop using escorts?"),
    "uav_humanitarian_use": _("Which humanitarian decision does the imagery serve?"),
    "uav_release_decision": _("Who decided what may be released to whom?"),
    "contact_name": _("Somebody at the place, whom the unit can reach on the day."),
    "contact_phone": _("With country code, for example +211 …"),
    "srm_reference": _("The number of the security risk management measure, if there is one."),
}  # fmt: skip

_YES_NO = ((True, _("Yes")), (False, _("No")))


class AidRequestForm(RecordForm):
    """The base of every step's form: it adjusts the fields that its step has, and no others."""

    rows: ClassVar[int] = 4
    pairs: ClassVar[dict[str, str]] = {
        "origin_latitude": "origin_longitude",
        "destination_latitude": "destination_longitude",
        "duration": "duration_unit",
        "escort_vehicles": "escort_vehicle_types",
        "contact_phone": "contact_email",
        "kind": "priority",
    }

    class Meta:
        model = AidRequest
        fields: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        needed = rules.required(self.instance.kind)
        for name, field in self.fields.items():
            field.help_text = _HINTS.get(name, field.help_text)
            field.needed_to_submit = name in needed or name.endswith("_met")  # type: ignore[attr-defined]
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = self.rows
        self._choose_kind()
        for criterion in Criterion:
            self._answer(f"{criterion.value}_met")
        if (group := self.fields.get("population_group")) is not None:
            group.queryset = group.queryset.filter(is_active=True)  # type: ignore[attr-defined]

        if "duration_unit" in self.fields:
            self.fields["duration_unit"].required = False

    def clean_duration_unit(self) -> str:
        """Days, unless said otherwise."""
        return self.cleaned_data["duration_unit"] or DurationUnit.DAYS.value

    def _choose_kind(self) -> None:
        kind = self.fields.get("kind")
        if kind is not None:
            self.fields["kind"] = forms.ChoiceField(
                label=_("Kind of support"), required=False,
                choices=[("", _("Choose one")), *RequestKind.choices],
                help_text=kind.help_text,
            )  # fmt: skip
            self.fields["kind"].needed_to_submit = True  # type: ignore[attr-defined]

    def _answer(self, name: str) -> None:
        """Yes, no, or not answered yet."""
        if name in self.fields:
            label = self.fields[name].label
            self.fields[name] = forms.TypedChoiceField(
                label=label, choices=_YES_NO, required=False, empty_value=None, widget=forms.RadioSelect,
                coerce=lambda value: value in (True, "True", "true"),
            )  # fmt: skip
            self.fields[name].needed_to_submit = True  # type: ignore[attr-defined]
