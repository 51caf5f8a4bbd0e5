"""The groups of the navigation, in the order in which they stand. A record type says in which one it is found."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class NavGroup(models.TextChoices):
    """A handful, in the field's words; a group in which somebody finds one entry alone is drawn as that entry."""

    DESK = "desk", _("Desk")
    REQUESTS = "requests", _("Requests")
    COORDINATION = "coordination", _("Coordination")
    LIAISON = "liaison", _("Liaison")
    REPORTS = "reports", _("Reports and notices")
    OVERSIGHT = "oversight", _("Oversight")
