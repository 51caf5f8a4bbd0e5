"""Who took part: the forms that note it, for whoever keeps the meeting, and guests. No HTTP."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.records.actors import Actor
from apps.records.transitions import refusals
from apps.working_groups.calling import guest_invite
from apps.working_groups.forms import PositionChoice, known_positions
from apps.working_groups.holding import attend
from apps.working_groups.minutes.proceedings import Person, Presence
from apps.working_groups.minutes.saving import WRITTEN_IN
from apps.working_groups.models import Attendance, Meeting
from apps.working_groups.vocabulary import Presence as TookPart
from apps.working_groups.vocabulary import Standing

#: States in which somebody new is let in: they read the meeting from then on.
INVITED_IN = ("planned", "session")


class PresenceForm(forms.Form):
    """How one of those expected took part."""

    presence = forms.ChoiceField(
        label=_("Took part"), required=False, widget=forms.RadioSelect, choices=TookPart.choices
    )
    substitute = forms.CharField(label=_("By whom instead, by function"), required=False, max_length=150)

    def __init__(self, data: Any, *, person: Person) -> None:
        self.person = person
        row = person.row
        super().__init__(
            data, prefix=f"row-{row.uuid}", initial={"presence": row.presence, "substitute": row.substitute}
        )

    def clean(self) -> dict[str, Any]:
        """A substitute is named."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("presence") == TookPart.SUBSTITUTE and not cleaned.get("substitute", "").strip():
            said = _("Say by function who came instead of: %(who)s")
            self.add_error("substitute", said % {"who": self.person.who})
        return cleaned

    def save(self) -> None:
        """Note it, where it is something else than before."""
        if self.has_changed():
            attend(
                row=self.person.row, presence=self.cleaned_data["presence"],
                substitute=self.cleaned_data["substitute"].strip(),
            )  # fmt: skip


class GuestForm(forms.Form):
    """Somebody who took part without being expected."""

    name = forms.CharField(
        label=_("Guest"),
        required=False,
        max_length=150,
        help_text=_("A function and an organisation, no private data."),
    )
    presence = forms.ChoiceField(
        label=_("Guest took part"), required=False, widget=forms.RadioSelect, initial=TookPart.IN_PERSON.value,
        choices=[(p.value, p.label) for p in (TookPart.IN_PERSON, TookPart.REMOTE)],
    )  # fmt: skip

    def save(self, meeting: Meeting) -> None:
        """Put the guest onto the list, if one is named."""
        if name := self.cleaned_data["name"].strip():
            Attendance.objects.create(
                meeting=meeting, name=name, standing=Standing.INVITEE,
                presence=self.cleaned_data["presence"] or TookPart.IN_PERSON,
            )  # fmt: skip


class InviteForm(forms.Form):
    """A position that reads the meeting from now on, and nothing else of its group."""

    position = PositionChoice(label=_("Position"), to_field_name="uuid")

    def __init__(self, data: Any, *, actor: Actor, meeting: Meeting) -> None:
        super().__init__(data)
        self.actor, self.meeting = actor, meeting
        there = meeting.attendance.filter(position__isnull=False).values("position_id")
        field: Any = self.fields["position"]
        field.queryset = known_positions(actor).exclude(pk__in=there)

    def save(self) -> None:
        """Invite it. NotPermitted once the meeting is over."""
        guest_invite(self.actor, meeting=self.meeting, position=self.cleaned_data["position"])


class Marking:
    """The list of those expected, as one form."""

    def __init__(self, meeting: Meeting, presence: Presence, data: Any = None) -> None:
        self.meeting = meeting
        self.rows: list[tuple[str, list[PresenceForm]]] = [
            (str(Standing(standing).label), [PresenceForm(data, person=person) for person in people])
            for standing, people in presence.people.items()
        ]
        self.guest = GuestForm(data, prefix="guest")

    @property
    def forms(self) -> list[forms.Form]:
        """All of them."""
        return [*(form for _standing, rows in self.rows for form in rows), self.guest]

    @property
    def has_errors(self) -> bool:
        """Whether something was refused."""
        return any(form.errors for form in self.forms)

    def is_valid(self) -> bool:
        """Whether all can be noted."""
        return not [form for form in self.forms if not form.is_valid()]

    def save(self) -> None:
        """Note all of it, or nothing. NotPermitted for whoever does not keep the meeting."""
        with refusals():
            for _standing, rows in self.rows:
                for form in rows:
                    form.save()
            self.guest.save(self.meeting)


def is_marked(meeting: Meeting) -> bool:
    """Whether it is noted now who takes part."""
    return meeting.state in WRITTEN_IN


def guest_remove(meeting: Meeting, row: UUID) -> bool:
    """Take a guest who has no position off the list; whether there was one."""
    rows = Attendance.objects.filter(
        meeting=meeting, uuid=row, position__isnull=True, organisation__isnull=True
    )
    with refusals():
        return rows.delete()[0] > 0
