"""Pages of action points: the portal's own record pages bound to this type, and beginning one from another record."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from django.contrib.auth.models import Group
from django.utils.translation import gettext as _

from apps.action_points.labels import begun_with
from apps.action_points.models import ActionPoint
from apps.action_points.record import ActionPointType
from apps.action_points.services import NO_SOURCE, action_point_draft
from apps.action_points.ways import FROM
from apps.pages import record_page, views
from apps.pages.names import Names
from apps.records import exercises
from apps.records.models import Record
from apps.records.originators import FiledAs
from apps.records.registry import RecordType


class ActionPointList(views.RecordList):
    """The list people work from."""

    record_type: ClassVar[type[RecordType]] = ActionPointType


class ActionPointEdit(views.RecordEdit):
    """One step of the form."""

    record_type: ClassVar[type[RecordType]] = ActionPointType


class ActionPointTransition(views.RecordTransition):
    """A step of the workflow."""

    record_type: ClassVar[type[RecordType]] = ActionPointType


class ActionPointHistory(views.RecordHistory):
    """All that happened."""

    record_type: ClassVar[type[RecordType]] = ActionPointType


class ActionPointShare(views.RecordShare):
    """Who reads it, and who is given the right."""

    record_type: ClassVar[type[RecordType]] = ActionPointType


class ActionPointShareMany(views.ShareMany):
    """Sharing all that the list shows."""

    record_type: ClassVar[type[RecordType]] = ActionPointType


class ActionPointReads(views.RecordReads):
    """Who read it."""

    record_type: ClassVar[type[RecordType]] = ActionPointType


class ActionPointStill(views.RecordStill):
    """Whether an open page may still show it."""

    record_type: ClassVar[type[RecordType]] = ActionPointType


class ActionPointPrint(views.RecordPrint):
    """The print view."""

    record_type: ClassVar[type[RecordType]] = ActionPointType


class ActionPointPdf(views.RecordPdf):
    """The record as PDF."""

    record_type: ClassVar[type[RecordType]] = ActionPointType


class ActionPointExport(views.RecordExport):
    """The list as a file."""

    record_type: ClassVar[type[RecordType]] = ActionPointType


class ActionPointAudiencePreview(views.AudiencePreview):
    """Who would read it under a label not saved yet."""

    record_type: ClassVar[type[RecordType]] = ActionPointType


class ActionPointCommentAdd(views.CommentAdd):
    """A comment."""

    record_type: ClassVar[type[RecordType]] = ActionPointType


class ActionPointAttachmentAdd(views.AttachmentAdd):
    """A file, added."""

    record_type: ClassVar[type[RecordType]] = ActionPointType


class ActionPointAttachmentDownload(views.AttachmentDownload):
    """A file, read."""

    record_type: ClassVar[type[RecordType]] = ActionPointType


class ActionPointLinkAdd(views.LinkAdd):
    """A link to another record."""

    record_type: ClassVar[type[RecordType]] = ActionPointType


class ActionPointDetail(views.RecordDetail):
    """Its page."""

    record_type: ClassVar[type[RecordType]] = ActionPointType

    def more(self, record: Any, contents: Any, names: Names) -> dict[str, Any]:
        """The working group that it belongs to."""
        if record.body_id is None:
            return {}
        group = {"label": _("Working group"), "value": names.text(Group, record.body_id), "kind": "text"}
        return {"facts": [group, *record_page.facts(self.record_type, record, names, self.actor)]}


class ActionPointNew(views.RecordNew):
    """Starting one, by itself or from the record that the address names."""

    record_type: ClassVar[type[RecordType]] = ActionPointType

    @cached_property
    def source(self) -> Record | None:
        """The record it arises from; None alike for one that is hidden, that never was, and for none."""
        try:
            wanted = UUID(self.request.GET.get(FROM, ""))
        except ValueError:
            return None
        return (
            Record.objects.filter(uuid=wanted, mission=self.actor.mission)
            .exclude(type__in=NO_SOURCE)
            .exclude(exercises.apart(self.actor))
            .first()
        )

    def proposed(self) -> Any:
        """One on the place and sector of its source, with no less than its label."""
        declared, source, ways = self.record_type, self.source, self.ways()
        found = ActionPoint(
            mission=self.actor.mission, type=declared.key, state=declared.workflow.initial,
            **begun_with(self.actor, declared.key, source, ways[0].originator.pk if ways else 0),
        )  # fmt: skip
        if source is not None:
            found.area_id, found.sector_id, found.priority = source.area_id, source.sector_id, source.priority
        return found

    def intro(self) -> str:
        """What it arises from."""
        if self.source is None:
            return ""
        said = _("It arises from %(reference)s, “%(title)s”, and has at least the label of that record.")
        return said % {"reference": self.source.reference, "title": self.source.title}

    def file(self, record: Any, filed_as: FiledAs) -> Any:
        """Store it, linked to what it arises from."""
        return action_point_draft(self.actor, record=record, source=self.source, position=filed_as.position)
