"""The form of one row of presence."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.pages.forms import field_for, within_mission
from apps.records.actors import Actor
from apps.stakeholders.models import Presence

_HINTS: dict[str, Any] = {
    "activity": _("What it does there, in a few words."),
    "area": _("The district, or the smallest area that you know."),
    "place": _("Town, camp or village. Never a home, a shelter or a base."),
    "latitude": _(
        "In degrees, of the place. It is rounded as the mission shows places at this record’s sensitivity."
    ),
    "end": _("Leave it empty while it is not known."),
    "targeted": _("How many people it is meant for."),
    "reached": _("How many it has reached so far."),
    "source": _("Where this comes from, if it is not the organisation itself."),
    "may_hint": _(
        "If others who cannot read this are active in the same district, sector and time, they learn that somebody is "
        "there and that the CMCoord officer knows whom. They learn nothing else."
    ),
}


class PresenceForm(forms.ModelForm):
    """What an organisation does where, from when until when."""

    pairs: ClassVar[tuple[tuple[str, ...], ...]] = (
        ("activity",), ("sector", "role"), ("area", "place"), ("latitude", "longitude"), ("start", "end"),
        ("status", "population"), ("targeted", "reached"), ("source",), ("may_hint",),
    )  # fmt: skip

    class Meta:
        model = Presence
        fields = (
            "activity", "sector", "role", "area", "place", "latitude", "longitude", "start", "end", "status",
            "population", "targeted", "reached", "source", "may_hint",
        )  # fmt: skip
        formfield_callback = field_for

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        within_mission(self, actor.mission)
        for name, field in self.fields.items():
            field.help_text = _HINTS.get(name, field.help_text)

    def in_lines(self) -> list[list[forms.BoundField]]:
        """The fields, each on a line of its own or beside the one it belongs to."""
        return [[self[name] for name in line] for line in self.pairs]
