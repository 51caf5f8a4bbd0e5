"""Writing between two records: links, counterparts of an engagement, hosts of an office. The database decides."""

from __future__ import annotations

from typing import Any

from apps.liaison_offices.models import Counterpart, Engagement, Host, LiaisonLink, LiaisonOffice
from apps.records.actors import Actor
from apps.records.transitions import refusals
from apps.stakeholders.models import Stakeholder


def link_save(actor: Actor, *, link: LiaisonLink) -> LiaisonLink:
    """Store a link, new or changed. NotPermitted where it is not theirs to write or is ruled out."""
    assert actor.user is not None
    with refusals():
        if link.pk is None:
            link.author = actor.user
            link.save(force_insert=True)
        else:
            link.save(
                update_fields=[
                    "level", "mode", "primary", "alternate", "frequency_days", "area", "office", "note",
                    "is_active",
                ]
            )  # fmt: skip
        link.refresh_from_db(fields=["last_contact_on", "at"])
    return link


def _table(record: Any) -> tuple[Any, str]:
    return (Host, "office") if isinstance(record, LiaisonOffice) else (Counterpart, "engagement")


def stakeholder_name(actor: Actor, *, record: LiaisonOffice | Engagement, stakeholder: Stakeholder) -> Any:
    """Name the host of an office, or a counterpart of an engagement; twice is once.

    NotPermitted where the record is not theirs to change.
    """
    assert actor.user is not None
    model, end = _table(record)
    with refusals():
        made, _new = model.objects.get_or_create(
            **{end: record}, stakeholder=stakeholder, defaults={"author": actor.user}
        )
    return made


def stakeholder_unname(actor: Actor, *, record: LiaisonOffice | Engagement, row_id: int) -> int:
    """Take one back; how many there were. Nothing happens to what is not theirs."""
    model, end = _table(record)
    deleted: int = model.objects.filter(**{end: record}, pk=row_id).delete()[0]
    return deleted


def named_with(record: LiaisonOffice | Engagement) -> list[Any]:
    """Those rows whose other end the actor may know of, with it."""
    model, end = _table(record)
    return list(model.objects.filter(**{end: record}).select_related("stakeholder").order_by("pk"))
