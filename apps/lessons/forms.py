"""Forms of lessons: what was learnt and what for, and what each step asks."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from apps.action_points.positions import can_be_given
from apps.lessons import rules
from apps.lessons.models import Lesson
from apps.lessons.teaching import topics
from apps.lessons.vocabulary import LessonKind
from apps.mission.models import Position
from apps.pages.forms import RecordForm, within_known
from apps.records.actors import Actor
from apps.releases.forms import SignForm

_HINTS: dict[str, Any] = {
    "title": _(
        "What was learnt, in one line. Name nothing by which a reader could find what must stay back."
    ),
    "expected": _("What was meant to happen."),
    "happened": _("What happened instead, or as meant."),
    "why": _("Why it came so, as far as one knows."),
    "next_time": _("What whoever does the like should do. It is shown on similar records."),
    "area": _("It is shown on records in this area and in all within it."),
}


class LessonForm(RecordForm):
    """The base of every step's form."""

    pairs: ClassVar[dict[str, str]] = {"area": "sector"}

    applies_to = forms.MultipleChoiceField(
        label=_("What it is for"), choices=topics, required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Records like these show it, where their reader may read it."),
    )  # fmt: skip

    class Meta:
        model = Lesson
        fields: ClassVar[tuple[str, ...]] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "kind" in self.fields:
            self.fields["kind"] = forms.ChoiceField(
                label=_("What it comes from"),
                choices=[("", _("Choose one")), *LessonKind.choices],
                required=False,
            )
        needed = rules.required()
        for name, field in self.fields.items():
            field.help_text = _HINTS.get(name, field.help_text)
            field.needed_to_submit = name in needed  # type: ignore[attr-defined]
            if isinstance(field.widget, forms.Textarea):
                field.widget.attrs["rows"] = 4


class _Post(forms.ModelChoiceField):
    """A position with its organisation."""

    def label_from_instance(self, obj: Any) -> str:
        """“Head of operations, OCHA”."""
        return f"{obj.title}, {obj.organisation.acronym or obj.organisation.name}"


class ProposeForm(forms.Form):
    """Who says whether it is so."""

    validator = _Post(
        Position.objects.none(), label=_("Who validates it"), empty_label=_("Choose one"),
        help_text=_("Held by another person than you. It reads the lesson from then on, and not what taught it."),
    )  # fmt: skip

    def __init__(
        self, data: Any = None, files: Any = None, *, actor: Actor, record: Lesson, **kwargs: Any
    ) -> None:
        super().__init__(data, files, initial={"validator": record.validator_id}, **kwargs)
        offered = can_be_given(actor.mission.pk).exclude(pk=record.author_position_id)
        self.fields["validator"].queryset = (  # type: ignore[attr-defined]
            offered.select_related("organisation").order_by("title", "organisation__name")
        )
        within_known(self, actor)


class OpenForm(SignForm):
    """The label from now on. Why stands in the note, which every reader of the lesson reads."""

    reason = None  # type: ignore[assignment]


class SupersedeForm(forms.Form):
    """The lesson that takes its place."""

    newer = forms.CharField(
        label=_("Reference of the newer lesson"),
        max_length=30,
        required=False,
        help_text=_("If there is one."),
    )

    def __init__(
        self, data: Any = None, files: Any = None, *, actor: Actor, record: Lesson, **kwargs: Any
    ) -> None:
        super().__init__(data, files, **kwargs)
