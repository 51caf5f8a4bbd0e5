"""Reads of releases under the row rule: what one is drawn from, how it was signed, what may be told of a record."""

from __future__ import annotations

from django.db.models import QuerySet

from apps.records.models import Record
from apps.releases.labels import Label, highest, label_of
from apps.releases.models import Derivation, Release, Signature


def sources_of(record: Record) -> QuerySet[Record]:
    """The records that it is drawn from, as far as the actor may know of them."""
    return Record.objects.filter(released_as__derived_id=record.pk).order_by("released_as__at")


def floor_of(record: Record) -> Label | None:
    """The lowest label that a record may carry unsigned, by those sources that the actor reads; None without one."""
    return highest(label_of(source) for source in sources_of(record))


def last_signature(record: Record) -> Signature | None:
    """The signature in force; None for whoever may not read it."""
    return Signature.objects.filter(release_id=record.pk).order_by("-at", "-id").first()


def release_of(record: Record) -> Release | None:
    """The newest release in force that is drawn from the record; None when the actor knows of none.

    It is what an access request is answered with where a summary is given.
    """
    return (
        Release.objects.filter(
            state="released",
            drawn_from__source_id=record.pk,
            drawn_from__relation=Derivation.Relation.SOURCE,
        )
        .order_by("-created_at", "-pk")
        .first()
    )


def is_raised(record: Record) -> bool:
    """Whether something that it is drawn from was labelled higher since it was signed."""
    return Derivation.objects.filter(derived_id=record.pk, raised_at__isnull=False).exists()


def earlier_versions(record: Record) -> QuerySet[Release]:
    """Releases in force that this one is a new version of."""
    return Release.objects.filter(
        state="released",
        released_as__derived_id=record.pk,
        released_as__relation=Derivation.Relation.VERSION,
    )
