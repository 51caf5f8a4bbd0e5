"""Which column of a table serves which purpose, from its HXL tags or else its headers, and what the table lists.

Finds the row of tags or of headers, also where headers stand in two rows or are said twice. No cell is judged here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from apps.stakeholders.vocabulary import ImportKind

from .headers import purpose_of
from .matching import folded
from .table import HEADER_WITHIN, Cell, Line, Sheet, Table, UnreadableTable, column_letters
from .tags import is_tagged, purposes_of_tags
from .values import listed, text_of

_ORGANISATION = ("org.name", "org.acronym")
_PLACES = ("adm", "area.", "upper.")
_DOINGS = ("sector", "sector.code", "activity", "start", "end", "status", "targeted", "reached", "latitude")
#: What only a table of presence says, beside where.
_WORK = ("role", "activity", "status", "place", "latitude", "population", "targeted", "reached")
#: Purposes that a table of organisations has no use for.
_PRESENCE_ONLY = (
    "role", "sector", "sector.code", "activity", "place", "latitude", "longitude", "start", "end", "status",
    "population", "targeted", "reached", "source",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heading:
    """What one column says that it is for: its purpose, the role of its organisation, its language."""

    at: int
    title: str
    purpose: str
    role: str = ""
    language: str = ""


@dataclass(frozen=True)
class Layout:
    """How a table is read: which sheet, where its rows begin, and which column serves what.

    `columns` is purpose -> place; `titles` place -> what the column is called to people; `above` the rows over the
    header; `heads` rows that only repeat it, folded.
    """

    sheet: Sheet
    kind: ImportKind
    tagged: bool
    first: int
    columns: dict[str, int]
    titles: dict[int, str]
    unused: tuple[str, ...]
    role: str
    notes: tuple[str, ...]
    above: tuple[tuple[str, ...], ...]
    heads: frozenset[tuple[str, ...]]

    def title(self, purpose: str) -> str:
        """What the column of that purpose is called, with its letters; empty where there is none."""
        at = self.columns.get(purpose)
        return "" if at is None else self.titles[at]

    def cell(self, cells: Sequence[Cell], purpose: str) -> Cell:
        """The cell that serves the purpose; None without one."""
        at = self.columns.get(purpose)
        return cells[at] if at is not None and at < len(cells) else None

    def is_head(self, cells: Sequence[Cell]) -> bool:
        """Whether a row only says the header once more."""
        return bool(self.heads) and _plain(cells) in self.heads

    def rows(self) -> Iterable[Line]:
        """The rows below the header, those that repeat it among them."""
        return (line for line in self.sheet.rows() if line[0] >= self.first)


def layout_of(table: Table, lists: str = "") -> Layout:
    """How the table is read: the first sheet that has a header. UnreadableTable, with the reason, where none has.

    `lists` is what the table lists, where a person said so; otherwise its columns tell.
    """
    reasons: list[UnreadableTable] = []
    for sheet in table.sheets:
        try:
            found = _layout(sheet, table.notes, lists)
        except UnreadableTable as error:
            reasons.append(error)
            continue
        others = [other.name for other in table.sheets if other is not sheet]
        if not others:
            return found
        note = _("The sheet “%(name)s” was read; not read: %(others)s.")
        said = note % {"name": sheet.name, "others": listed(others)}
        return Layout(**{**_fields(found), "notes": (*found.notes, said)})
    raise reasons[0] if reasons else UnreadableTable(_("The workbook has no sheet that is shown."))


def _fields(layout: Layout) -> dict[str, Any]:
    return {name: getattr(layout, name) for name in layout.__dataclass_fields__}


def _layout(sheet: Sheet, notes: tuple[str, ...], lists: str) -> Layout:
    head = list(islice(sheet.rows(), HEADER_WITHIN))
    if not head:
        raise UnreadableTable(_("The sheet is empty."))
    rows = [(number, [text_of(cell) for cell in cells]) for number, cells in head]
    for index, (_number, texts) in enumerate(rows):
        if is_tagged(texts):
            return _tagged(sheet, rows, index, notes, lists)
    return _headed(sheet, rows, notes, lists)


def _tagged(
    sheet: Sheet, rows: list[tuple[int, list[str]]], index: int, notes: tuple[str, ...], lists: str
) -> Layout:
    number, tags = rows[index]
    titles = rows[index - 1][1] if index and rows[index - 1][0] == number - 1 else []
    headings = [
        Heading(at, _title(at, titles[at] if at < len(titles) else "", tags[at]), purpose, role, language)
        for at, (purpose, role, language) in enumerate(purposes_of_tags(tags))
    ]
    heads = {_plain(tags), *([_plain(titles)] if titles else [])}
    above = [texts for _number, texts in rows[: index - 1 if titles else index]]
    said = [tag or (titles[at] if at < len(titles) else "") for at, tag in enumerate(tags)]
    said += titles[len(tags) :]
    headings += [Heading(at, _title(at, titles[at], ""), "") for at in range(len(tags), len(titles))]
    return _settled(sheet, headings, said, number + 1, above, heads, notes, lists, tagged=True)


def _headed(sheet: Sheet, rows: list[tuple[int, list[str]]], notes: tuple[str, ...], lists: str) -> Layout:
    best, chosen = 0, None
    for index, (number, texts) in enumerate(rows):
        score = _score(map(purpose_of, texts))
        if score > best:
            best, chosen = score, (index, index, texts)
        below = rows[index + 1] if index + 1 < len(rows) else None
        if below is None or below[0] != number + 1:
            continue
        joined = _joined(texts, below[1])
        score = _score(map(purpose_of, joined))
        if score > best and score > _score(map(purpose_of, below[1])):
            best, chosen = score, (index, index + 1, joined)
    if chosen is None:
        raise UnreadableTable(
            _(
                "No row among the first %(most)d heads a column of organisations. Tag the columns with HXL (#org+name, "
                "#sector, #adm1+code, #adm2+code …) or head them “Organisation”, “Sector”, “Admin 1 P-code” …"
            )
            % {"most": HEADER_WITHIN}
        )
    start, end, texts = chosen
    headings = [Heading(at, _title(at, text, ""), *purpose_of(text)) for at, text in enumerate(texts)]
    heads = {_plain(texts), *(_plain(row) for _number, row in rows[start : end + 1])}
    said = list(notes)
    if end > start:
        said.append(_("The header stands in two rows, %(one)d and %(other)d; they were read together.")
                    % {"one": rows[start][0], "other": rows[end][0]})  # fmt: skip
    first = rows[end][0] + 1
    for number, row in rows[end + 1 :]:
        # WHY: some tables say their header in two languages, one below the other.
        if number != first or _score(map(purpose_of, row)) < max(2, (best + 1) // 2):
            break
        heads.add(_plain(row))
        first = number + 1
    if first > rows[end][0] + 1:
        said.append(_("Row %(row)d says the header once more and was left out.") % {"row": first - 1})
    above = [row for _number, row in rows[:start]]
    return _settled(sheet, headings, texts, first, above, heads, tuple(said), lists, tagged=False)


def _score(found: Iterable[tuple[str, str]]) -> int:
    """How much of a header a row is: the different purposes that it says; nought without an organisation."""
    every = list(found)
    purposes = {purpose for purpose, _role in every if purpose}
    if "org.name" in purposes:
        return len(purposes) + 1 if len(purposes) > 1 or len(every) == 1 else 0
    named = "org.acronym" in purposes or ("name" in purposes and _is_of_organisations(purposes))
    return len(purposes) if named and len(purposes) > 1 else 0


def _has_place(purposes: Iterable[str]) -> bool:
    return any(purpose.startswith(_PLACES) for purpose in purposes)


def _is_of_organisations(purposes: Collection[str]) -> bool:
    """Whether a bare “Name” is an organisation's: not where areas are listed, unless acronyms or types are said too."""
    typed = any(purpose in purposes for purpose in ("org.acronym", "org.type", "org.type.code"))
    return typed or not _has_place(purposes)


