"""What pages keep for a person: views of lists, keys of forms sent.

No record and no text of a record is stored here.
"""

from __future__ import annotations

from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from apps.accounts.models import User
from apps.mission.models import Mission


class SavedView(models.Model):
    """Filters and order of a list, kept by a person for themselves in one mission; nobody else sees it.

    `query` is the list's query string without a place in it. One view of each list may be
    the person's own start.
    """

    uuid = models.UUIDField(default=uuid4, unique=True, editable=False)
    mission = models.ForeignKey(Mission, on_delete=models.CASCADE, related_name="+", editable=False)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views", editable=False)
    record_type = models.CharField(max_length=40, editable=False)
    name = models.CharField(_("name of the view"), max_length=60)
    query = models.CharField(max_length=2000, blank=True, editable=False)
    is_default = models.BooleanField(_("open the list with this view"), default=False)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "owner", "record_type", "name"], name="pages_savedview_name"
            ),
            models.UniqueConstraint(
                fields=["mission", "owner", "record_type"],
                name="pages_savedview_default",
                condition=Q(is_default=True),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SentForm(models.Model):
    """A form that made a record, known by its one-time key, so that sending it again makes no second one.

    `record` is the UUID alone: it opens nothing, the row rule decides whether its owner still
    reads the record.
    """

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    key = models.UUIDField()
    record = models.UUIDField(null=True)
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "key"], name="pages_sentform_once")]

    def __str__(self) -> str:
        return str(self.key)
