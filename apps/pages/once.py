"""One-time keys of forms that make a record: sending such a form twice makes one record. No table is needed."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.core import signing

from apps.records.actors import Actor

_SALT = "pages.once"


def key_for(actor: Actor) -> str:
    """A key for a blank form: the UUID that its record will have, signed for this person."""
    return signing.dumps([actor.user_id, str(uuid4())], salt=_SALT)


def uuid_of(actor: Actor, key: str) -> UUID:
    """The record's UUID that the key stands for; a fresh one when the key is missing, broken or somebody else's."""
    try:
        person, uuid = signing.loads(key, salt=_SALT)
        if person == actor.user_id:
            return UUID(uuid)
    except (signing.BadSignature, ValueError, TypeError):
        pass
    return uuid4()
