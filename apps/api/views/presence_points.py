"""Presence as points on a map: GeoJSON (RFC 7946), with the label inside."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from apps.api.operations import Operation, query
from apps.api.views.attached import PURPOSE
from apps.api.views.base import Endpoint
from apps.api.views.presence import filter_parameters, listing_of
from apps.mission.vocabulary import EngagementStance
from apps.pages.leaving import PURPOSE_MOST, must_say_what_for, put_headers
from apps.records.marking import Marking, marking_of
from apps.stakeholders.files import ROWS_MOST
from apps.stakeholders.models import Presence

MEDIA_TYPE = "application/geo+json"


class GeoJSONRenderer(JSONRenderer):
    """Takes the media type of GeoJSON as acceptable; problems are JSON as everywhere."""

    media_type = MEDIA_TYPE
    format = "geojson"


class PresencePoints(Endpoint):
    """Activities whose coordinates are known, as a FeatureCollection."""

    renderer_classes = (JSONRenderer, GeoJSONRenderer)

    def operations(self) -> dict[str, Operation]:
        """Read."""
        return {
            "GET": Operation(
                "presence_points", _("Read who does what, where, as points (GeoJSON)"), OpenApiTypes.OBJECT,
                media_type=MEDIA_TYPE, problems=("invalid",),
                parameters=[
                    *filter_parameters(),
                    query(PURPOSE, _("What you need it for, where the mission’s protocol asks that.")),
                ],
                help=_("At most 5,000 points. Organisations that are only listed are left out, as in every file."),
            )
        }  # fmt: skip

    def get(self, request: Request) -> HttpResponse:
        """The points under the filters. ValidationError by parameter."""
        purpose = request._request.GET.get(PURPOSE, "").strip()
        if len(purpose) > PURPOSE_MOST or "\0" in purpose:
            raise ValidationError({PURPOSE: [_now("Say what you need it for, in at most 300 characters.")]})
        listing = listing_of(self.actor, request, beside=(PURPOSE,))
        shown = listing.ordered.exclude(stakeholder__stance=EngagementStance.LISTED)
        rows = list(shown.filter(latitude__isnull=False, longitude__isnull=False)[:ROWS_MOST])
        records = list({row.stakeholder_id: row.stakeholder for row in rows}.values())
        if must_say_what_for(self.actor, records):
            if not purpose:
                raise ValidationError(
                    {PURPOSE: [_now("Say what you need it for, in at most 300 characters.")]}
                )
            request._request.read_purpose = purpose  # type: ignore[attr-defined]
        marking = marking_of(self.actor, records, reference="presence", names=False)
        response = HttpResponse(json.dumps(collection(rows, marking)), content_type=MEDIA_TYPE)
        response["X-Content-Type-Options"] = "nosniff"
        put_headers(response, marking)
        return response


def collection(rows: list[Presence], marking: Marking) -> dict[str, Any]:
    """The rows as a FeatureCollection; its label is a foreign member, and each point has its own."""
    return {
        "type": "FeatureCollection",
        "label": marking.properties(),
        "features": [_feature(row) for row in rows],
    }


def _feature(row: Presence) -> dict[str, Any]:
    stakeholder = row.stakeholder
    return {
        "type": "Feature",
        "id": str(row.uuid),
        "geometry": {"type": "Point", "coordinates": [float(row.longitude or 0), float(row.latitude or 0)]},
        "properties": {
            "organisation": stakeholder.title,
            "reference": stakeholder.reference,
            "side": stakeholder.side,
            "sector": row.sector.code if row.sector else None,
            "activity": row.activity,
            "role": row.role,
            "area": row.area.pcode,
            "place": row.place,
            "start": row.start.isoformat() if row.start else None,
            "end": row.end.isoformat() if row.end else None,
            "status": row.status,
            "classification": stakeholder.classification,
            "sensitivity": stakeholder.sensitivity,
        },
    }
