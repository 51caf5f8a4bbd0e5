"""Forms of announcements: what is told, who is told when it is issued, and a new edition of it."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.announcements import rules
from apps.announcements.models import Announcement, Edition
from apps.announcements.models.told import TOLD
from apps.announcements.vocabulary import Kind
from apps.mission.vocabulary import Scope
from apps.pages.forms import RecordForm, field_for
from apps.records.actors import Actor

_HINTS: dict[str, Any] = {
    "title": _("What has happened or changed, and where, in one line. It is all that many people read."),
    "kind": _("An emergency reaches people at once, in their quiet hours too. Its priority is P1."),
    "message": _("What is known, from whom, and since when. Say what is not known."),
    "instruction": _("What readers must do or must not do now. One sentence for each thing."),
    "area": _("The area that it concerns. Leave it empty if it is the whole mission."),
    "needs_acknowledgement": _("An emergency always asks for it. You then see who has not read it."),
    "effective_at": _("Leave it empty if it holds from the moment at which it is issued."),
    "expires_at": _("At this moment it is over by itself."),
}


def _in_words(form: forms.BaseForm) -> None:
    """Hints, marks and sizes of whichever fields the form has."""
    for name, field in form.fields.items():
        field.help_text = _HINTS.get(name, field.help_text)
        field.needed_to_submit = name in rules.NEEDED  # type: ignore[attr-defined]
        if isinstance(field.widget, forms.Textarea):
            field.widget.attrs["rows"] = 5


class AnnouncementForm(RecordForm):
    """The base of every step's form."""

    pairs: ClassVar[dict[str, str]] = {
        "area": "priority", "category": "urgency", "severity": "certainty", "effective_at": "expires_at",
    }  # fmt: skip

    class Meta:
        model = Announcement
        fields: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "kind" in self.fields:
            self.fields["kind"] = forms.ChoiceField(
                label=_("Kind of announcement"),
                required=False,
                choices=self._kinds(),
                widget=forms.RadioSelect,
            )
        _in_words(self)

    def _kinds(self) -> list[tuple[str, Any]]:
        """The kinds that one of the actor's positions may announce, and the present one."""
        held = {role.role for position in self.actor.positions for role in position.roles.all()}
        offered = [kind for kind in Kind.values if held & set(rules.issuers(self.actor.mission, kind))]
        return [(code, text) for code, text in Kind.choices if code in (*offered, self.instance.kind)]

    def clean_expires_at(self) -> Any:
        """A moment that lies ahead, and not too far ahead for an emergency."""
        ends = self.cleaned_data["expires_at"]
        if "expires_at" in self.changed_data and (
            text := rules.end_wrong(
                ends, self.cleaned_data.get("effective_at"), is_emergency=self.instance.is_emergency,
                mission=self.actor.mission,
            )
        ):  # fmt: skip
            raise forms.ValidationError(text)
        return ends


class IssueForm(forms.Form):
    """Who is told: the audience from the moment at which it is issued."""

    scope = forms.ChoiceField(
        label=_("Who is told"), choices=Scope.choices, required=False, widget=forms.RadioSelect,
        help_text=_("Whoever is cleared for its label and belongs to this audience. Leave nobody out who is at risk."),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, files: Any = None, *, actor: Actor, record: Announcement, **kwargs: Any
    ) -> None:
        # WHY: a draft is its organisation's; an announcement is for the mission unless somebody made it narrower.
        private = record.scope == Scope.PRIVATE
        kwargs.setdefault("initial", {"scope": Scope.PRIVATE if private else Scope.MISSION})
        super().__init__(data, files, **kwargs)


class AmendForm(forms.ModelForm):
    """A new edition. What a program leaves out stays as it is."""

    class Meta:
        model = Edition
        fields = TOLD
        formfield_callback = field_for

    def __init__(
        self, data: Any = None, files: Any = None, *, actor: Actor, record: Announcement, **kwargs: Any
    ) -> None:
        self.announcement = record
        present = {name: getattr(record, name) for name in TOLD}
        if data is not None:
            data = data.copy()
            for name, value in present.items():
                if name not in data:
                    data[name] = value
        super().__init__(data, files, instance=Edition(**present), **kwargs)
        _in_words(self)
        self.fields["message"].required = True

    def clean(self) -> dict[str, Any]:
        """All that must be said for an edition to be in force, each with a message at its field."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors:
            told = Edition(**{name: cleaned[name] for name in TOLD})
            record = self.announcement
            wrong = rules.told_wrong(told, is_emergency=record.is_emergency, mission=record.mission)
            for name, texts in wrong.items():
                self.add_error(name, [str(text) for text in texts])
        return cleaned
