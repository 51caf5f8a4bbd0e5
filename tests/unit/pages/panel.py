"""The share panel as tests handle it: its address, how it names people, what it says."""

from __future__ import annotations

import re
from typing import Any

from apps.aid_requests.models import AidRequest
from apps.mission.models import Organisation
from apps.need_to_know.acting import acting_as
from apps.need_to_know.grants import grants_of
from tests.cast.people import Cast


def share_url(request: AidRequest) -> str:
    """The panel of a request."""
    return f"/aid-requests/{request.uuid}/share/"


def code(cast: Cast, name: str) -> str:
    """How a form names somebody's position."""
    return f"position:{cast.positions[name].uuid}"


def text(answer: Any) -> str:
    """The page without its markup, in one line."""
    plain = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", plain).replace("&#x27;", "'")


def key_of(cast: Cast, request: AidRequest, who: str = "owner") -> str:
    """The key of the newest grant."""
    with acting_as(cast.people[who], cast.mission):
        return grants_of(request)[0].key


def unlist(cast: Cast, name: str) -> None:
    """An organisation that is not to be listed."""
    Organisation.objects.filter(pk=cast.organisations[name].pk).update(engagement_stance="unlisted")
