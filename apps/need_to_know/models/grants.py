"""Grants: guardian's permissions on a record, the only explicit permissions that are stored."""

from __future__ import annotations

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from apps.accounts.models import User
from apps.records.models import Record


class Right(models.TextChoices):
    """What a grant allows; each later one includes reading. Values are guardian's codenames on Record."""

    VIEW = "view_record", _("read")
    CHANGE = "change_record", _("change")
    SHARE = "share_record", _("share")
    MANAGE = "manage_record", _("manage")


class Grant(models.Model):
    """What every grant says besides who and what: who gave it, why, until when."""

    uuid = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    granted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("granted by")
    )
    granted_at = models.DateTimeField(_("granted"), auto_now_add=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    expires_at = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        abstract = True


class RecordUserObjectPermission(UserObjectPermissionBase, Grant):
    """A grant to a person."""

    content_object = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="user_grants")

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["user", "expires_at"], name="ntk_user_lent", condition=Q(expires_at__isnull=False))
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.permission_id} on {self.content_object_id} to person {self.user_id}"


class RecordGroupObjectPermission(GroupObjectPermissionBase, Grant):
    """A grant to a position, organisation, working group or liaison office, through its principal."""

    content_object = models.ForeignKey(Record, on_delete=models.CASCADE, related_name="group_grants")

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
        indexes = [
            models.Index(fields=["group", "expires_at"], name="ntk_group_lent", condition=Q(expires_at__isnull=False))
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.permission_id} on {self.content_object_id} to principal {self.group_id}"
