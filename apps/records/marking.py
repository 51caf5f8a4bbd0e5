"""The marking of whatever leaves the portal: label, originator, date and recipient, stated once for every door.

Not here: reading the marking of what comes in (`label_reading`), and writing it into files (`file_marking`).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from apps.mission.models import Compartment, DataType, Organisation
from apps.mission.vocabulary import Classification, Scope, Sensitivity
from apps.records import clock
from apps.records.actors import Actor
from apps.records.label_reading import STATEMENT, label_read
from apps.records.models import Attachment, Record

#: Under this name files carry the statement in their properties.
PROPERTY = "Marking"
ORIGINATORS_NAMED = 3
_NAME_MOST = 180
_HARMFUL = Sensitivity.HIGH
_KEPT = " ,:.@-_()/"


class Unmarkable(Exception):
    """The file cannot bear a marking inside: sealed, broken, or not built as expected. It stays as it is."""


@dataclass(frozen=True)
class Recipient:
    """Who drew something out: a person in a position. `address` is the e-mail address."""

    name: str
    position: str
    organisation: str
    address: str

    def __str__(self) -> str:
        return ", ".join(part for part in (self.name, self.position, self.organisation) if part)


@dataclass(frozen=True)
class Marking:
    """What stands on a print, an export or a file. Names are by code: compartments, kinds of protected data."""

    classification: Classification
    sensitivity: Sensitivity
    scope: Scope
    compartments: dict[str, str]
    data_types: dict[str, str]
    is_exercise: bool
    reference: str
    originators: tuple[str, ...]
    recipient: Recipient
    at: datetime

    @property
    def word(self) -> str:
        """The classification in capitals, in the reader's language."""
        return str(self.classification.label).upper()

    @property
    def harm(self) -> str:
        """The sensitivity in words: “Sensitivity: high”."""
        return _("Sensitivity: %(level)s") % {"level": str(self.sensitivity.label).lower()}

    @property
    def holds(self) -> str:
        """The kinds of protected data inside, in words; empty when there are none."""
        if not self.data_types:
            return ""
        return _("Holds: %(kinds)s") % {"kinds": ", ".join(self.data_types.values())}

    @property
    def originator(self) -> str:
        """Whose it is; for many, the first few and how many more."""
        named = ", ".join(self.originators[:ORIGINATORS_NAMED])
        more = len(self.originators) - ORIGINATORS_NAMED
        return _("%(names)s and %(number)d more") % {"names": named, "number": more} if more > 0 else named

    @property
    def moment(self) -> str:
        """When it was drawn out, in the reader's language and zone."""
        local = localtime(self.at)
        return f"{date_format(local, 'j F Y H:i')} {local.tzname() or ''}".strip()

    @property
    def exercise(self) -> str:
        """The word that keeps exercises apart; empty for real work."""
        return _("EXERCISE") if self.is_exercise else ""

    @property
    def line(self) -> str:
        """The label in one line: classification, sensitivity, compartments, protected data, audience, exercise."""
        parts = [
            self.exercise, self.word, self.harm, *self.compartments.values(), self.holds, str(self.scope.label)
        ]  # fmt: skip
        return " · ".join(part for part in parts if part)

    @property
    def provenance(self) -> str:
        """Reference, originator, recipient and date in one line."""
        return _("%(reference)s · From: %(originator)s · Drawn out by: %(recipient)s · %(moment)s") % {
            "reference": self.reference, "originator": self.originator, "recipient": self.recipient,
            "moment": self.moment,
        }  # fmt: skip

    @property
    def statement(self) -> str:
        """The marking for programs: one line of ASCII that no language changes. `label_read` reads it."""
        parts = {
            "classification": self.classification.name,
            "sensitivity": self.sensitivity.name,
            "audience": self.scope.value,
            "compartments": ",".join(self.compartments),
            "holds": ",".join(self.data_types),
            "exercise": "yes" if self.is_exercise else "no",
            "reference": self.reference,
            "originator": self.originator,
            "recipient": f"{self.recipient} <{self.recipient.address}>",
            "date": self.stamp,
        }
        return f"{STATEMENT}; " + "; ".join(f"{name}={quote(said, _KEPT)}" for name, said in parts.items())

    @property
    def stamp(self) -> str:
        """The date for programs: UTC, to the second."""
        return self.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

    def properties(self) -> dict[str, str]:
        """What a file carries in its own properties: name -> text; the first is the statement for programs."""
        return {
            PROPERTY: self.statement,
            "Label": self.line,
            "Reference": self.reference,
            "Originator": self.originator,
            "Recipient": str(self.recipient),
            "Drawn out": self.stamp,
        }

    def headers(self) -> dict[str, str]:
        """The marking as headers of an answer; anything but ASCII is percent-encoded."""
        said = {
            "X-Label-Classification": self.classification.name,
            "X-Label-Sensitivity": self.sensitivity.name,
            "X-Label-Audience": self.scope.value,
            "X-Label-Compartments": ",".join(self.compartments),
            "X-Label-Holds": ",".join(self.data_types),
            "X-Label-Exercise": "yes" if self.is_exercise else "",
            "X-Label-Reference": self.reference,
            "X-Label-Originator": self.originator,
            "X-Label-Recipient": f"{self.recipient} <{self.recipient.address}>",
            "X-Label-Date": self.stamp,
        }
        return {name: quote(text, f"{_KEPT}<>") for name, text in said.items() if text}

    def file_name(self, name: str) -> str:
        """The name of a file that leaves: classification, high sensitivity, reference, then its own name.

        A marking that an earlier journey left in front is taken off first.
        """
        front, found, rest = name.partition(f" {self.reference} ")
        own = rest if found and rest and label_read(front) else name
        level = f"-{str(self.sensitivity.label).upper()}" if self.sensitivity >= _HARMFUL else ""
        front = f"{self.word}{level} {self.reference} "
        stem, dot, ending = own.rpartition(".")
        return front + stem[: max(1, _NAME_MOST - len(front) - len(ending) - 1)] + dot + ending


