"""What a request for information must say before it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from apps.information_requests.positions import desk_of
from apps.records import clock
from apps.records.workflow import Text

if TYPE_CHECKING:
    from apps.information_requests.models import InformationRequest

_REQUIRED = {
    "title": _("Give the request a title."),
    "question": _("Say what you need to know."),
    "purpose": _("Say what you need it for."),
    "priority": _("Choose the priority."),
    "needed_by": _("Say by when you need it."),
}


def required() -> dict[str, Text]:
    """Fields that must be answered, with what to say when they are empty."""
    return dict(_REQUIRED)


def missing(request: InformationRequest) -> dict[str, list[Text]]:
    """Field -> what must be answered before it is asked."""
    found: dict[str, list[Text]] = {}
    for name, message in _REQUIRED.items():
        value = getattr(request, name)
        if value is None or (isinstance(value, str) and not value.strip()):
            found[name] = [message]
    if request.needed_by and request.needed_by <= clock.now():
        found["needed_by"] = [_("This moment is over. Say by when you need it now.")]
    if request.asked_of_id is None and desk_of(request.mission_id) is None:
        found["asked_of"] = [_("Choose whom you ask.")]
    return found
