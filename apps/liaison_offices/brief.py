"""What the page of an organisation says about liaison: whom to ring now, what was agreed, what is open."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from apps.liaison_offices import calling, selectors
from apps.records.actors import Actor
from apps.stakeholders.briefing import Part
from apps.stakeholders.models import Stakeholder


def stakeholder_part(actor: Actor, record: Stakeholder) -> Part | None:
    """The part; None where there is nothing to say."""
    links = list(selectors.links(actor).filter(Q(a=record) | Q(b=record)).order_by("level", "pk"))
    through = {link.office_id for link in links if link.office_id}
    hosted = Q(hosts__stakeholder=record)
    offices = selectors.offices_now(
        selectors.open_offices(actor).filter(Q(pk__in=through) | hosted).distinct().order_by("title", "pk")
    )
    talks = selectors.talks_with([record.pk])
    posts = selectors.Posts(actor).load(
        [
            *(each for link in links for each in (link.primary_id, link.alternate_id)),
            *(each for office in offices for each in office.positions),
            *calling.owners(talks.values()),
        ]
    )
    if not links and not offices and talks[record.pk].last is None and talks[record.pk].planned is None:
        return None
    context: dict[str, Any] = {
        "offices": [calling.office_shown(each, posts) for each in offices],
        "links": [_link(link, record, posts) for link in links],
        "last_contact": max((link.last_contact_on for link in links if link.last_contact_on), default=None),
        **calling.talks_shown(talks[record.pk], posts),
        "last_by": _by(talks[record.pk].last, actor),
    }
    return Part("liaison", _("Liaison"), "liaison_offices/_stakeholder.html", context)


def _link(link: Any, record: Stakeholder, posts: selectors.Posts) -> dict[str, Any]:
    other = link.b if link.a_id == record.pk else link.a
    return {
        "name": other.title,
        "url": reverse("liaison_offices:between", kwargs={"pair": link.uuid}),
        "level": link.get_level_display(),
        "mode": link.get_mode_display(),
        "primary": posts.shown(link.primary_id),
        "alternate": posts.shown(link.alternate_id),
        "last": link.last_contact_on,
    }


def _by(engagement: Any, actor: Actor) -> str:
    if engagement is None or engagement.originator_id is None:
        return ""
    from apps.need_to_know.known import is_unknown

    return "" if is_unknown(actor, engagement.originator) else str(engagement.originator)
