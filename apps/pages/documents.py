"""A document on paper, before it is set: its marking, its head and its blocks. Texts are plain and already in the
reader's language.

Not here: what a record's document holds (`record_document`), and how it becomes a PDF (`typesetting`). A room that
wants a layout of its own builds a `Document` and gives it to `typesetting.pdf_of`.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from apps.records.marking import Marking


@dataclass(frozen=True)
class Heading:
    """The title of a part. Levels begin at 2, below the document's own title, and none is left out on the way down."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """Text of any length, its lines as they were written. `lead` stands in front in bold, `aside` behind in grey."""

    text: str
    lead: str = ""
    aside: str = ""
    is_quote: bool = False


@dataclass(frozen=True)
class Field:
    """What is told by name: the value in one or several texts, and a remark on it."""

    label: str
    values: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True)
class Fields:
    """Several of them, below each other."""

    rows: tuple[Field, ...]


@dataclass(frozen=True)
class Bullets:
    """A list without an order."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Rows under titles, which stand again at the head of every further page."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""


Block = Heading | Paragraph | Fields | Bullets | Table


@dataclass(frozen=True)
class Document:
    """A whole document. Its marking stands at head and foot of every page: there is none without."""

    marking: Marking
    title: str
    over: str = ""  # above the title: reference, type, mission
    facts: tuple[Field, ...] = ()  # below the title, before who drew it out and when
    blocks: tuple[Block, ...] = field(default_factory=tuple)
