"""Forms of JOC products: setting one up, writing a section, compiling one, asking another, a new deadline."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.joc_products import effects
from apps.joc_products.models import Contribution, JocProduct, ProductTemplate
from apps.joc_products.models.product import TEXT_MOST
from apps.joc_products.positions import awaited
from apps.joc_products.rules import NO_CONTENT
from apps.mission.models import Position
from apps.need_to_know.known import unknown
from apps.pages.forms import NativeDateTime, RecordForm
from apps.records.actors import Actor

_HINTS: dict[str, Any] = {
    "title": _("Left empty, the name of the template and the day."),
    "template": _("It says which sections there are, who is asked for each, and by when."),
    "period_from": _("Left empty, as the template has it."),
    "period_to": _("Left empty, as the template has it."),
    "incident_at": _("For special incident and flash reports. Deadlines are counted from it."),
    "contributions_due": _(
        "At this moment the collection closes by itself. Left empty, as the template has it."
    ),
    "needed_by": _("When it is to be released. Left empty, as the template has it."),
}


class JocProductForm(RecordForm):
    """The base of every step's form."""

    pairs: ClassVar[dict[str, str]] = {"period_from": "period_to", "contributions_due": "needed_by"}

    class Meta:
        model = JocProduct
        fields: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.help_text = _HINTS.get(name, field.help_text)
        if "template" in self.fields:
            template: Any = self.fields["template"]
            stands = self.instance.template_id
            template.queryset = ProductTemplate.objects.filter(Q(is_active=True) | Q(pk=stands))
            template.required = True
            template.disabled = stands is not None and self.instance.pk is not None
        if "title" in self.fields and self.instance.pk is None:
            self.fields["title"].required = False

    def clean(self) -> dict[str, Any]:
        """A title, where none was given."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        template = cleaned.get("template")
        if "title" in self.fields and template is not None and not cleaned.get("title"):
            day = cleaned.get("period_to") or cleaned.get("incident_at")
            cleaned["title"] = template.name if day is None else f"{template.name} {day:%Y-%m-%d}"
        return cleaned


class SectionForm(forms.Form):
    """A section named and its text; `section_version` is that of what the writer has read."""

    asks_no_note = True
    section = forms.ChoiceField(label=_("Section"))
    section_version = forms.IntegerField(
        label=_("Version of the section"), required=False, min_value=1, widget=forms.HiddenInput,
        help_text=_("That of the section as you read it; needed where it says something already."),
    )  # fmt: skip
    text = forms.CharField(
        label=_("Text"), required=False, max_length=TEXT_MOST, widget=forms.Textarea(attrs={"rows": 14})
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, actor: Actor, record: JocProduct, section: str = "",
        **kwargs: Any,
    ) -> None:  # fmt: skip
        super().__init__(data, files, **kwargs)
        self.rows = list(self.rows_of(actor, record))
        field: Any = self.fields["section"]
        field.choices = [(str(row.uuid), row.heading) for row in self.rows]
        wanted = str(data.get("section", "")) if data is not None else section
        if not wanted and len(self.rows) == 1:
            wanted = str(self.rows[0].uuid)
        self.row = next((row for row in self.rows if str(row.uuid) == wanted), None)
        if self.row is not None:
            field.widget = forms.HiddenInput()
            self.initial.update(section=wanted, section_version=self.row.version, text=self.row.text)

    def rows_of(self, actor: Actor, record: JocProduct) -> QuerySet[Contribution]:
        """The sections that may be named."""
        raise NotImplementedError

    def read_again(self) -> None:
        """After a lost race: the version as it stands goes into the form, so that sending again is a decision."""
        if self.row is not None and self.is_bound:
            data: Any = self.data
            data = data.copy()
            data["section_version"] = str(self.row.version)
            self.data = data


class ContributeForm(SectionForm):
    """A contributor's own section: words, or nothing to report."""

    nothing = forms.BooleanField(
        label=_("Nothing to report"), required=False,
        help_text=_("Said plainly, it is an answer: nobody asks you again."),
    )  # fmt: skip

    def rows_of(self, actor: Actor, record: JocProduct) -> QuerySet[Contribution]:
        """Those that are the actor's to write."""
        return effects.writable(actor, record)

    def clean(self) -> dict[str, Any]:
        """One of both."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        text, nothing = (cleaned.get("text") or "").strip(), cleaned.get("nothing")
        if text and nothing:
            raise ValidationError({"nothing": _("There is text. Clear it, or take this tick away.")})
        if not text and not nothing and "text" not in self.errors:
            raise ValidationError({"text": _("Write your section, or say that there is nothing to report.")})
        return cleaned


class CompileForm(SectionForm):
    """Any section, as the JOC words it."""

    def rows_of(self, actor: Actor, record: JocProduct) -> QuerySet[Contribution]:
        """All of them, for whoever compiles."""
        return effects.compiled(actor, record)


class AskAnotherForm(forms.Form):
    """Who is asked instead."""

    section = forms.ChoiceField(label=_("Section"), widget=forms.RadioSelect)
    position = forms.ModelChoiceField(
        Position.objects.none(), label=_("Who is asked"), empty_label=_("Choose one"),
        help_text=_("It reads the product from then on. So does the position that was asked before."),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, files: Any = None, *, actor: Actor, record: JocProduct, **kwargs: Any
    ) -> None:
        super().__init__(data, files, **kwargs)
        rows = awaited().filter(product_id=record.pk)
        sections: Any = self.fields["section"]
        sections.choices = [(str(row.uuid), row.heading) for row in rows]
        field: Any = self.fields["position"]
        field.queryset = (
            Position.objects.filter(mission_id=record.mission_id, is_active=True, roles__isnull=False)
            .exclude(roles__role__in=NO_CONTENT)
            .exclude(unknown(actor, "organisation"))
            .distinct()
            .order_by("title")
        )


class ExtendForm(forms.Form):
    """Until when contributions are due from now on."""

    contributions_due = forms.DateTimeField(label=_("Contributions due"), widget=NativeDateTime())

    def __init__(
        self, data: Any = None, files: Any = None, *, actor: Actor, record: JocProduct, **kwargs: Any
    ) -> None:
        super().__init__(data, files, **kwargs)