def _joined(upper: list[str], lower: list[str]) -> list[str]:
    """Titles of groups over the headers of their columns, as one row; a title counts until the next one."""
    joined, over = [], ""
    for at in range(max(len(upper), len(lower))):
        above, below = (row[at] if at < len(row) else "" for row in (upper, lower))
        over = above or over
        if not below:
            joined.append(above)
        else:
            # WHY: what the lower row says by itself holds; a bare “Name” or “P-code” is that of the group above.
            own, _role = purpose_of(below)
            both = f"{over} {below}".strip()
            whole = own and (own not in ("name", "area.code", "org.type") or not purpose_of(both)[0])
            joined.append(below if whole else both)
    return joined


def _title(at: int, header: str, tag: str) -> str:
    """A column as messages name it: by letters, and by its header or tag."""
    name = header or tag
    return f"{column_letters(at)} “{name}”" if name else column_letters(at)


def _plain(cells: Sequence[Cell]) -> tuple[str, ...]:
    return tuple(folded(text) for cell in cells if (text := text_of(cell)))


def _settled(
    sheet: Sheet, headings: list[Heading], texts: list[str], first: int, above: list[list[str]],
    heads: set[tuple[str, ...]], notes: tuple[str, ...], lists: str, *, tagged: bool,
) -> Layout:  # fmt: skip
    """The layout, once each purpose has one column. UnreadableTable where two columns claim the same."""
    role = _main_role(headings)
    claims: dict[str, list[Heading]] = {}
    for heading in headings:
        purpose = heading.purpose
        if purpose.startswith("org.") and heading.role and heading.role != role:
            continue
        if purpose:
            claims.setdefault(purpose, []).append(heading)
    if "name" in claims:
        # WHY: a bare “Name” is the organisation's where nothing else names it.
        bare = claims.pop("name")
        if "org.name" not in claims and _is_of_organisations(claims):
            claims["org.name"] = bare
    chosen = {purpose: _one(rivals) for purpose, rivals in claims.items()}
    kind = _kind(chosen, lists, tagged)
    if kind is ImportKind.ORGANISATIONS:
        chosen = {
            purpose: each for purpose, each in chosen.items()
            if purpose not in _PRESENCE_ONLY and not purpose.startswith((*_PLACES, "country."))
        }  # fmt: skip
    used = {each.at for each in chosen.values()}
    named = {each.at: each.title for each in headings}
    unused = tuple(named[at] for at, text in enumerate(texts) if text and at not in used)
    return Layout(
        sheet=sheet, kind=kind, tagged=tagged, first=first,
        columns={purpose: each.at for purpose, each in chosen.items()}, titles=named, unused=unused, role=role,
        notes=notes, above=tuple(tuple(text for text in row if text) for row in above), heads=frozenset(heads),
    )  # fmt: skip


