"""A record's print as a document: what `templates/pages/print.html` draws, from the same context. No queries.

Whatever is withheld is not in the context, so it is not here either.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from apps.mission.vocabulary import Priority
from apps.pages.documents import Block, Bullets, Document, Field, Fields, Heading, Paragraph, Table
from apps.pages.values import capital, in_words

Context = Mapping[str, Any]


def document_of(context: Context) -> Document:
    """The document of a record, from the context of its print."""
    record = context["record"]
    mission = context["mission_name"]
    return Document(
        marking=context["marking"],
        title=str(record["title"]),
        over=" · ".join([str(record["reference"]), capital(context["type_name"]), str(mission)]),
        facts=(
            Field(_("State"), (str(context["state"]["label"]),)),
            *(field_of(field) for field in context["meta"]),
        ),
        blocks=tuple(_blocks(context)),
    )


def _blocks(context: Context) -> Iterable[Block]:
    for section in context["sections"]:
        yield Heading(str(section["title"]))
        if section["fields"]:
            yield Fields(tuple(field_of(field) for field in section["fields"]))
        for table in section["tables"]:
            yield from _table(table, str(section["title"]))
    if context["links"]:
        yield Heading(_("Linked records"))
        yield Bullets(tuple(_link(link) for link in context["links"]))
    if context["attachments"]:
        yield Heading(_("Attachments"))
        yield Bullets(
            tuple(f"{each['name']} ({filesizeformat(each['size'])})" for each in context["attachments"])
        )
    if context["timeline"]:
        yield Heading(_("Timeline"))
        for entry in context["timeline"]:
            yield from _entry(entry)
        if context["has_older"]:
            yield Paragraph("", aside=_("Older entries stand in the record’s history."))


def field_of(field: Context) -> Field:
    """A field as `pages/_value.html` says it, in plain words."""
    value, kind = field["value"], field["kind"]
    if kind == "list" and value:
        said = tuple(str(each) for each in value)
    else:
        said = (_said(value, kind) or _("Not answered"),)
    return Field(str(field["label"]), said, str(field.get("help") or ""))


def _said(value: Any, kind: str) -> str:
    if kind == "restricted":
        return _("restricted")
    if kind == "yes_no":
        return "" if value is None else _("Yes") if value else _("No")
    if value in (None, "", []):
        return ""
    if kind == "priority":
        return str(Priority(int(value)).label)
    if kind == "organisation":
        return _with_addition(_part(value, "name"), _part(value, "acronym"))
    if kind == "area":
        return _with_addition(_part(value, "name"), _part(value, "pcode")) or str(value)
    return in_words(value)


def _part(value: Any, name: str) -> str:
    found = value.get(name) if isinstance(value, Mapping) else getattr(value, name, "")
    return str(found or "")


def _with_addition(name: str, addition: str) -> str:
    return f"{name} ({addition})" if name and addition else name


def _table(table: Context, section: str) -> Iterable[Block]:
    caption = str(table["caption"])
    if not table["rows"]:
        yield Fields((Field(caption, (str(table["empty"] or _("None")),)),))
        return
    yield Table(
        tuple(str(column) for column in table["columns"]),
        tuple(tuple(str(cell) for cell in row) for row in table["rows"]),
        "" if caption == section else caption,
    )


def _link(link: Context) -> str:
    return f"{link['label']}: {link['reference']} – {link['title']} ({link['state']['label']})"


def _entry(entry: Context) -> Iterable[Block]:
    """An entry of the timeline, as `pages/_timeline_entry.html` says it."""
    state = f" {entry['state']['label']}" if entry.get("state") else ""
    yield Paragraph(f"{entry['text']}{state}", lead=_person(entry["who"]), aside=f"· {in_words(entry['at'])}")
    if entry.get("note"):
        yield Paragraph(str(entry["note"]), is_quote=True)
    if entry.get("attention"):
        yield Paragraph(f"{_('for the attention of')} {entry['attention']}")
    if entry.get("attachment"):
        yield Paragraph(str(entry["attachment"]["name"]))
    if entry.get("changes"):
        yield Table(
            (_("Field"), _("Before"), _("After")),
            tuple(
                (str(change["field"]), _or_empty(change["before"]), _or_empty(change["after"]))
                for change in entry["changes"]
            ),
        )


def _or_empty(value: Any) -> str:
    return str(value) if value or value == 0 else _("empty")


def _person(person: Context | None) -> str:
    if not person or person.get("restricted"):
        return _("restricted")
    said = ", ".join(str(person[part]) for part in ("name", "position") if person.get(part))
    return _with_addition(said, str(person.get("organisation") or ""))
