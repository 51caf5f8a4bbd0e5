"""The label of what an import makes: chosen by the person, never below what the file or a row says of itself (I24)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from apps.mission.models import Compartment, DataType
from apps.mission.vocabulary import Classification, Scope, Sensitivity
from apps.records.actors import Actor
from apps.records.file_marking import ending_of, label_of_file
from apps.records.label_reading import LabelRead, highest, is_for_a_marking, label_in_words, label_read

from .matching import folded
from .purposes import Layout
from .table import UnreadableTable
from .values import said

LABELS = ("label.classification", "label.sensitivity", "label.marking")
#: Columns that name what a record is of or holds, beside its level.
HOLDS = {"label.compartments": "compartments", "label.data": "data_types"}


@dataclass
class Label:
    """The label under which files are begun."""

    classification: int = Classification.UNCLASSIFIED
    sensitivity: int = Sensitivity.LOW
    compartments: list[int] = field(default_factory=list)
    data_types: list[int] = field(default_factory=list)
    scope: str = Scope.ORGANISATION

    @classmethod
    def kept(cls, stored: dict[str, Any]) -> Label:
        """As a run has it; what is missing is the most careful."""
        careful = {
            "classification": Classification.STRICTLY_CONFIDENTIAL, "sensitivity": Sensitivity.SEVERE,
            "scope": Scope.PRIVATE,
        }  # fmt: skip
        names = cls.__dataclass_fields__
        return cls(**{**careful, **{name: value for name, value in stored.items() if name in names}})

    def stored(self) -> dict[str, Any]:
        """As a run keeps it."""
        return asdict(self)


def mark_of_file(name: str, content: bytes, layout: Layout) -> LabelRead | None:
    """What the file says of itself: in its name, its properties, and the rows above its header."""
    found: list[LabelRead | None] = []
    if ending_of(name) == "csv" and any(purpose in layout.columns for purpose in LABELS):
        # WHY: columns of labels speak for their own rows.
        found.append(label_in_words(name.rpartition(".")[0]))
    else:
        found.append(label_of_file(name, content))
    for row in layout.above:
        if len(row) >= 2 and is_for_a_marking(row[0]):
            found.append(label_read(f"{row[0]}: {row[1]}"))
        else:
            found += [label_in_words(text) for text in row]
    return highest(found)


def mark_of_row(layout: Layout, cells: Sequence[Any]) -> LabelRead | None:
    """What a row's own columns for labels say; None where they say nothing."""
    marks: list[LabelRead | None] = []
    for purpose in LABELS:
        if text := said(layout.cell(cells, purpose)):
            head = {"label.sensitivity": "Sensitivity"}.get(purpose, "Classification")
            marks.append(label_read(f"{head}: {text}"))
    return highest(marks)


def raised(actor: Actor, label: Label, mark: LabelRead | None) -> tuple[Label, str]:
    """The label raised to what the file says, and a note where that changed it. UnreadableTable above the clearance."""
    if mark is None:
        return label, ""
    if mark.is_exercise is not None and mark.is_exercise != actor.mission.is_exercise:
        raise UnreadableTable(
            _("This file belongs to an exercise; this mission is none.")
            if mark.is_exercise
            else _("This file belongs to real work; this mission is an exercise.")
        )
    if mark.classification > actor.clearance:
        raise UnreadableTable(too_high(mark))
    made = Label(**asdict(label))
    made.classification = max(label.classification, mark.classification)
    made.sensitivity = max(label.sensitivity, mark.sensitivity or 0)
    if not mark.known:
        made.scope = Scope.PRIVATE
    made.compartments = sorted(
        {*label.compartments, *_ids(actor, Compartment, mark.compartments, "compartments")}
    )
    made.data_types = sorted({*label.data_types, *_ids(actor, DataType, mark.data_types, "data_types")})
    if made == label:
        return label, ""
    note = _("The file is marked “%(marking)s”: what it brings bears at least that label.")
    return made, note % {"marking": mark.words}


def _ids(actor: Actor, model: Any, codes: Collection[str], kind: str) -> Iterable[int]:
    """The mission's own of these codes; UnreadableTable where it has not all, or the actor may not have them."""
    found = (
        dict(model.objects.filter(mission=actor.mission, code__in=codes).values_list("code", "pk"))
        if codes
        else {}
    )
    held = set(actor.compartments) if kind == "compartments" else set(found.values()) - set(actor.barred)
    if set(codes) - found.keys() or set(found.values()) - held:
        raise UnreadableTable(_("The file is marked as holding what you may not bring into this mission."))
    return found.values()


def too_high(mark: LabelRead) -> str:
    """Why something that is marked so is not the person's to bring in."""
    if mark.known:
        return _("This is marked “%(marking)s”, which is above your own clearance.") % {"marking": mark.words}
    text = _(
        "This is marked “%(marking)s”, which the portal does not know and so treats as the most restrictive; that is "
        "above your own clearance."
    )
    return text % {"marking": mark.words}


@dataclass(frozen=True)
class Holdings:
    """The compartments and kinds of protected data that were chosen, by their folded names and codes."""

    names: dict[str, frozenset[str]]

    @classmethod
    def of(cls, label: Label) -> Holdings:
        """Of a label."""
        found = {}
        for purpose, attribute in HOLDS.items():
            model: Any = Compartment if attribute == "compartments" else DataType
            rows = model.objects.filter(pk__in=getattr(label, attribute))
            found[purpose] = frozenset(folded(text) for row in rows for text in (str(row), row.code))
        return cls(found)

    def missing(self, purpose: str, text: str) -> str:
        """Why a row is refused that names one which was not chosen; empty where all were."""
        missing = [each.strip() for each in text.replace(";", ",").split(",")]
        missing = [each for each in missing if each and folded(each) not in self.names[purpose]]
        if not missing:
            return ""
        return _("The row belongs to “%(names)s”. Choose that in the label of the import first.") % {
            "names": ", ".join(missing)
        }
