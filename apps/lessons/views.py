"""Pages of lessons: the portal's own record pages bound to this type, and writing one down from what taught it."""

from __future__ import annotations

from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID

from django.utils.translation import gettext as _

from apps.action_points.labels import begun_with
from apps.lessons.models import Lesson
from apps.lessons.record import LessonType
from apps.lessons.services import lesson_draft
from apps.lessons.teaching import has_taught, teaching, topic
from apps.lessons.ways import FROM
from apps.pages import views
from apps.records.models import Record
from apps.records.originators import FiledAs
from apps.records.registry import RecordType


class LessonList(views.RecordList):
    """The list people work from."""

    record_type: ClassVar[type[RecordType]] = LessonType


class LessonEdit(views.RecordEdit):
    """One step of the form."""

    record_type: ClassVar[type[RecordType]] = LessonType


class LessonTransition(views.RecordTransition):
    """A step of the workflow."""

    record_type: ClassVar[type[RecordType]] = LessonType


class LessonHistory(views.RecordHistory):
    """All that happened."""

    record_type: ClassVar[type[RecordType]] = LessonType


class LessonShare(views.RecordShare):
    """Who reads it, and who is given the right."""

    record_type: ClassVar[type[RecordType]] = LessonType


class LessonShareMany(views.ShareMany):
    """Sharing all that the list shows."""

    record_type: ClassVar[type[RecordType]] = LessonType


class LessonReads(views.RecordReads):
    """Who read it."""

    record_type: ClassVar[type[RecordType]] = LessonType


class LessonStill(views.RecordStill):
    """Whether an open page may still show it."""

    record_type: ClassVar[type[RecordType]] = LessonType


class LessonPrint(views.RecordPrint):
    """The print view."""

    record_type: ClassVar[type[RecordType]] = LessonType


class LessonPdf(views.RecordPdf):
    """The record as PDF."""

    record_type: ClassVar[type[RecordType]] = LessonType


class LessonExport(views.RecordExport):
    """The list as a file."""

    record_type: ClassVar[type[RecordType]] = LessonType


class LessonAudiencePreview(views.AudiencePreview):
    """Who would read it under a label not saved yet."""

    record_type: ClassVar[type[RecordType]] = LessonType


class LessonCommentAdd(views.CommentAdd):
    """A comment."""

    record_type: ClassVar[type[RecordType]] = LessonType


class LessonAttachmentAdd(views.AttachmentAdd):
    """A file, added."""

    record_type: ClassVar[type[RecordType]] = LessonType


class LessonAttachmentDownload(views.AttachmentDownload):
    """A file, read."""

    record_type: ClassVar[type[RecordType]] = LessonType


class LessonLinkAdd(views.LinkAdd):
    """A link to another record."""

    record_type: ClassVar[type[RecordType]] = LessonType


class LessonDetail(views.RecordDetail):
    """Its page."""

    record_type: ClassVar[type[RecordType]] = LessonType


class LessonNew(views.RecordNew):
    """Writing one down, by itself or from the record that the address names."""

    record_type: ClassVar[type[RecordType]] = LessonType

    @cached_property
    def source(self) -> Record | None:
        """The record that taught it; None alike for one hidden, one that never was, one that teaches nothing."""
        try:
            wanted = UUID(self.request.GET.get(FROM, ""))
        except ValueError:
            return None
        found = Record.objects.filter(uuid=wanted, mission=self.actor.mission).first()
        return found if found is not None and has_taught(found) else None

    def proposed(self) -> Any:
        """One for records like its source, with no less than its label."""
        declared, source, ways = self.record_type, self.source, self.ways()
        found = Lesson(
            mission=self.actor.mission, type=declared.key, state=declared.workflow.initial,
            **begun_with(self.actor, declared.key, source, ways[0].originator.pk if ways else 0),
        )  # fmt: skip
        if source is not None and (taught := teaching(source.type)) is not None:
            found.kind, found.area_id, found.sector_id = taught.kind, source.area_id, source.sector_id
            found.applies_to = [topic(source.type, source.kind)]
        return found

    def intro(self) -> str:
        """What taught it."""
        if self.source is None:
            return ""
        said = _(
            "%(reference)s, “%(title)s”, taught it. It has at least the label of that record. Whoever reads the "
            "lesson alone does not learn where it comes from: do not write it into the text."
        )
        return said % {"reference": self.source.reference, "title": self.source.title}

    def file(self, record: Any, filed_as: FiledAs) -> Any:
        """Store it, linked to what taught it."""
        return lesson_draft(self.actor, record=record, source=self.source, position=filed_as.position)
