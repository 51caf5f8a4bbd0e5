"""What becomes of a row of a table of organisations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from apps.stakeholders.vocabulary import RowOutcome

from . import values
from .judging import Judged
from .organisations import Begun, Known, names_with
from .reading_rows import RowReader

_OTHERS_MOST = 1000


class OrganisationRows(RowReader):
    """The rules for such rows."""

    def read(self, row: Judged, cells: Sequence[Any]) -> None:
        """Read the row by itself; refused, skipped, or ready to be compared."""
        name, acronym = self.who(row, cells)
        others = self._others(row, cells)
        if row.problems:
            return
        self.organisation(row, cells, name, acronym)
        self.check_marks(row, cells)
        kind = self.kind(cells)
        row.said = {"acronym": acronym, "kind": kind, "other_names": "; ".join(others)}
        row.said = {purpose: text for purpose, text in row.said.items() if text}
        if row.outcome in (RowOutcome.REFUSED, RowOutcome.SKIPPED):
            return
        whose = str(row.known.pk) if row.known is not None else row.begun.key
        if self.judge.repeats(row, "organisation", whose):
            return
        row.values = {"name": name, "acronym": acronym, "others": others, "kind": kind,
                      "side": values.side(self.layout.cell(cells, "org.side"))}  # fmt: skip
        if row.begun is not None:
            row.begun.other_names = "\n".join(others)
            row.begins = True
            self.judge.organisations.begin(row.begun)

    def _others(self, row: Judged, cells: Sequence[Any]) -> list[str]:
        text = values.text_of(str(self.layout.cell(cells, "org.others") or "").replace("\n", ";"))
        found = [each.strip() for each in text.replace("|", ";").split(";") if each.strip()]
        if len("\n".join(found)) > _OTHERS_MOST:
            row.refuse(
                self.layout.title("org.others"),
                _("This is longer than %(most)d characters.") % {"most": _OTHERS_MOST},
            )
        return found

    def compare(self, rows: list[Judged]) -> None:
        """Tell new organisations from those of whom something is said that the register does not have."""
        for row in rows:
            if row.known is None:
                row.outcome = RowOutcome.CREATED
                row.said |= {name: value for name, value in _of_begun(row.begun).items() if value}
                continue
            row.changes = self._changes(row.known, row.values)
            if row.changes and not row.known.mine:
                row.changes = {}
                row.refuse(
                    self.layout.title("org.name") or self.layout.title("org.acronym"),
                    _("%(name)s is on the register and kept by others: you may read it, not change it.")
                    % {"name": row.known.title},
                )
                continue
            row.outcome = RowOutcome.UPDATED if row.changes else RowOutcome.UNCHANGED

    def _changes(self, known: Known, said: dict[str, Any]) -> dict[str, list[Any]]:
        """What the row says that the file does not: what it leaves blank, and names that stand, stay."""
        changes: dict[str, list[Any]] = {}
        acronym = said["acronym"] if said["acronym"] != known.title else ""
        for field, text in (("acronym", acronym), ("kind", said["kind"]), ("side", said["side"])):
            before = getattr(known, field)
            if text and text != before and not (field == "acronym" and before):
                changes[field] = [before, text]
        said_now = changes.get("acronym", ["", ""])[1]
        names = [name for name in (said["name"], said["acronym"], *said["others"]) if name != said_now]
        before, after = names_with(known), names_with(known, *names)
        if after != before and len(after) <= _OTHERS_MOST:
            changes["other_names"] = [before, after]
        complete = (known.kind or said["kind"]) and (known.side or said["side"])
        if changes and known.state == "draft" and complete:
            changes["state"] = ["draft", "registered"]
        return changes


def _of_begun(begun: Begun) -> dict[str, str]:
    """What a file is begun with, as the preview shows it."""
    return {"kind": begun.kind, "side": begun.side, "acronym": begun.acronym}
