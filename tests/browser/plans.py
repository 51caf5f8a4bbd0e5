"""Joint plans for the journeys: CIMIC keeps them, CMCoord plans along, a unit and an organisation contribute."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.utils import timezone

from apps.joint_plans.models import Activity, Contributor, JointPlan, Part
from apps.joint_plans.vocabulary import PartKind
from apps.mission.models import Area
from apps.need_to_know.acting import acting_as
from apps.records.services import record_file
from apps.records.transitions import transition
from tests.browser.mission import Setting

#: Part of the mission that answers -> as what its organisation takes part.
TAKE_PART: Mapping[str, str] = {"cmcoord": "planner", "unit": "contributor", "requester": "contributor"}


class Planned:
    """A plan that CIMIC keeps and CMCoord plans along, with one objective and one activity."""

    def __init__(self, setting: Setting, title: str, **values: Any) -> None:
        self.setting = setting
        self.area = Area.objects.get(mission=setting.mission, pcode="SS0303")
        begins = timezone.localdate() + timedelta(days=5)
        told = {
            "title": title, "kind": "return", "purpose": "Families go home before the rains.", "scope": "organisation",
            "starts_on": begins, "ends_on": begins + timedelta(days=90), "area": self.area,
        } | values  # fmt: skip
        with acting_as(setting.people["cimic"], setting.mission) as actor:
            self.plan: JointPlan = record_file(actor, record=JointPlan(**told))
            for part, standing in TAKE_PART.items():
                post = setting.positions[part]
                Contributor.objects.create(
                    plan=self.plan, organisation=post.organisation, position=post, standing=standing
                )
            Part.objects.create(
                plan=self.plan, kind=PartKind.OBJECTIVE, title="Families are home before June"
            )
        self.activity = self.activity_add("Open the road to Bor", details="Clear mines. Lay gravel. Mark it.")
        self.path = f"/joint-plans/{self.plan.uuid}/"

    def activity_add(self, title: str, **values: Any) -> Activity:
        """One more activity, led by the unit unless otherwise said."""
        told: dict[str, Any] = {
            "lead": self.setting.positions["unit"].organisation, "area": self.area,
            "starts_on": self.plan.starts_on, "ends_on": self.plan.starts_on + timedelta(days=20),
        }  # fmt: skip
        with acting_as(self.setting.people["cimic"], self.setting.mission):
            return Activity.objects.create(
                plan=self.plan, of_plan=self.plan, kind=PartKind.ACTIVITY, title=title, **told | values
            )

    def step(self, name: str, by: str = "cimic", **data: Any) -> Planned:
        """Take a step of its workflow."""
        with acting_as(self.setting.people[by], self.setting.mission) as actor:
            record = JointPlan.objects.get(pk=self.plan.pk)
            transition(actor, record=record, name=name, data={"note": "", **data})
        return self

    def stands(self, activity: Activity) -> Activity:
        """An activity as the portal has it."""
        with acting_as(self.setting.people["cimic"], self.setting.mission):
            return Activity.objects.get(pk=activity.pk)

    def change(self, part: Part) -> str:
        """The address of the form that changes a part."""
        return f"{self.path}parts/{part.uuid}/change/"

    def parts(self, kind: str) -> list[Part]:
        """The parts of that kind that stand in the plan."""
        with acting_as(self.setting.people["cimic"], self.setting.mission):
            return list(Part.objects.filter(plan=self.plan, kind=kind, is_removed=False).order_by("pk"))
