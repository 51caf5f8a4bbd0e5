"""The home page and the mission switcher."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from apps.access.selectors import waiting_items
from apps.desk import selectors
from apps.desk.handover.views import taken_over
from apps.desk.items import exercising, meetings, section, shared, waiting
from apps.desk.starting import starts
from apps.joint_plans.resource_shown import waiting_items as asked_of_mine
from apps.need_to_know.middleware import SESSION_KEY
from apps.need_to_know.shared import shared_with
from apps.pages.views.base import SignedInPage
from apps.records.exercises import stands_apart
from apps.working_groups.selectors import near_meetings


class Desk(SignedInPage):
    """What waits for me, and until when; then my own work; then what changed."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """The page."""
        actor = self.actor
        real, exercised = selectors.waiting(actor)
        context = {
            "person": actor.user.name if actor.user else "",
            "taken_over": taken_over(actor),
            "waiting": waiting(actor, real, [*waiting_items(actor), *asked_of_mine(actor)]),
            "exercises": exercising(actor, exercised, selectors.exercises(actor)),
            "meetings": meetings(*near_meetings(actor)),
            "returned": section(actor, "returned", selectors.returned(actor), asks=True),
            "drafts": section(
                actor, "drafts", selectors.drafts(actor), clock=False, more="?mine=on&sort=-updated_at"
            ),
            "shared": shared(
                actor,
                [s for s in shared_with(actor, selectors.BESIDE + 1) if not stands_apart(actor, s.record)],
            ),
            "mine": section(actor, "mine", selectors.of_my_organisation(actor), more="?state=open"),
            "recent": section(
                actor, "recent", selectors.changed_lately(actor), clock=False, more="?sort=-updated_at"
            ),
            "starts": starts(actor),
        }
        return render(request, "pages/desk.html", context)


class ChooseMission(SignedInPage):
    """Works in another mission from now on, if the person holds a position there."""

    def get(self, request: HttpRequest, code: str) -> HttpResponseBase:
        """Remember it and go to the desk; a mission without a position of theirs is not there."""
        if all(mission.code != code for mission in request.missions):  # type: ignore[attr-defined]
            raise Http404
        request.session[SESSION_KEY] = code
        return redirect("desk:home")
