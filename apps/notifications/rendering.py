"""What notifications say, read anew for the person who acts: nothing of it is stored, nothing outlives a right.

Whoever may not read the record any more is told that it is no longer available, and nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.accounts.models import User
from apps.joint_plans.models import Part, Promise, Resource
from apps.joint_plans.shown import part_url
from apps.joint_plans.vocabulary import OffersTo
from apps.mission.models import Handover
from apps.need_to_know.models import AccessRequest, EmergencyAccess
from apps.notifications.models import Notification
from apps.notifications.vocabulary import Reason, Topic
from apps.pages.names import Names
from apps.pages.values import capital, is_done, kind_label, state_of
from apps.records import exercises
from apps.records.actors import Actor
from apps.records.models import Event, Record
from apps.records.reading import is_unnamed_outside

_VERBS = {
    "comment": gettext_lazy("%(name)s commented"),
    "attachment": gettext_lazy("%(name)s attached a file"),
    "record.grant": gettext_lazy("%(name)s shared it with you"),
    "record.grant_many": gettext_lazy("%(name)s shared it with you, and others with it"),
    "record.emergency": gettext_lazy(
        "%(name)s opened it by emergency access. Please say whether that was justified."
    ),
    "record.access_asked": gettext_lazy("%(name)s asks for access to it"),
    "clock.reminder": gettext_lazy("A reminder: it is due soon"),
    "clock.overdue": gettext_lazy("It is overdue"),
    "clock.escalated": gettext_lazy("It is overdue, and those above have been told"),
}
_WHY = {
    Reason.EMERGENCY: gettext_lazy("An emergency, told to everybody concerned."),
    Reason.NEEDS_ME: gettext_lazy("It needs you, in one of your positions."),
    Reason.MENTION: gettext_lazy("Somebody asks for your attention."),
    Reason.SHARED: gettext_lazy("It was shared with you or one of your positions."),
    Reason.ANNOUNCEMENT: gettext_lazy("An announcement to all who read this."),
    Reason.PART: gettext_lazy("You take part in it."),
    Reason.FOLLOW: gettext_lazy("You follow it."),
}


@dataclass(frozen=True)
class Said:
    """A notification in words. Not available: everything else is empty.

    `restricted`: mail and push messages say the reference and nothing more. `exercise` is the word that leads what is
    said of an exercise; the headline has it already.
    """

    available: bool
    headline: str = ""
    why: str = ""
    reference: str = ""
    title: str = ""
    url: str = ""
    who: str = ""
    state: dict[str, Any] | None = None
    due_at: datetime | None = None
    restricted: bool = True
    record: Record | None = None
    exercise: str = ""

    @property
    def name(self) -> str:
        """The reference, led by the word for an exercise: it begins whatever is told outside the portal."""
        return " – ".join(part for part in (self.exercise, self.reference) if part)


GONE = Said(available=False)


def said(actor: Actor, notifications: Sequence[Notification]) -> dict[int, Said]:
    """What each of these notifications says to the actor, by id; a fixed number of queries, however many they are."""
    of_events = [each for each in notifications if each.event_id is not None]
    found = dict.fromkeys((each.pk for each in notifications), GONE)
    if of_events:
        found |= _of_events(actor, of_events)
    for topic, say in _TOPICS.items():
        of_topic = [each for each in notifications if each.topic == topic]
        if of_topic:
            found |= say(actor, of_topic)
    return found


def _of_events(actor: Actor, notifications: Sequence[Notification]) -> dict[int, Said]:
    events = Event.objects.in_bulk([each.event_id for each in notifications])
    records = Record.objects.select_related("originator").in_bulk(
        [event.record_id for event in events.values()]
    )
    names = Names(actor)
    names.want(User, (event.actor_id for event in events.values()))
    names.load()
    uses = _uses([event for event in events.values() if event.verb == "record.emergency"])
    made = {}
    for each in notifications:
        event = events.get(each.event_id or 0)
        record = records.get(event.record_id) if event else None
        if event is not None and record is not None:
            made[each.pk] = _said(each, event, record, names, uses, exercises.word(actor, record))
    return made


def _uses(events: Iterable[Event]) -> dict[int, EmergencyAccess]:
    """The emergency access that each of these events tells of, by the event's id."""
    wanted = list(events)
    if not wanted:
        return {}
    rows = EmergencyAccess.objects.filter(
        record_id__in={event.record_id for event in wanted},
        person_id__in={event.actor_id for event in wanted},
    )
    uses = list(rows.order_by("at"))
    found = {}
    for event in wanted:
        fit = [
            u
            for u in uses
            if (u.record_id, u.person_id) == (event.record_id, event.actor_id) and u.at <= event.at
        ]
        if fit:
            found[event.pk] = fit[-1]
    return found


