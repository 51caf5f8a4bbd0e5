"""What the pages have in common on which whoever keeps a meeting works: refusals are answered in words."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponseBase

from apps.pages import errors
from apps.pages.views.base import RecordPage
from apps.records.errors import RecordError
from apps.records.registry import RecordType
from apps.working_groups.models import Meeting
from apps.working_groups.record import MeetingType


class KeptMeetingPage(RecordPage):
    """A page for whoever keeps a meeting; its other readers are told so, to all else it is missing."""

    record_type: ClassVar[type[RecordType]] = MeetingType
    meeting: Meeting

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """What the services refuse is answered in words; what is gone, or not the actor's to know, is missing."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except RecordError as refusal:
            return self.refused(self.meeting, refusal, errors.status_of(refusal))
        except ObjectDoesNotExist:
            raise Http404 from None
