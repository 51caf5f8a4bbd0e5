"""The page of a plan's versions, and of what changed between two of them."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from apps.joint_plans import shown, versions
from apps.joint_plans.record import JointPlanType
from apps.mission.models import Position
from apps.pages.names import Names
from apps.pages.views.base import RecordPage, head
from apps.records.registry import RecordType


class PlanVersions(RecordPage):
    """Which versions circulated, who concurred with which, and the difference of two."""

    record_type: ClassVar[type[RecordType]] = JointPlanType

    def get(self, request: HttpRequest, uuid: UUID) -> HttpResponse:
        """The page; without two numbers, what changed since the version before the last, or since the last."""
        plan, names = self.record_or_404(uuid), Names(self.actor)
        found = versions.versions_of(plan)
        names.want(Position, [v.position_id for v in found])
        numbers = [v.number for v in found]
        older, newer = self.asked(numbers)
        told = versions.difference(plan, older, newer, names) if numbers and older is not None else None
        context: dict[str, Any] = {
            **head(self.record_type, plan, names, tabs=False),
            "versions": [{"row": v, "by": names.text(Position, v.position_id)} for v in found],
            "answers": shown.answers(plan, names),
            "difference": told,
            "older": older,
            "newer": newer,
            "now": versions.NOW,
            "numbers": numbers,
            "plan": plan,
        }
        return render(request, "joint_plans/versions.html", context)

    def asked(self, numbers: list[int]) -> tuple[int | None, int]:
        """(older, newer) as the address asks; a broken number is the usual one."""
        if not numbers:
            return None, versions.NOW
        latest = numbers[0]
        newer = self.number("to", [*numbers, versions.NOW], versions.NOW)
        usual = latest if newer == versions.NOW else max(1, newer - 1)
        older = self.number("from", numbers, usual)
        return older, newer

    def number(self, name: str, known: list[int], usual: int) -> int:
        """A number of the query string, if it is one of those known."""
        said = self.request.GET.get(name, "")
        return int(said) if said.isdecimal() and len(said) < 7 and int(said) in known else usual
