"""Ways out to machines: browsers that take push messages, and systems of the mission that take webhooks."""

from __future__ import annotations

import base64
import secrets
from uuid import uuid4

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.mission.models import Mission
from apps.notifications.vocabulary import MessageState
from apps.records.models import Event, Record


class PushDevice(models.Model):
    """A browser of a person that takes push messages; `name` is what the person sees in the list."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="push_devices")
    endpoint = models.URLField(max_length=1000, unique=True)
    key = models.CharField(max_length=120)
    secret = models.CharField(max_length=40)
    name = models.CharField(max_length=120, blank=True)
    added_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-added_at"]

    def __str__(self) -> str:
        return self.name or str(self.uuid)


def new_secret() -> str:
    """A signing secret as Standard Webhooks writes it: 32 random bytes in base64, behind its prefix."""
    return "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode("ascii")


class Webhook(models.Model):
    """A system of the mission that is called when something happens that its own account reads.

    `account` is a person's account that no person uses; it holds a position of its own, and is told only what the
    row rule lets that position read. `record_types` empty: of all types.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    mission = models.ForeignKey(
        Mission, on_delete=models.CASCADE, related_name="webhooks", verbose_name=_("mission")
    )
    name = models.CharField(_("name"), max_length=120)
    url = models.URLField(_("address"), max_length=500)
    account = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name=_("account"),
        help_text=_("An account that no person uses, in a position of its own. It is told what that position reads."),
    )  # fmt: skip
    secret = models.CharField(_("signing secret"), max_length=80, default=new_secret, editable=False)
    record_types = models.JSONField(_("record types"), default=list, blank=True)
    is_active = models.BooleanField(_("in use"), default=True)

    class Meta:
        verbose_name = _("webhook")
        verbose_name_plural = _("webhooks")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["mission", "name"], name="notifications_webhook_name")]

    def __str__(self) -> str:
        return self.name


class Call(models.Model):
    """One event on its way to one webhook; it goes out once, with ids alone. Read by the webhook's account only."""

    id = models.BigAutoField(primary_key=True)
    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    webhook = models.ForeignKey(Webhook, on_delete=models.CASCADE, related_name="calls")
    mission = models.ForeignKey(Mission, on_delete=models.CASCADE, related_name="+")
    record = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="+")
    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="+")
    state = models.CharField(max_length=8, choices=MessageState, default=MessageState.QUEUED)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(db_default=Now())
    created_at = models.DateTimeField(db_default=Now())
    done_at = models.DateTimeField(null=True)
    code = models.CharField(max_length=20, blank=True, default="")

    class Meta:
        indexes = [
            models.Index(
                F("next_at"), F("id"), name="notifications_calls", condition=Q(state=MessageState.QUEUED)
            ),
            models.Index(
                fields=["state", "done_at"],
                name="notifications_dead_calls",
                condition=Q(state=MessageState.DEAD),
            ),
        ]  # fmt: skip
        constraints = [models.UniqueConstraint(fields=["webhook", "event"], name="notifications_call_once")]

    def __str__(self) -> str:
        return f"{self.webhook_id} {self.state}"
