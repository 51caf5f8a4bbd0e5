"""Forms of stakeholders: the file itself, who reads it once it is registered, its stance, and merging two files."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from apps.mission.vocabulary import EngagementStance, OrganisationType, Scope
from apps.pages.forms import RecordForm
from apps.records.actors import Actor
from apps.stakeholders import rules
from apps.stakeholders.fields import StakeholderField
from apps.stakeholders.models import Stakeholder

_HINTS: dict[str, Any] = {
    "title": _("The name under which it is known here. A record of it may exist already: search first."),
    "other_names": _("One on each line: former names, names in other languages, spellings in tables."),
    "stance": _("How the organisation itself wishes to be engaged. Pickers, contacts and files obey it."),
    "organisation": _("Choose it if it holds positions in the portal. Both then have one stance."),
    "purpose": _("What it does here, for whom, and with what. No names of people."),
    "engagement": _(
        "What to know before a call: through whom, in which language, how to open, what not to ask."
    ),
    "culture": _("Forms of address, greetings, days and hours to avoid, languages, who speaks for whom."),
    "sensitivities": _(
        "Read by those who may change the record and by positions drawn into it, and nobody else."
    ),
    "active_to": _("Leave it empty while it is active."),
}


class StakeholderForm(RecordForm):
    """The base of every step's form."""

    pairs: ClassVar[dict[str, str]] = {"kind": "side", "title": "acronym", "active_from": "active_to"}

    class Meta:
        model = Stakeholder
        fields: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "title" in self.fields:
            self.fields["title"].label = _("Name")
        if "kind" in self.fields:
            self.fields["kind"] = forms.ChoiceField(
                label=_("Type"), required=False, choices=[("", _("Choose one")), *OrganisationType.choices]
            )
        draft = self.instance.pk is None or self.instance.state == "draft"
        for name in ("stance", "organisation"):
            # WHY: once others rely on it, a stance changes by somebody's word, which stays on the record.
            if name in self.fields and not draft and (name == "stance" or self.instance.organisation_id):
                del self.fields[name]
        for name, field in self.fields.items():
            field.help_text = _HINTS.get(name, field.help_text)
            field.needed_to_submit = name in rules.NEEDED  # type: ignore[attr-defined]
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 3 if name == "other_names" else 5

    def clean(self) -> dict[str, Any]:
        """An organisation of the structure brings its own stance."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        organisation = cleaned.get("organisation")
        if organisation is not None and "stance" in self.fields:
            cleaned["stance"] = organisation.engagement_stance
        return cleaned


class RegisterForm(forms.Form):
    """Who reads the file from now on."""

    scope = forms.ChoiceField(
        label=_("Who reads it"), choices=Scope.choices, required=False, widget=forms.RadioSelect,
        help_text=_("Whoever is cleared for its label and belongs to this audience."),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, files: Any = None, *, actor: Actor, record: Stakeholder, **kwargs: Any
    ) -> None:
        # WHY: a register serves everybody, unless somebody made this file narrower or the organisation wishes it so.
        closed = record.scope == Scope.PRIVATE or record.stance == EngagementStance.UNLISTED
        kwargs.setdefault("initial", {"scope": record.scope if closed else Scope.MISSION})
        super().__init__(data, files, **kwargs)
        if record.stance == EngagementStance.UNLISTED:
            del self.fields["scope"]


class StanceForm(forms.Form):
    """How it is to be engaged from now on, and whose wish that is."""

    stance = forms.ChoiceField(
        label=_("Engagement stance"), choices=EngagementStance.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("Who wishes it so, and why"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example: asked by its head of office, in writing, on 3 March. Stays on the record."),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, files: Any = None, *, actor: Actor, record: Stakeholder, **kwargs: Any
    ) -> None:
        kwargs.setdefault("initial", {"stance": record.stance})
        super().__init__(data, files, **kwargs)


class MergeForm(forms.Form):
    """The record that stays."""

    into = StakeholderField(
        label=_("Record that stays"),
        help_text=_("Its name or reference. Contacts, presence, mandates, caveats and relations move there."),
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, actor: Actor, record: Stakeholder, **kwargs: Any
    ) -> None:
        self.record = record
        super().__init__(data, files, **kwargs)
        field: Any = self.fields["into"]
        field.for_actor(actor)

    def clean_into(self) -> Stakeholder:
        """Another record than this one."""
        into: Stakeholder = self.cleaned_data["into"]
        if into.pk == self.record.pk:
            raise ValidationError(_("This is the record itself. Name the other one."))
        return into
