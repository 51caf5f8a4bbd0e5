"""One-time keys of forms that make a record: sending such a form twice makes one record."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from django.core import signing
from django.db import IntegrityError, transaction

from apps.pages.models import SentForm
from apps.records import clock
from apps.records.actors import Actor

_SALT = "pages.once"
KEPT = timedelta(days=7)


def key_for(actor: Actor) -> str:
    """A key for a blank form, signed for this person."""
    return signing.dumps([actor.user_id, str(uuid4())], salt=_SALT)


def read(actor: Actor, key: str) -> UUID:
    """What the key stands for; a fresh one when it is missing, broken or somebody else's."""
    try:
        person, uuid = signing.loads(key, salt=_SALT)
        if person == actor.user_id:
            return UUID(uuid)
    except (signing.BadSignature, ValueError, TypeError):
        pass
    return uuid4()


def made_by(actor: Actor, key: UUID) -> UUID | None:
    """The UUID of the record that a form with this key has made already."""
    return SentForm.objects.filter(owner_id=actor.user_id, key=key).values_list("record", flat=True).first()


def once(actor: Actor, key: UUID, make: Callable[[], Any]) -> UUID:
    """Make a record by `make` unless a form with this key has; its UUID either way.

    Nothing is kept on an error.

    WHY: the key is written first, so that a second form waits for the first's transaction, then finds it.
    """
    SentForm.objects.filter(owner_id=actor.user_id, at__lt=clock.now() - KEPT).delete()
    try:
        with transaction.atomic():
            sent = SentForm.objects.create(owner=actor.user, key=key)  # type: ignore[misc]
    except IntegrityError:
        found = made_by(actor, key)
        if found is None:
            raise
        return found
    try:
        with transaction.atomic():
            record = make()
            SentForm.objects.filter(pk=sent.pk).update(record=record.uuid)
    except BaseException:
        sent.delete()
        raise
    return UUID(str(record.uuid))
