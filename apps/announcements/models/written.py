"""Rows under an announcement, written once: its editions, and who has said that they read one."""

from __future__ import annotations

from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.mission.models import Position

from .announcement import Announcement
from .told import Told


class Edition(Told):
    """What was told from a moment on: the first when it is issued, another with every amendment.

    Writing the row puts it in force, in the same statement. The database numbers it and says who wrote it when.
    """

    id = models.BigAutoField(primary_key=True)
    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="editions")
    number = models.PositiveSmallIntegerField(_("edition"), editable=False, default=0)
    position = models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("as"), editable=False
    )
    actor = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("by"), editable=False
    )
    at = models.DateTimeField(_("on"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("edition")
        verbose_name_plural = _("editions")
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(fields=["announcement", "number"], name="announcements_edition_once")
        ]

    def __str__(self) -> str:
        return str(self.number)


class Acknowledgement(models.Model):
    """A reader's word that they have read an edition; once for each, and in nobody else's name.

    Read by that person, and by the originator's own people. The database says who it is and when.
    """

    id = models.BigAutoField(primary_key=True)
    announcement = models.ForeignKey(Announcement, on_delete=models.CASCADE, related_name="acknowledgements")
    edition = models.PositiveSmallIntegerField(_("edition"))
    person = models.ForeignKey(
        User, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"), editable=False
    )
    position = models.ForeignKey(
        Position, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("as"), editable=False
    )
    at = models.DateTimeField(_("on"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("acknowledgement")
        verbose_name_plural = _("acknowledgements")
        ordering = ("at", "id")
        constraints = [
            models.UniqueConstraint(
                fields=["announcement", "edition", "person"], name="announcements_acknowledgement_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.edition}"
