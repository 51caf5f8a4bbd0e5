"""What every page shows around its content: mission, position, navigation. Nothing of any record."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject, lazy

from apps.need_to_know.break_glass import uses_live
from apps.pages.heads import marks
from apps.pages.navigation import navigation, own_entries


def portal(request: HttpRequest) -> dict[str, Any]:
    """Context of base.html; empty for whoever acts in no mission."""
    actor = getattr(request, "actor", None)
    mission = getattr(request, "mission", None)
    if mission is None:
        return {}
    missions = getattr(request, "missions", [])
    # WHY: asked when the page is drawn: by then its view has said whether its record is an exercise.
    found: dict[str, Any] = {"mission": mission, "exercise": getattr(request, "exercise", False)}
    if len(missions) > 1:
        found["missions"] = [
            {
                "name": each.name,
                "url": reverse("desk:mission", args=[each.code]),
                "current": each.pk == mission.pk,
            }
            for each in missions
        ]
    if actor is not None:
        # WHY: only pages that draw the menu ask for it; fragments do without.
        found["nav"] = SimpleLazyObject(lambda: navigation(actor, request.path))
        found["own_ways"] = SimpleLazyObject(lambda: own_entries(actor, request.path))
        found["marks"] = SimpleLazyObject(lambda: marks(actor))
        found["emergencies"] = SimpleLazyObject(lambda: uses_live(actor))
        found["search_url"] = reverse("desk:search")
        found["position"] = lazy(lambda: ", ".join(p.title for p in actor.positions), str)()
    return found