def _said(
    notification: Notification, event: Event, record: Record, names: Names, uses: dict[int, EmergencyAccess],
    exercise: str,
) -> Said:  # fmt: skip
    declared = record.record_type
    who = names.person(event.actor_id).get("name") or _("restricted") if event.actor_id else ""
    url = declared.url(record)
    if event.verb == "record.access_asked":
        url = reverse("access:deciding")
    elif event.pk in uses:
        url = reverse("access:review", args=[uses[event.pk].uuid])
    done = is_done(declared, record.state)
    return Said(
        available=True,
        headline=" – ".join(part for part in (exercise, _headline(notification, event, record, who)) if part),
        why=str(_WHY[Reason(notification.reason)]),
        reference=record.reference,
        title=record.title,
        url=url,
        who=who,
        state=state_of(declared, record.state),
        due_at=None if done else record.due_at,
        restricted=is_unnamed_outside(record),
        record=record,
        exercise=exercise,
    )


def _headline(notification: Notification, event: Event, record: Record, who: str) -> str:
    kind = event.verb.partition(".")[2]
    if kind == "comment" and notification.reason == Reason.MENTION:
        return _("%(name)s asks for your attention in a comment") % {"name": who}
    if text := _VERBS.get(event.verb) or _VERBS.get(kind):
        return str(text) % {"name": who} if "%(name)s" in str(text) else str(text)
    declared = record.record_type
    if kind in declared.broadcasts:
        what = kind_label(declared, record.kind) or capital(declared.label)
        state = declared.workflow.state(record.state)
        return f"{what}: {record.title}" if kind != "cancel" else f"{state.label}: {record.title}"
    try:
        step = declared.workflow.transition(kind).label
    except KeyError:
        step = kind
    if not who:
        return _("The portal’s clock chose “%(step)s”") % {"step": step}
    return _("%(name)s chose “%(step)s”") % {"name": who, "step": step}


def _answers(actor: Actor, notifications: Sequence[Notification]) -> dict[int, Said]:
    asked = AccessRequest.objects.in_bulk([each.subject for each in notifications], field_name="uuid")
    return {
        each.pk: Said(
            True, _("Your request for access was answered"), _("You asked for it."), request.reference,
            url=reverse("access:asked", args=[request.uuid]),
        )
        for each in notifications
        if (request := asked.get(each.subject))
    }  # fmt: skip


def _reviews(actor: Actor, notifications: Sequence[Notification]) -> dict[int, Said]:
    uses = EmergencyAccess.objects.in_bulk([each.subject for each in notifications], field_name="uuid")
    return {
        each.pk: Said(
            True, _("Your emergency access was reviewed: %(verdict)s") % {"verdict": use.get_verdict_display()},
            _("You invoked it."), use.reference, url=reverse("access:emergency"),
        )
        for each in notifications
        if (use := uses.get(each.subject))
    }  # fmt: skip


def _handovers(actor: Actor, notifications: Sequence[Notification]) -> dict[int, Said]:
    rows = Handover.objects.filter(successor_id=actor.user_id, cancelled_at__isnull=True).select_related(
        "position", "leaver"
    )
    known = rows.in_bulk([each.subject for each in notifications], field_name="uuid")
    return {
        each.pk: Said(
            True, _("You took over a position from %(name)s") % {"name": handover.leaver.name},
            _("What waits for it waits for you now."), title=handover.position.title,
            url=reverse("desk:position", args=[handover.position.uuid]), who=handover.leaver.name, restricted=False,
        )
        for each in notifications
        if (handover := known.get(each.subject))
    }  # fmt: skip


def _promises(actor: Actor, notifications: Sequence[Notification]) -> dict[int, Said]:
    """Of what is asked or promised: to whoever keeps the resource, and to whoever asked, each under their own rule."""
    rows = Promise.objects.in_bulk([each.subject for each in notifications], field_name="uuid")
    resources = Resource.objects.in_bulk({row.resource_id for row in rows.values()})
    parts = Part.objects.select_related("plan").in_bulk({row.part_id for row in rows.values()})
    return {
        each.pk: Said(
            True, str(Topic(each.topic).label), str(_WHY[Reason(each.reason)]), restricted=False,
            title=_named(resources.get(promise.resource_id)),
            url=_promise_url(actor, promise, resources.get(promise.resource_id), parts.get(promise.part_id)),
        )
        for each in notifications
        if (promise := rows.get(each.subject))
    }  # fmt: skip


def _named(resource: Resource | None) -> str:
    """What the resource can do; of one that not everybody learns of, its kind alone: mail may repeat it."""
    if resource is None:
        return _("restricted")
    is_open = resource.opens_to == OffersTo.MISSION
    return resource.capability if is_open else str(resource.get_kind_display())


def _promise_url(actor: Actor, promise: Promise, resource: Resource | None, part: Part | None) -> str:
    keeps = resource is not None and resource.keeper_id in actor.position_ids
    if not keeps and part is not None:
        return part_url(part.plan, part, "part-resources")
    return reverse("joint_plans:promise", args=[promise.uuid]) if keeps else reverse("joint_plans:resources")


_TOPICS = {
    Topic.ACCESS_ANSWERED: _answers,
    Topic.EMERGENCY_REVIEWED: _reviews,
    Topic.HANDOVER: _handovers,
    Topic.RESOURCE_ASKED: _promises,
    Topic.RESOURCE_PROMISED: _promises,
    Topic.RESOURCE_DECLINED: _promises,
    Topic.RESOURCE_RELEASED: _promises,
}
