"""What people are told: a notification in the inbox, its ways beside the inbox, and digests. No text is stored.

Rows are written by the database's own functions alone (`0002_outbox.sql`); a person reads their own and no others.
"""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.mission.models import Mission
from apps.notifications.vocabulary import Channel, Frequency, MessageState, Reason, Topic
from apps.records.models import Event, Record


class Digest(models.Model):
    """One person's digest of a day or week in one mission: there is at most one for each of their local days."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    mission = models.ForeignKey(Mission, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    frequency = models.CharField(max_length=10, choices=Frequency)
    day = models.DateField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "mission", "frequency", "day"], name="notifications_digest_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.frequency} {self.day}"


class Notification(models.Model):
    """That a person is told of an event, once. What it says is read from the record under the reader's own rule.

    Without an event it has a topic and the UUID of its subject. `digest_in` names the digest that mails it;
    `digested` is the one that did.
    """

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    mission = models.ForeignKey(Mission, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+", db_index=False)
    record = models.ForeignKey(Record, on_delete=models.CASCADE, null=True, related_name="+")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, null=True, related_name="+")
    topic = models.CharField(max_length=30, choices=Topic, blank=True, default="")
    subject = models.UUIDField(null=True)
    reason = models.CharField(_("reason"), max_length=14, choices=Reason)
    at = models.DateTimeField(_("when"), db_default=Now())
    read_at = models.DateTimeField(_("read"), null=True)
    digest_in = models.CharField(max_length=10, choices=Frequency, blank=True, default="")
    digested = models.ForeignKey(Digest, on_delete=models.SET_NULL, null=True, related_name="notifications")

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["person", "mission", "-at", "-id"], name="notifications_inbox"),
            models.Index(
                fields=["person", "mission", "reason"], name="notifications_unread", condition=Q(read_at=None)
            ),
            models.Index(
                fields=["digest_in", "person"],
                name="notifications_undigested",
                condition=~Q(digest_in="") & Q(digested=None, read_at=None),
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "person"], name="notifications_event_once", condition=Q(event__isnull=False)
            ),
            models.UniqueConstraint(
                fields=["topic", "subject", "person"],
                name="notifications_topic_once",
                condition=Q(event__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(event__isnull=False, record__isnull=False, topic="")
                | Q(event__isnull=True, subject__isnull=False) & ~Q(topic=""),
                name="notifications_about_one_thing",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reason} {self.uuid}"


class Message(models.Model):
    """A notification or a digest on its way to a person by one channel; it goes out once.

    `urgency`: 2 emergencies, 1 what needs the person, 0 all else; more urgent ones go first.
    `code` says why it was not sent (`vocabulary.CODES`).
    """

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    mission = models.ForeignKey(Mission, on_delete=models.CASCADE, related_name="+")
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    notification = models.ForeignKey(
        Notification, on_delete=models.CASCADE, null=True, related_name="messages"
    )
    digest = models.ForeignKey(Digest, on_delete=models.CASCADE, null=True, related_name="messages")
    channel = models.CharField(max_length=6, choices=Channel)
    state = models.CharField(max_length=8, choices=MessageState, default=MessageState.QUEUED)
    urgency = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(db_default=Now())
    created_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True)
    code = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(
                F("channel"), F("urgency").desc(), F("next_at"), F("id"),
                name="notifications_queue", condition=Q(state=MessageState.QUEUED),
            ),
            models.Index(fields=["state", "done_at"], name="notifications_dead", condition=Q(state=MessageState.DEAD)),
        ]  # fmt: skip
        constraints = [
            models.UniqueConstraint(fields=["notification", "channel"], name="notifications_message_once"),
            models.UniqueConstraint(fields=["digest", "channel"], name="notifications_digest_message_once"),
            models.CheckConstraint(
                condition=Q(notification__isnull=False, digest__isnull=True)
                | Q(notification__isnull=True, digest__isnull=False),
                name="notifications_message_of_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.state}"
