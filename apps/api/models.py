"""What the API keeps for itself: which write a person's idempotency key stood for. No content is stored."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User


class IdempotencyKey(models.Model):
    """A write carried out under a key of its caller's choice; readable by that caller alone (row rule).

    `fingerprint` is a digest of method, path and body. `subject` is the UUID of what was written, so that a
    repeated call is answered from what the caller may read now.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    subject = models.UUIDField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("idempotency key")
        verbose_name_plural = _("idempotency keys")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="api_idempotencykey_once")]
        indexes = [models.Index(fields=["user", "created_at"], name="api_idempotencykey_age")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.status}"
