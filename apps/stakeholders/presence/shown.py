"""What templates draw of presence: lists, one organisation's rows, numbers by area, overlaps and hints. No HTTP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from apps.mission.models import Position, Sector
from apps.mission.vocabulary import EngagementStance
from apps.pages.structure import Structure
from apps.records.actors import Actor
from apps.stakeholders.briefing import Part
from apps.stakeholders.models import Presence, Stakeholder
from apps.stakeholders.presence import overlaps
from apps.stakeholders.presence.listing import PresenceListing
from apps.stakeholders.presence.summary import AreaLine, where_it_works

MORE = "more"
_SELDOM = ("area", "sector", "since", "until", "role")


def columns() -> list[dict[str, Any]]:
    """The columns of the list."""
    labels = {
        "organisation": _("Organisation"), "sector": _("Sector"), "activity": _("Activity"), "area": _("Area"),
        "period": _("Period"), "status": _("Status"),
    }  # fmt: skip
    return [
        {"key": key, "label": label, "kind": "area" if key == "area" else "text", "primary": key == "organisation",
         "wide": False, "sort_url": "", "sorted": None}
        for key, label in labels.items()
    ]  # fmt: skip


def period(presence: Presence) -> str:
    """From when until when, in words; empty where neither was said."""
    start = presence.start.isoformat() if presence.start else ""
    end = presence.end.isoformat() if presence.end else ""
    if start and end:
        return _("%(start)s to %(end)s") % {"start": start, "end": end}
    if start:
        return _("since %(start)s") % {"start": start}
    return _("until %(end)s") % {"end": end} if end else ""


def cells(presence: Presence, shown: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The cells of a row of the list."""
    stakeholder = presence.stakeholder
    name = stakeholder.title
    if stakeholder.stance == EngagementStance.LISTED:
        name = _("%(name)s – listed only") % {"name": name}
    said = {
        "organisation": name,
        "sector": presence.sector.name if presence.sector else "",
        "activity": presence.activity,
        "area": presence.area,
        "period": period(presence),
        "status": str(presence.get_status_display()),
    }
    return [{"kind": column["kind"], "value": said[column["key"]], "column": column} for column in shown]


def call_url(pcode: str) -> str:
    """The page of a room above this one that says whom to call in an area."""
    query = f"?{urlencode({'area': pcode})}" if pcode else ""
    return f"{reverse('liaison_offices:who-to-call')}{query}"


def list_context(listing: PresenceListing, query: Mapping[str, Any]) -> dict[str, Any]:
    """What `pages/list.html` draws."""
    page, form, here = listing.page, listing.filters, reverse("stakeholders:presence")
    export = reverse("stakeholders:presence-export")
    shown = columns()
    all_fields = list(form.visible_fields())
    opened = MORE in query or any(name in form.given for name in _SELDOM)
    fields = all_fields if opened else [field for field in all_fields if field.name not in _SELDOM]
    kept = listing.url().removeprefix("?")
    return {
        "title": _("Who does what, where"),
        "actions": [
            {"label": _("Whom to call"), "url": call_url(form.given.get("area", "")), "icon": "radio"},
            {"label": _("By area and sector"), "url": reverse("stakeholders:presence-summary"), "icon": "map-pin"},
            {"label": _("Overlaps"), "url": reverse("stakeholders:overlaps"), "icon": "warning"},
        ],
        "filter_form": form,
        "filter_fields": fields,
        "more_filters_url": "" if opened else f"{here}?{'&'.join(filter(None, [kept, f'{MORE}=1']))}",
        "active_filters": form.described(listing.url),
        "clear_url": here if form.given else "",
        "count_text": listing.count_text,
        "exports": [
            {"label": label, "url": f"{export}{listing.url(format=kind)}"}
            for kind, label in (
                ("csv", _("CSV file")), ("xlsx", _("Excel workbook")), ("hxl", _("CSV file with HXL hashtags"))
            )
        ],
        "table": {
            "columns": shown,
            "rows": [
                {"url": row.stakeholder.record_type.url(row.stakeholder), "cells": cells(row, shown)}
                for row in page.rows
            ],
        },
        "newer_url": "" if page.is_first else listing.place_url(page.newer),
        "older_url": listing.place_url(page.older) if page.older else "",
        "empty": {
            "title": _("No activity that you could read"),
            "text": _("Organisations say on their own pages where they work, or a table of a 3W is imported."),
        },
    }  # fmt: skip


