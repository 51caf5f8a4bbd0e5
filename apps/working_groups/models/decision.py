"""A decision: its text, who made it, from when it holds. What it replaces stands in the links between records."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.records.models import Record

from .group import text_of


class Decision(Record):
    """An entry of the register of decisions, with a label of its own: it may be quoted where its meeting may not."""

    record_ptr = models.OneToOneField(
        Record, on_delete=models.CASCADE, parent_link=True, primary_key=True, related_name="as_decision"
    )
    body = models.ForeignKey(Group, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    text = text_of(_("decision"), 4000)
    made_by = models.CharField(_("made by"), max_length=200, blank=True, default="")
    effective_from = models.DateField(_("in force from"), null=True, blank=True)
    review_on = models.DateField(_("to be reviewed on"), null=True, blank=True)

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        indexes = [models.Index(fields=["body"], name="working_groups_decision_body")]
