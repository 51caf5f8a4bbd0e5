"""What the pages have in common on which whoever keeps a meeting works."""

from __future__ import annotations

from typing import ClassVar

from apps.pages.views.below import PageBelow
from apps.records.registry import RecordType
from apps.working_groups.models import Meeting
from apps.working_groups.record import MeetingType


class KeptMeetingPage(PageBelow):
    """A page for whoever keeps a meeting; its other readers are told so, to all else it is missing."""

    record_type: ClassVar[type[RecordType]] = MeetingType
    meeting: Meeting