def summary_context(level: int, sectors: Sequence[Sector], lines: Sequence[AreaLine]) -> dict[str, Any]:
    """What `stakeholders/presence_summary.html` draws: sectors as columns, areas as rows, numbers as links."""
    here = reverse("stakeholders:presence")
    return {
        "level": level,
        "levels": [
            {"label": _("States"), "url": "?level=1", "current": level == 1},
            {"label": _("Districts"), "url": "?level=2", "current": level == 2},
        ],
        "sectors": sectors,
        "lines": [
            {
                "area": line.area,
                "url": f"{here}?{urlencode({'area': line.area.pcode})}",
                "total": line.total,
                "cells": [
                    {
                        "number": line.cells.get(sector.pk, 0),
                        "url": f"{here}?{urlencode({'area': line.area.pcode, 'sector': sector.code})}",
                        "label": _("%(sector)s in %(area)s")
                        % {"sector": sector.name, "area": line.area.name},
                    }
                    for sector in sectors
                ],
            }
            for line in lines
        ],
        "list_url": here,
    }


def overlaps_context(actor: Actor, query: Mapping[str, Any]) -> dict[str, Any]:
    """What `stakeholders/overlaps.html` draws."""
    structure = Structure(actor)
    area, sector = str(query.get("area", "")), str(query.get("sector", ""))
    areas = structure.ids("area", area) if area else None
    sectors = structure.ids("sector", sector) if sector else []
    only = sectors[0] if sectors else None
    found = overlaps.overlaps(actor, areas=areas, sector=only)
    return {
        "pairs": [_pair(each) for each in found],
        "most": overlaps.MOST if len(found) == overlaps.MOST else 0,
        **hints_context(actor, overlaps.hints(areas=areas, sector=only)),
        "areas": [
            {"code": code, "name": name, "on": code == area} for code, name in structure.choices("area")
        ],
        "sectors": [
            {"code": code, "name": name, "on": code == sector} for code, name in structure.choices("sector")
        ],
        "list_url": reverse("stakeholders:presence"),
    }


def _pair(each: overlaps.Overlap) -> dict[str, Any]:
    first = each.civil[0]
    more = len(each.rows) - len(each.civil) - len(each.mission)
    return {
        "area": first.area,
        "sector": first.sector,
        "ends": [
            {**_end(rows[0]), "activities": [_end(row) for row in rows]}
            for rows in (each.civil, each.mission)
        ],
        "more": more,
    }


def _end(presence: Presence) -> dict[str, Any]:
    stakeholder = presence.stakeholder
    return {
        "name": stakeholder.title,
        "url": stakeholder.record_type.url(stakeholder),
        "activity": presence.activity or str(presence.get_role_display()),
        "place": presence.place or presence.area.name,
        "period": period(presence),
        "engaging": str(stakeholder.get_stance_display()),
    }


def hints_context(actor: Actor, found: Sequence[overlaps.Hint]) -> dict[str, Any]:
    """Hints with whom to ask; officers are named only where there is something to ask about."""
    return {
        "hints": [
            {**_end(hint.presence), "area": hint.presence.area, "sector": hint.presence.sector,
             "organisations": hint.organisations}
            for hint in found
        ],
        "hints_most": overlaps.HINTS_MOST if len(found) == overlaps.HINTS_MOST else 0,
        "officers": [_officer(post) for post in overlaps.officers(actor)] if found else [],
        "ask_url": reverse("information_requests:new") if found else "",
    }  # fmt: skip


def _officer(post: Position) -> str:
    return f"{post.title}, {post.organisation}"


def of_stakeholder_context(
    actor: Actor, record: Stakeholder, listing: PresenceListing, *, writes: bool
) -> dict[str, Any]:
    """What `stakeholders/presence_of.html` draws."""
    url = record.record_type.url
    page = listing.page
    return {
        "rows": [
            {
                "activity": row.activity or str(row.get_role_display()),
                "role": row.get_role_display(),
                "sector": row.sector,
                "area": row.area,
                "place": row.place,
                "period": period(row),
                "status": row.get_status_display(),
                "targeted": row.targeted,
                "reached": row.reached,
                "edit_url": url(record, "presence-edit", row=row.uuid) if writes else "",
            }
            for row in page.rows
        ],
        "count_text": listing.count_text,
        "newer_url": "" if page.is_first else listing.place_url(page.newer),
        "older_url": listing.place_url(page.older) if page.older else "",
        "new_url": url(record, "presence-new") if writes else "",
        "pairs": [_pair(each) for each in overlaps.overlaps(actor, stakeholder=record.pk)],
        **hints_context(actor, overlaps.hints(stakeholder=record.pk)),
    }


def brief_part(actor: Actor, record: Stakeholder) -> Part | None:
    """“Where it works” on the stakeholder's page."""
    works, more = where_it_works(record)
    url = record.record_type.url(record, "presence-of")
    said = {"works": works, "more": more, "url": url}
    return Part("presence", _("Where it works"), "stakeholders/_presence_brief.html", said, order=90)
