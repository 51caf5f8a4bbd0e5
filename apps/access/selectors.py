"""What waits for somebody in this room, what was opened to them, and what the audit shows. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from apps.mission.models import Position
from apps.mission.vocabulary import Role
from apps.need_to_know.access_requests import access_requests_to_decide, answer_parts
from apps.need_to_know.break_glass import uses_to_review
from apps.need_to_know.checking import chain_problems
from apps.need_to_know.models import AccessRequest, AccessRequestTarget, EmergencyAccess, ReadLog
from apps.need_to_know.reads import reads_of_mission
from apps.pages.values import state_of
from apps.records import clock
from apps.records.actors import Actor
from apps.records.models import Record
from apps.releases.models import Derivation, Release

_NO_READERS = {Role.ADMIN, Role.AUDITOR}


def reading_positions(actor: Actor) -> list[Position]:
    """The actor's positions in which one may read records at all: not those that only administer or audit."""
    found = []
    for position in actor.positions:
        roles = {held.role for held in position.roles.all()}
        if not roles or roles - _NO_READERS:
            found.append(position)
    return found


def opened_to(actor: Actor, requests: Iterable[AccessRequest]) -> set[str]:
    """References of what these requests opened, as far as the actor reads it now; one query, and no read of any."""
    wanted = {answer_parts(request)[0] for request in requests} - {""}
    if not wanted:
        return set()
    found = Record.objects.filter(mission=actor.mission, reference__in=wanted)
    return set(found.values_list("reference", flat=True))


def releases_of(record: Record) -> QuerySet[Release]:
    """Releases in force that are drawn from the record and that the actor knows of, the newest first."""
    return Release.objects.filter(
        state="released", drawn_from__source_id=record.pk, drawn_from__relation=Derivation.Relation.SOURCE
    ).order_by("-created_at", "-pk")


def waiting_items(actor: Actor) -> list[dict[str, Any]]:
    """Requests to decide on and emergencies to review, as the desk draws what waits for somebody."""
    return [
        *(_to_decide(target) for target in access_requests_to_decide(actor)),
        *(_to_review(use) for use in uses_to_review(actor)),
    ]


def _to_decide(target: AccessRequestTarget) -> dict[str, Any]:
    request = target.request
    return _item(
        target.record,
        reverse("access:decide", args=[request.uuid]),
        _("Decide on a request for access: %(who)s") % {"who": request.asker.name},
        request.lapses_at,
    )


def _to_review(use: EmergencyAccess) -> dict[str, Any]:
    return _item(
        use.record,
        reverse("access:review", args=[use.uuid]),
        _("Review an emergency access: %(who)s") % {"who": use.person.name},
        use.review_due_at,
    )


def _item(record: Record, url: str, text: str, due: datetime) -> dict[str, Any]:
    return {
        "reference": record.reference,
        "title": record.title,
        "url": url,
        "state": state_of(record.record_type, record.state),
        "text": text,
        "clock": {"at": due},
    }


# ---------------------------------------------------------------- what auditors see
@dataclass(frozen=True)
class ReadFilters:
    """What narrows the log of reads; empty values narrow nothing. Days are whole days of the reader's zone."""

    person: str = ""
    reference: str = ""
    channel: str = ""
    via: str = ""
    first_day: date | None = None
    last_day: date | None = None


def reads_filtered(actor: Actor, filters: ReadFilters) -> QuerySet[ReadLog]:
    """The mission's log of reads under the filters, for its auditors."""
    rows = reads_of_mission(actor.mission.pk)
    if filters.person:
        rows = rows.filter(
            Q(person__name__icontains=filters.person) | Q(person__email__iexact=filters.person)
        )
    if filters.reference:
        rows = rows.filter(reference=filters.reference.strip().upper())
    if filters.channel:
        rows = rows.filter(channel=filters.channel)
    if filters.via:
        rows = rows.filter(via=filters.via)
    if filters.first_day:
        rows = rows.filter(at__gte=_midnight(filters.first_day))
    if filters.last_day:
        rows = rows.filter(at__lt=_midnight(filters.last_day + timedelta(days=1)))
    return rows


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def uses_of_mission(actor: Actor) -> QuerySet[EmergencyAccess]:
    """All emergency accesses of the mission, for its auditors."""
    rows = EmergencyAccess.objects.filter(mission=actor.mission)
    return rows.select_related("person", "position__organisation", "reviewer")


def uses_counted(actor: Actor) -> dict[str, int]:
    """How many emergency accesses there are: all, justified, not justified, to be reviewed, overdue."""
    counted: dict[str, int] = uses_of_mission(actor).aggregate(
        all=Count("pk"),
        justified=Count("pk", filter=Q(verdict="justified")),
        unjustified=Count("pk", filter=Q(verdict="unjustified")),
        waiting=Count("pk", filter=Q(verdict="")),
        overdue=Count("pk", filter=Q(verdict="", review_due_at__lt=clock.now())),
    )
    return counted


def requests_of_mission(actor: Actor) -> QuerySet[AccessRequest]:
    """All requests for access of the mission, for its auditors; what they met is not told."""
    rows = AccessRequest.objects.filter(mission=actor.mission)
    return rows.select_related("asker", "position__organisation", "reader__organisation")


def requests_counted(actor: Actor) -> dict[str, int]:
    """How many requests for access there are, by what came of them."""
    now, nothing = clock.now(), Q(given="", withdrawn_at__isnull=True)
    counted: dict[str, int] = requests_of_mission(actor).aggregate(
        all=Count("pk"),
        full=Count("pk", filter=Q(given="full")),
        summary=Count("pk", filter=Q(given="summary")),
        existence=Count("pk", filter=Q(given="existence")),
        withdrawn=Count("pk", filter=Q(given="", withdrawn_at__isnull=False)),
        open=Count("pk", filter=nothing & Q(lapses_at__gt=now)),
        ended=Count("pk", filter=nothing & Q(lapses_at__lte=now)),
    )
    return counted


@dataclass(frozen=True)
class Chain:
    """The chain of reads of one record: how many entries it has, and which of them are not as they were written."""

    reference: str
    entries: int
    broken: list[int]


def chains_checked(actor: Actor, reference: str) -> list[Chain]:
    """The chain behind a reference, computed anew; none where no read of it is logged.

    Every chain of the portal is computed: on demand, not for each page.
    """
    wanted = reference.strip().upper()
    logged = reads_of_mission(actor.mission.pk).filter(reference=wanted).order_by()
    counted = dict(logged.values_list("record_id").annotate(n=Count("pk")))
    if not counted:
        return []
    problems = chain_problems()
    return [
        Chain(wanted, entries, sorted(number for of, number in problems if of == record))
        for record, entries in counted.items()
    ]
