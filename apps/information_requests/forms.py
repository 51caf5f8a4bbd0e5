"""Forms of requests for information: what is asked, who drafts, and by which release it is answered."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.information_requests import rules
from apps.information_requests.models import InformationRequest
from apps.information_requests.positions import desk_of, organisations_asked
from apps.mission.models import Position
from apps.mission.vocabulary import Role
from apps.pages.forms import RecordForm
from apps.records.actors import Actor
from apps.releases.models import Release

_HINTS: dict[str, Any] = {
    "title": _(
        "In a few words, as people find it in a list. For example: state of the road from Bor to Pibor."
    ),
    "question": _("One question, as exactly as you can: what, where, of which days?"),
    "purpose": _("Which decision or work depends on it? It decides how much can be released to you."),
    "asked_of": _("If you do not know who knows it, leave it as it is."),
    "needed_by": _("After this moment the answer is of no use to you."),
    "area": _("The area that you ask about."),
}


class InformationRequestForm(RecordForm):
    """The base of every step's form."""

    pairs: ClassVar[dict[str, str]] = {"priority": "needed_by", "area": "sector"}

    class Meta:
        model = InformationRequest
        fields: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        needed = rules.required()
        for name, field in self.fields.items():
            field.help_text = _HINTS.get(name, field.help_text)
            field.needed_to_submit = name in needed  # type: ignore[attr-defined]
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 5
        if "asked_of" in self.fields:
            asked: Any = self.fields["asked_of"]
            asked.queryset = organisations_asked(self.actor.mission.pk)
            if self.instance.asked_of_id is None:
                self.initial["asked_of"] = getattr(desk_of(self.actor.mission.pk), "pk", None)


class AssignForm(forms.Form):
    """The position that drafts the answer."""

    drafter = forms.ModelChoiceField(
        Position.objects.none(), label=_("Who drafts the answer"), empty_label=_("Choose one"),
        help_text=_("A position of your organisation. It reads the request from then on."),
    )  # fmt: skip
    instructions = forms.CharField(
        label=_("Instructions"), max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, actor: Actor, record: InformationRequest, **kwargs: Any
    ) -> None:
        super().__init__(data, files, **kwargs)
        field: Any = self.fields["drafter"]
        field.queryset = (
            Position.objects.filter(organisation_id=record.asked_of_id or 0, is_active=True)
            .filter(roles__isnull=False)
            .exclude(pk=record.author_position_id)
            .exclude(roles__role__in=(Role.ADMIN, Role.AUDITOR))
            .distinct()
            .order_by("title")
        )


class PutForwardForm(forms.Form):
    """The release that answers; a hidden one and a missing one give the same answer."""

    release = forms.CharField(
        label=_("Reference of the release that answers"), max_length=30, required=False,
        help_text=_("Leave it empty for the answer that you wrote here."),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, files: Any = None, *, actor: Actor, record: InformationRequest, **kwargs: Any
    ) -> None:
        super().__init__(data, files, **kwargs)

    def clean_release(self) -> Release | None:
        """The release with that reference, if the actor may know of it; None when none was named."""
        wanted = str(self.cleaned_data["release"]).strip().upper()
        if not wanted:
            return None
        found = Release.objects.filter(reference=wanted).first()
        if found is None:
            raise forms.ValidationError(_("There is no such release that you can open."))
        return found
