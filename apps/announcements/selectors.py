"""Reads of announcements under the row rule: what one has not read yet, and who has read an edition."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from apps.announcements.models import Acknowledgement, Announcement, Edition
from apps.need_to_know.roll_call import Page, Roll, roll_call
from apps.records.actors import Actor

#: Whoever has read the edition: by their own word, or because they wrote it. People of `roll_call`.
_READ = """
    SELECT a.person_id FROM announcements_acknowledgement a
     WHERE a.announcement_id = %(record)s AND a.edition = %(edition)s
    UNION SELECT e.actor_id FROM announcements_edition e
     WHERE e.announcement_id = %(record)s AND e.number = %(edition)s
"""


def acknowledgement_of(actor: Actor, announcement: Announcement) -> Acknowledgement | None:
    """The actor's own word on the edition in force."""
    return Acknowledgement.objects.filter(
        announcement_id=announcement.pk, edition=announcement.edition, person_id=actor.user_id
    ).first()


def unread_by(actor: Actor) -> QuerySet[Announcement]:
    """Announcements in force that ask for it and whose edition the actor has neither acknowledged nor written."""
    said = Acknowledgement.objects.filter(
        announcement_id=OuterRef("pk"), edition=OuterRef("edition"), person_id=actor.user_id
    )
    own = Edition.objects.filter(
        announcement_id=OuterRef("pk"), number=OuterRef("edition"), actor_id=actor.user_id
    )
    asked = Announcement.objects.filter(mission=actor.mission, state="issued", needs_acknowledgement=True)
    return asked.exclude(Exists(said) | Exists(own))


def read_by(actor: Actor, announcement: Announcement, page: Page) -> Roll:
    """Who has said that they read the edition in force, in numbers, and who has not, by name; one query.

    For the originator's own people: to everybody else nobody seems to have.
    """
    return roll_call(actor, announcement, done=_READ, values={"edition": announcement.edition}, page=page)
