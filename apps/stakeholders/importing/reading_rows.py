"""Reading single cells of a row for either kind of table: values, organisations, and labels, with reasons by column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.utils.translation import gettext as _

from apps.mission.vocabulary import EngagementStance, OrganisationType, Side
from apps.records.label_reading import LabelRead

from . import values
from .judging import Judge, Judged
from .marks import HOLDS, LABELS, mark_of_row, too_high
from .matching import folded
from .organisations import Begun
from .values import Refused

_NAME_MOST, _ACRONYM_MOST = 200, 30
#: The side of organisations of which the type says it.
_SIDES = {
    OrganisationType.GOVERNMENT: Side.HOST_STATE, OrganisationType.HOST_SECURITY: Side.HOST_STATE,
    OrganisationType.COMPONENT: Side.MISSION_CIVIL, OrganisationType.CONTINGENT: Side.MISSION_MILITARY,
    OrganisationType.POLICE: Side.MISSION_POLICE, OrganisationType.ARMED_GROUP: Side.OTHER,
    OrganisationType.COMMUNITY: Side.OTHER,
}  # fmt: skip


class RowReader:
    """What both kinds of tables have in common."""

    def __init__(self, judge: Judge) -> None:
        self.judge, self.layout = judge, judge.layout
        self.marked = any(purpose in self.layout.columns for purpose in LABELS)
        self._marks: dict[str, LabelRead] = self._highest_marks() if self.marked else {}

    def given(self, purpose: str) -> bool:
        """Whether the table has a column for it: what it has none for is left as it is."""
        return purpose in self.layout.columns

    def text(self, cells: Sequence[Any], purpose: str) -> str:
        """What the cell says; empty for nothing."""
        return values.said(self.layout.cell(cells, purpose))

    def value(self, row: Judged, cells: Sequence[Any], purpose: str, read: Callable[[Any], Any]) -> Any:
        """The value of the cell; None, and the reason on the row, where it cannot be read."""
        try:
            return read(self.layout.cell(cells, purpose))
        except Refused as refused:
            row.refuse(self.layout.title(purpose), str(refused))
            return None

    def who(self, row: Judged, cells: Sequence[Any]) -> tuple[str, str]:
        """Name and acronym that the row gives; both empty, and refused, where it names nobody."""
        name = self.value(row, cells, "org.name", lambda cell: values.text_within(cell, _NAME_MOST)) or ""
        acronym = (
            self.value(row, cells, "org.acronym", lambda cell: values.text_within(cell, _ACRONYM_MOST)) or ""
        )
        row.name = name or acronym
        if not row.name and not row.problems:
            column = self.layout.title("org.name") or self.layout.title("org.acronym")
            row.refuse(column, _("The row names no organisation."))
        elif row.name and not folded(row.name):
            row.refuse(self.layout.title("org.name"), _("“%(name)s” is no name.") % {"name": row.name})
        return name, acronym

    def organisation(self, row: Judged, cells: Sequence[Any], name: str, acronym: str) -> None:
        """Set which organisation the row is of: one that is known, or one that the table begins. May ask, or refuse."""
        organisations = self.judge.organisations
        if (begun := organisations.met_before(name, acronym)) is not None:
            row.begun = begun
            return
        meant = organisations.find(name, acronym)
        if meant.asked is not None:
            self.judge.ask(row, "organisation", meant.asked, holds=True)
        elif meant.known is not None:
            row.known = meant.known
        else:
            row.begun = self._begun(row, cells, name or acronym, acronym)

    def _begun(self, row: Judged, cells: Sequence[Any], name: str, acronym: str) -> Begun:
        """A file that is begun for an organisation which nobody whom the person may read has one for."""
        choices = self.judge.choices
        kind = self.kind(cells) or choices.kind
        made = Begun(
            folded(name), row.number, name, acronym if acronym != name else "",
            kind=kind,
            side=values.side(self.layout.cell(cells, "org.side")) or _SIDES.get(kind, choices.side),  # type: ignore[call-overload]
            stance=values.stance(self.layout.cell(cells, "org.stance")) or EngagementStance.DIRECT,
            classification=choices.label.classification, sensitivity=choices.label.sensitivity,
        )  # fmt: skip
        if (mark := self._marks.get(made.key)) is not None:
            made.classification = max(made.classification, mark.classification)
            made.sensitivity = max(made.sensitivity, mark.sensitivity or 0)
            made.closed = not mark.known
        return made

    def kind(self, cells: Sequence[Any]) -> str:
        """The type that the row gives to its organisation; empty where it gives none that is known."""
        return values.organisation_type(*(self.layout.cell(cells, p) for p in ("org.type.code", "org.type")))

    def check_marks(self, row: Judged, cells: Sequence[Any]) -> None:
        """Refuse a row that is marked above the person's clearance, or above the file that it would stand under."""
        for purpose in HOLDS:
            if (text := self.text(cells, purpose)) and (
                missing := self.judge.holdings.missing(purpose, text)
            ):
                row.refuse(self.layout.title(purpose), missing)
        mark = mark_of_row(self.layout, cells) if self.marked else None
        if mark is None:
            return
        column = next(self.layout.title(p) for p in LABELS if self.given(p) and self.text(cells, p))
        if mark.classification > self.judge.actor.clearance:
            row.refuse(column, too_high(mark))
        elif row.known is not None and (
            mark.classification > row.known.classification or (mark.sensitivity or 0) > row.known.sensitivity
        ):
            row.refuse(
                column,
                _(
                    "The row is marked “%(marking)s”, higher than the record of %(name)s, under which it would stand."
                )
                % {"marking": mark.words, "name": row.known.title},
            )

    def _highest_marks(self) -> dict[str, LabelRead]:
        """Folded name -> the strictest that any of its rows says: a file is begun under that from the start."""
        found: dict[str, LabelRead] = {}
        clearance = self.judge.actor.clearance
        for _number, cells in self.layout.rows():
            mark = mark_of_row(self.layout, cells)
            if mark is None or mark.classification > clearance:
                continue
            key = folded(self.text(cells, "org.name") or self.text(cells, "org.acronym"))
            before = found.get(key)
            if before is None:
                found[key] = mark
                continue
            found[key] = LabelRead(
                max(before.classification, mark.classification),
                max((m.sensitivity for m in (before, mark) if m.sensitivity is not None), default=None),
                mark.words, before.known and mark.known,
            )  # fmt: skip
        return found
