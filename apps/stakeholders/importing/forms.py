"""Forms of imports: the table with what it leaves unsaid, and the answers to what was asked about it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.mission.vocabulary import OrganisationType, Side
from apps.stakeholders.vocabulary import ImportKind

from .organisations import NEW
from .purposes import layout_of
from .sectors import KEEP_WORDS
from .table import MOST_BYTES, MOST_ROWS, UnreadableTable, open_table

LEAVE = "leave"


class UploadForm(forms.Form):
    """A table, where it comes from, and what new organisations are of which it does not say it."""

    file = forms.FileField(label=gettext_lazy("Table"), max_length=200)
    lists = forms.ChoiceField(
        label=gettext_lazy("What it lists"), required=False,
        choices=[("", gettext_lazy("As its columns tell")), *ImportKind.choices],
    )  # fmt: skip
    source = forms.CharField(
        label=gettext_lazy("Source"), max_length=200, required=False,
        help_text=gettext_lazy("Who published the table, and when. Left empty, the name of the file."),
    )  # fmt: skip
    kind = forms.ChoiceField(
        label=gettext_lazy("Type of new organisations"), required=False,
        choices=[("", gettext_lazy("Not known: keep them as drafts")), *OrganisationType.choices],
        help_text=gettext_lazy("For those of which the table says none."),
    )  # fmt: skip
    side = forms.ChoiceField(
        label=gettext_lazy("Side of new organisations"), choices=Side.choices, initial=Side.HUMANITARIAN,
        help_text=gettext_lazy("For those of which neither the table nor the type says it."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].help_text = _(
            "Who does what where (3W, 4W), or a list of organisations: Excel (.xlsx) or CSV, with HXL tags or plain "
            "headers in English, French, Spanish or Arabic. At most %(rows)s rows and %(size)s."
        ) % {"rows": f"{MOST_ROWS:,}", "size": filesizeformat(MOST_BYTES)}  # fmt: skip
        self.fields["file"].widget.attrs["accept"] = ".xlsx,.csv,.tsv,.txt"

    def clean_file(self) -> UploadedFile:
        """The file, if it is not too large."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MOST_BYTES:
            text = _("The file is larger than %(most)s. Bring it in parts.")
            raise forms.ValidationError(text % {"most": filesizeformat(MOST_BYTES)})
        self.content = file.read(MOST_BYTES + 1)
        return file

    def clean(self) -> dict[str, Any]:
        """With a file of which it can be told what it lists."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if "file" in cleaned:
            try:
                layout_of(open_table(self.content), cleaned.get("lists", ""))
            except UnreadableTable as error:
                self.add_error("file", str(error))
        return cleaned


class AnswersForm(forms.Form):
    """What the names mean that only resemble something known. A question that is left open stays open."""

    def __init__(self, data: Any = None, *, questions: list[dict[str, Any]], answers: dict[str, str]) -> None:
        super().__init__(data)
        self.keys: dict[str, str] = {}
        for number, question in enumerate(questions):
            name = f"q{number}"
            self.keys[name] = question["key"]
            self.fields[name] = forms.ChoiceField(
                label=_title(question), required=False, choices=_choices(question),
                initial=answers.get(question["key"], ""),
                widget=forms.Select if question["kind"] == "sector" else forms.RadioSelect,
            )  # fmt: skip

    def answers(self) -> dict[str, str]:
        """Key -> answer, of those that were given one."""
        return {
            key: self.cleaned_data[name] for name, key in self.keys.items() if self.cleaned_data.get(name)
        }


def _title(question: dict[str, Any]) -> str:
    titles = {
        "organisation": _("Organisation “%(text)s” (rows: %(rows)d)"),
        "area": _("Area “%(text)s” (rows: %(rows)d)"),
        "sector": _("Sector “%(text)s” (rows: %(rows)d)"),
    }
    return titles[question["kind"]] % {"text": question["text"], "rows": question["rows"]}


def _choices(question: dict[str, Any]) -> list[tuple[str, str]]:
    same = [(value, label) for value, label in question["options"]]
    if question["kind"] == "sector":
        return [("", _("None of these: keep the word as the activity")), *same]
    offered = [(value, _("The same as %(name)s") % {"name": label}) for value, label in same]
    if question["kind"] == "organisation":
        return [("", _("Not decided: leave these rows out")), *offered, (NEW, _("Another organisation"))]
    return [("", _("Not decided: leave these rows out")), *offered, (LEAVE, _("None of these"))]


__all__ = ["KEEP_WORDS", "AnswersForm", "UploadForm"]