def _main_role(headings: list[Heading]) -> str:
    """Of the organisations that a row may name in several roles, whose presence the table is read for."""
    roles = {each.role for each in headings if each.purpose in _ORGANISATION}
    return next((role for role in ("implementing", "", "programming", "funding") if role in roles), "")


def _one(rivals: list[Heading]) -> Heading:
    """The column that serves a purpose: of several languages the reader's, else the one without, else the first."""
    if len(rivals) == 1:
        return rivals[0]
    language = (get_language() or "en")[:2]
    for wanted in (language, ""):
        found = [each for each in rivals if each.language == wanted]
        if len(found) == 1:
            return found[0]
        if found:
            break
    else:
        if len({each.language for each in rivals}) == len(rivals):
            return rivals[0]
        found = rivals
    names = listed(each.title for each in found)
    raise UnreadableTable(
        _("Several columns say the same: %(columns)s. Keep one, or give the others another header or tag.")
        % {"columns": names}
    )


def _kind(chosen: dict[str, Heading], lists: str, tagged: bool) -> ImportKind:
    if not any(purpose in chosen for purpose in _ORGANISATION):
        raise UnreadableTable(
            _("No column names organisations. Tag it #org+name.")
            if tagged
            else _("No column names organisations. Head it “Organisation”.")
        )
    if lists == ImportKind.ORGANISATIONS:
        return ImportKind.ORGANISATIONS
    if _has_place(chosen):
        if lists == ImportKind.PRESENCE:
            return ImportKind.PRESENCE
        typed = "org.type" in chosen or "org.type.code" in chosen
        levels = any(purpose.startswith("adm") for purpose in chosen)
        # WHY: a list of organisations says their types, and at most where each is based.
        is_list = typed and not levels and not any(purpose in chosen for purpose in _WORK)
        return ImportKind.ORGANISATIONS if is_list else ImportKind.PRESENCE
    if not lists and not any(purpose in _DOINGS for purpose in chosen):
        return ImportKind.ORGANISATIONS
    if "country.name" in chosen or "country.code" in chosen:
        return ImportKind.PRESENCE
    raise UnreadableTable(
        _(
            "The table says who does what, but in no column where. Add a column of P-codes (#adm2+code, or headed "
            "“Admin 2 P-code”) or of names of areas."
        )
    )
