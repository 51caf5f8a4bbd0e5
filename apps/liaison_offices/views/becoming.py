"""The page on which a follow-up of an engagement becomes an action point, with a clock and a verifier of its own."""

from __future__ import annotations

from functools import cached_property
from typing import Any
from uuid import UUID

from django.db import transaction as database
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from apps.action_points.views import ActionPointNew
from apps.liaison_offices import effects
from apps.liaison_offices.following import end_of
from apps.liaison_offices.models import Engagement, FollowUp
from apps.liaison_offices.vocabulary import FollowUpState
from apps.records.models import Record
from apps.records.originators import FiledAs
from apps.records.transitions import transition


class FollowUpBecomes(ActionPointNew):
    """Starting an action point from a follow-up, for whoever may settle it; filing it settles the follow-up."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """The page."""
        self.uuid: UUID = kwargs.pop("uuid")
        self.row: UUID = kwargs.pop("row")
        return super().dispatch(request, *args, **kwargs)

    @cached_property
    def engagement(self) -> Engagement:
        """The engagement; Http404 alike for a hidden one and one that never was, and while nothing of it is open."""
        rows = Engagement.objects.select_related("mission", "author_position")
        found = rows.filter(uuid=self.uuid, mission=self.actor.mission, state="reported").first()
        if found is None:
            raise Http404
        return found

    @cached_property
    def follow_up(self) -> FollowUp:
        """The follow-up, while it is open and theirs to settle; else Http404."""
        found: FollowUp | None = effects.settleable(self.actor, self.engagement).filter(uuid=self.row).first()
        if found is None:
            raise Http404
        return found

    @cached_property
    def source(self) -> Record | None:
        """The engagement."""
        return self.engagement

    def proposed(self) -> Any:
        """What the follow-up says: what, by whom, until when."""
        row, made = self.follow_up, super().proposed()
        made.title, made.owner_id = row.what[:200], row.owner_id
        made.needed_by = end_of(row.due, self.engagement.mission.time_zone)
        return made

    def file(self, record: Any, filed_as: FiledAs) -> Any:
        """Store it, and settle the follow-up: one thing waits for its owner, and not two."""
        settled = {
            "follow_up": str(self.follow_up.uuid), "outcome": FollowUpState.DROPPED,
            "note": _("It became an action point."),
        }  # fmt: skip
        with database.atomic():
            filed = super().file(record, filed_as)
            transition(self.actor, record=self.engagement, name="settle", data=settled)
        return filed
