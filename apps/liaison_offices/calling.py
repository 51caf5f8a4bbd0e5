"""Whom to call in an area: offices and who is on duty, organisations there, what was agreed, what is open. No HTTP."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from apps.liaison_offices import selectors
from apps.liaison_offices.models import Responsibility
from apps.liaison_offices.selectors import OfficeNow, Posts, Talks
from apps.liaison_offices.vocabulary import Cover
from apps.pages.structure import Structure
from apps.records.actors import Actor
from apps.stakeholders import rules
from apps.stakeholders.models import Contact, Presence, Stakeholder
from apps.stakeholders.selectors import LIVE

ORGANISATIONS_MOST = 60


def above(structure: Structure, pcode: str) -> list[int]:
    """The area of that code and those of which it is part."""
    rows = {entry.id: entry for entry in structure.rows("area")}
    at = next((entry for entry in rows.values() if entry.code == pcode), None)
    found: list[int] = []
    while at is not None and at.id not in found:
        found.append(at.id)
        at = rows.get(at.parent) if at.parent is not None else None
    return found


def office_shown(each: OfficeNow, posts: Posts) -> dict[str, Any]:
    """An office as templates draw it."""
    office = each.office
    night = duty_is_night(each)
    return {
        "name": office.title,
        "url": office.record_type.url(office),
        "reach": (office.by_night if night else "") or office.by_day,
        "night": night,
        "number": each.number,
        "channels": each.channels,
        "on_duty": [{**(posts.shown(s.position_id) or {}), "until": s.ends} for s in each.on_duty],
        "officers": [
            {
                **(posts.shown(o.position_id) or {}),
                "function": o.get_function_display(),
                "languages": o.languages,
            }
            for o in each.officers
        ],
        "gaps": each.gaps[:8],
        "more_gaps": max(0, len(each.gaps) - 8),
        "has_roster": office.covers != Cover.NONE,
        "uncovered": bool(each.gaps) and each.gaps[0].starts <= each.now,
        "rests": office.covers == Cover.DAILY,
    }


def duty_is_night(each: OfficeNow) -> bool:
    """Whether it is night at the office now."""
    from apps.liaison_offices import duty

    return duty.is_night(each.now.astimezone(duty.zone_of(each.office)))


def engagement_shown(engagement: Any) -> dict[str, Any] | None:
    """An engagement in a line."""
    if engagement is None:
        return None
    return {
        "title": engagement.title,
        "url": engagement.record_type.url(engagement),
        "held_on": engagement.held_on,
        "planned_for": engagement.planned_for,
        "agreed": engagement.agreed,
    }


def talks_shown(talks: Talks, posts: Posts) -> dict[str, Any]:
    """What was last agreed with an organisation, what is open, what comes next."""
    return {
        "last": engagement_shown(talks.last),
        "agreed": engagement_shown(talks.agreed),
        "planned": engagement_shown(talks.planned),
        "open": [
            {
                "what": row.what, "due": row.due, "owner": posts.shown(row.owner_id),
                "url": row.engagement.record_type.url(row.engagement),
            }
            for row in talks.open
        ],
    }  # fmt: skip


def owners(talks: Iterable[Talks]) -> list[int]:
    """Positions that own what is open."""
    return [row.owner_id for each in talks for row in each.open]


def in_area(actor: Actor, pcode: str) -> dict[str, Any]:
    """All that the page says about an area; None as `area` where there is none of that code."""
    structure = Structure(actor)
    within = structure.ids("area", pcode) if pcode else []
    name = next((entry.name for entry in structure.rows("area") if entry.code == pcode), "")
    made: dict[str, Any] = {
        "area": {"pcode": pcode, "name": name} if within else None,
        "unknown": bool(pcode) and not within,
        "areas": [
            {"code": code, "name": label, "on": code == pcode} for code, label in structure.choices("area")
        ],
        "offices": [],
        "organisations": [],
    }
    if not within:
        return made
    answering = Responsibility.objects.filter(area_id__in={*within, *above(structure, pcode)})
    responsible = Q(pk__in=answering.values("office_id")) | Q(area_id__in=within)
    offices = selectors.offices_now(selectors.open_offices(actor).filter(responsible).order_by("title", "pk"))
    there = Presence.objects.filter(area_id__in=within).exclude(status="completed")
    found = list(
        Stakeholder.objects.filter(mission=actor.mission, state__in=LIVE)
        .filter(Q(pk__in=there.values("stakeholder_id")) | Q(area_id__in=within))
        .order_by("title", "pk")[: ORGANISATIONS_MOST + 1]
    )  # fmt: skip
    shown = found[:ORGANISATIONS_MOST]
    ids = [each.pk for each in shown]
    first: dict[int, Contact] = {}
    for contact in Contact.objects.filter(stakeholder_id__in=ids):
        first.setdefault(contact.stakeholder_id, contact)
    talks = selectors.talks_with(ids)
    posts = Posts(actor).load([*(p for o in offices for p in o.positions), *owners(talks.values())])
    made["offices"] = [office_shown(each, posts) for each in offices]
    made["organisations"] = [
        {
            "name": each.title, "url": each.record_type.url(each), "acronym": each.acronym,
            "stance": each.get_stance_display(), "how": rules.ENGAGED[each.stance], "engagement": each.engagement,
            "contact": first.get(each.pk), "talks": talks_shown(talks[each.pk], posts),
        }
        for each in shown
    ]  # fmt: skip
    made["more"] = (
        _("The first %(number)d are shown. Choose a smaller area.") % {"number": ORGANISATIONS_MOST}
        if len(found) > ORGANISATIONS_MOST
        else ""
    )
    return made
