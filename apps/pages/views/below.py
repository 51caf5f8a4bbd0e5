"""Pages of what stands below a record and has services of its own: refusals are said in words."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponseBase

from apps.pages import errors
from apps.pages.views.base import RecordPage
from apps.records.errors import RecordError


class PageBelow(RecordPage):
    """A page of something below a record, for readers of the record: a refusal says why, what is gone is missing."""

    #: The record, from when it was found.
    above: Any

    def record_or_404(self, uuid: UUID) -> Any:
        """The record, kept for what is said of a refusal."""
        self.above = super().record_or_404(uuid)
        return self.above

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """What the services refuse is answered in words; what is gone, or not the actor's to know, is missing."""
        try:
            return super().dispatch(request, *args, **kwargs)
        except RecordError as refusal:
            return self.refused(self.above, refusal, errors.status_of(refusal))
        except ObjectDoesNotExist:
            raise Http404 from None