def recipient_of(actor: Actor) -> Recipient:
    """Who the actor is to whoever finds the paper; the portal itself when no person acts."""
    if actor.user is None:
        return Recipient(_("CIMIC Portal"), "", actor.mission.name, "")
    position = actor.positions[0] if actor.positions else None
    return Recipient(
        actor.user.name,
        position.title if position else "",
        position.organisation.name if position else "",
        actor.user.email,
    )


def marking_of(
    actor: Actor, records: Sequence[Record], *, reference: str = "", attachment: Attachment | None = None,
    unknown: Collection[int] = (), names: bool = True,
) -> Marking:  # fmt: skip
    """The marking of what holds these records, drawn out by the actor now: of each part the most restrictive.

    `reference` names what has none of its own, such as a list. An attachment adds the protected data it holds.
    `unknown` are ids of organisations whose names the actor may not know. `names` False leaves compartments, protected
    data and originators out and saves their queries: for answers that state them for each record.
    """
    compartments = {pk for record in records for pk in record.compartments}
    held = {pk for record in records for pk in record.data_types} | set(
        attachment.data_types if attachment else ()
    )
    return Marking(
        classification=Classification(max((record.classification for record in records), default=0)),
        sensitivity=Sensitivity(max((record.sensitivity for record in records), default=0)),
        scope=narrowest(record.scope for record in records),
        compartments=_named(Compartment, compartments) if names else {},
        data_types=_named(DataType, held) if names else {},
        is_exercise=actor.mission.is_exercise or any(record.is_exercise for record in records),
        reference=reference or (records[0].reference if records else ""),
        originators=tuple(dict.fromkeys(originators_of(records, unknown).values())) if names else (),
        recipient=recipient_of(actor),
        at=clock.now(),
    )


def narrowest(scopes: Iterable[str]) -> Scope:
    """The narrowest of some audiences; of none, the whole mission."""
    order = [Scope.PRIVATE, Scope.ORGANISATION, Scope.MISSION]
    return min((Scope(scope) for scope in scopes), key=order.index, default=Scope.MISSION)


def originators_of(records: Sequence[Record], unknown: Collection[int] = ()) -> dict[int, str]:
    """Id -> name of the organisations that the records are from, by name; “restricted” for those not to be known."""
    known = {
        record.originator_id: record.originator.name
        for record in records
        if Record.originator.is_cached(record)
    }
    missing = {record.originator_id for record in records} - known.keys()
    if missing:
        known |= dict(Organisation.objects.filter(pk__in=missing).values_list("pk", "name"))
    known |= {pk: _("restricted") for pk in known.keys() & set(unknown)}
    return dict(sorted(known.items(), key=lambda pair: pair[1]))


def _named(model: Any, ids: set[int]) -> dict[str, str]:
    return {row.code: str(row) for row in rows_of(model, ids).values()}


def rows_of(model: Any, ids: set[int]) -> dict[int, Any]:
    """Id -> row of compartments or of kinds of protected data, by code; no query for none."""
    return {row.pk: row for row in model.objects.filter(pk__in=ids).order_by("code")} if ids else {}
