"""An announcement as a message of the Common Alerting Protocol 1.2 (OASIS, July 2010), with the portal's marking.

What it says is what its reader may read: it is never public, and its restriction names the label.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, indent, tostring
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from apps.announcements.models import Announcement, Edition
from apps.announcements.vocabulary import Category, Certainty, Kind, Severity, Urgency
from apps.mission.vocabulary import Scope
from apps.need_to_know.audience import audience_of
from apps.pages.leaving import marking_for, put_headers
from apps.pages.values import exact_time
from apps.records import clock
from apps.records.actors import Actor
from apps.records.marking import Marking
from apps.records.models import Step

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
MEDIA_TYPE = "application/cap+xml"
NOT_ISSUED = gettext_lazy("It has not been issued, so there is no message of it yet.")
_PCODE = "P-code"
# Characters that XML 1.0 cannot hold.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Message:
    """One message about an announcement: an edition of it, or its cancellation. The pair names it in references."""

    identifier: str
    at: datetime


def answer(actor: Actor, announcement: Announcement, address: str) -> HttpResponse:
    """The message as a file, to be saved, with its marking in name, headers and inside."""
    marking = marking_for(actor, [announcement])
    response = HttpResponse(
        written(actor, announcement, marking, address), content_type=f"{MEDIA_TYPE}; charset=utf-8"
    )
    response["Content-Disposition"] = content_disposition_header(True, marking.file_name("CAP.xml"))
    response["X-Content-Type-Options"] = "nosniff"
    put_headers(response, marking)
    return response


def written(actor: Actor, announcement: Announcement, marking: Marking, address: str) -> bytes:
    """The message about an announcement that has been issued: its edition in force, or that it was cancelled."""
    editions = list(Edition.objects.filter(announcement_id=announcement.pk).order_by("number"))
    cancelled = None
    if announcement.state == "cancelled":
        cancelled = announcement.workflow_steps.filter(name="cancel").order_by("-at").first()
    messages = [Message(f"{announcement.uuid}.{edition.number}", edition.at) for edition in editions]
    if cancelled is not None:
        messages.append(Message(f"{announcement.uuid}.cancelled", cancelled.at))
    # WHY: a row of editions is written with every step that issues; without one the record itself says when.
    last = messages.pop() if messages else Message(str(announcement.uuid), announcement.state_since)
    root = Element("alert", xmlns=NAMESPACE)
    _add(root, "identifier", last.identifier)
    _add(root, "sender", _sender(announcement))
    _add(root, "sent", _moment(last.at, announcement))
    _add(root, "status", "Exercise" if marking.is_exercise else "Actual")
    _add(root, "msgType", "Cancel" if cancelled else "Update" if messages else "Alert")
    _scope(root, actor, announcement, marking)
    _add(root, "note", _note(announcement, cancelled))
    references = [f"{_sender(announcement)},{m.identifier},{_moment(m.at, announcement)}" for m in messages]
    _add(root, "references", " ".join(references))
    _info(root, announcement, marking, address, last.at)
    indent(root)
    return bytes(tostring(root, encoding="utf-8", xml_declaration=True))


def _info(root: Element, announcement: Announcement, marking: Marking, address: str, sent: datetime) -> None:
    info = SubElement(root, "info")
    _add(info, "language", get_language() or settings.LANGUAGE_CODE)
    _add(info, "category", announcement.category or Category.OTHER)
    _add(info, "event", str(Kind(announcement.kind).label) if announcement.kind else str(marking.reference))
    _add(info, "urgency", announcement.urgency or Urgency.UNKNOWN)
    _add(info, "severity", announcement.severity or Severity.UNKNOWN)
    _add(info, "certainty", announcement.certainty or Certainty.UNKNOWN)
    _add(info, "effective", _moment(announcement.effective_at or sent, announcement))
    if announcement.expires_at:
        _add(info, "expires", _moment(announcement.expires_at, announcement))
    _add(info, "senderName", marking.originator)
    _add(info, "headline", announcement.title)
    _add(info, "description", announcement.message)
    _add(info, "instruction", announcement.instruction)
    _add(info, "web", address)
    for name, said in marking.properties().items():
        parameter = SubElement(info, "parameter")
        _add(parameter, "valueName", name)
        _add(parameter, "value", said)
    area = SubElement(info, "area")
    if announcement.area is None:
        _add(area, "areaDesc", announcement.mission.name)
        return
    _add(area, "areaDesc", announcement.area.name)
    geocode = SubElement(area, "geocode")
    _add(geocode, "valueName", _PCODE)
    _add(geocode, "value", announcement.area.pcode)


def _scope(root: Element, actor: Actor, announcement: Announcement, marking: Marking) -> None:
    """Never public: restricted by the label or, where only those named read it, addressed to them."""
    if announcement.scope != Scope.PRIVATE:
        _add(root, "scope", "Restricted")
        _add(root, "restriction", marking.line)
        return
    _add(root, "scope", "Private")
    readers = audience_of(announcement).as_seen_by(actor).readers
    named = dict.fromkeys(f"{reader.position}, {reader.organisation}" for reader in readers)
    quoted = ['"{}"'.format(each.replace('"', "'")) for each in named]
    _add(root, "addresses", " ".join(quoted))


def _note(announcement: Announcement, cancelled: Step | None) -> str:
    """Why it holds no longer, in words; empty while it does."""
    if cancelled is not None:
        return _("Cancelled: %(reason)s") % {"reason": cancelled.note}
    ends = announcement.expires_at
    if announcement.state == "expired" or (ends is not None and ends <= clock.now()):
        return _("It is over: it held until %(moment)s.") % {
            "moment": exact_time(ends or announcement.state_since)
        }
    return ""


def _sender(announcement: Announcement) -> str:
    """The mission at the portal's address: globally unique, without spaces and commas."""
    host = urlsplit(settings.PORTAL_ADDRESS).hostname or "portal.invalid"
    return f"{announcement.mission.code}@{host}"


def _moment(moment: datetime, announcement: Announcement) -> str:
    """A time as CAP writes it: of the mission's zone, to the second, with an offset and never with a “Z”."""
    said = moment.astimezone(ZoneInfo(announcement.mission.time_zone)).replace(microsecond=0).isoformat()
    return f"{said[:-6]}-00:00" if said.endswith("+00:00") else said


def _add(parent: Element, name: str, text: Any) -> None:
    """An element with text; none for no text."""
    if said := _FORBIDDEN.sub("", str(text)).strip():
        SubElement(parent, name).text = said
