"""Every page of joint plans and of lessons: WCAG 2.2 AA, no sideways scrolling, left to right and right to left."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from apps.accounts.models import User
from apps.joint_plans.models import Part
from apps.joint_plans.parts import model_of
from apps.joint_plans.vocabulary import PartKind
from apps.need_to_know.acting import acting_as
from tests.browser.mission import Setting
from tests.browser.person import Person
from tests.browser.plans import Planned
from tests.browser.test_every_page import problems_of

Enter = Callable[..., Person]


@pytest.fixture(scope="module")
def whole(setting: Setting) -> list[str]:
    """Addresses of all pages of plans: parts of every kind, a project, a second version that takes two things out."""
    plan = Planned(
        setting, "Return before the rains, with averyveryverylongwordthatsomebodyalwayswritesatlastonce"
    )
    project = Planned(setting, "A school in Bor", kind="qip")
    with acting_as(setting.people["cimic"], setting.mission):
        for kind in PartKind:
            values = {
                "plan": plan.plan,
                "kind": kind,
                "title": f"A part: {kind.label}",
                "details": "In words.",
            }
            if (model := model_of(kind)) is not Part:
                values["of_plan"] = plan.plan
            model._default_manager.create(**values)
    plan.step("circulate")
    with acting_as(setting.people["cimic"], setting.mission):
        Part.objects.filter(plan=plan.plan, kind=PartKind.RISK).update(is_removed=True)
        Part.objects.filter(pk=plan.activity.pk).update(details="Otherwise than before.")
        Part.objects.create(plan=plan.plan, kind=PartKind.ANNEX, title="A new annex", details="New words.")
        parts = list(Part.objects.filter(plan=plan.plan, is_removed=False))
    plan.step("circulate_again", changes="What changed, and why.")
    of_plan = (
        "", "edit/plan/", "edit/contributors/", "edit/label/", "parts/?kind=activity", "versions/?from=1&to=2",
        "timeline/", "timeline/?lanes=area&by=week", "timeline/?view=matrix", "timeline/print/", "conflicts/", "print/",
        "history/", "share/", "transitions/put_forward/", "transitions/withdraw/", "branch/",
    )  # fmt: skip
    return [
        "/joint-plans/", "/joint-plans/new/", "/joint-plans/resources/", "/joint-plans/resources/new/",
        "/joint-plans/resources/asked/", "/lessons/", "/lessons/new/", project.path, f"{project.path}edit/project/",
        f"{project.path}edit/money/",
        *(f"{plan.path}{rest}" for rest in of_plan),
        *(f"{plan.path}parts/new/?kind={kind.value}" for kind in PartKind),
        *(f"{plan.path}parts/{part.uuid}/" for part in parts),
        f"{plan.path}parts/{plan.activity.uuid}/change/", f"{plan.path}parts/{plan.activity.uuid}/resources/",
    ]  # fmt: skip


@pytest.mark.parametrize(("language", "scheme"), [("en", "light"), ("ar", "dark")])
def test_every_page_of_a_plan_is_fit_for_everybody(
    person: Enter, setting: Setting, whole: list[str], language: str, scheme: str
) -> None:
    """No violation that axe can find, nothing wider than its window, left to right and right to left."""
    User.objects.filter(pk=setting.people["cimic"].pk).update(language=language)
    who = person("cimic", color_scheme=scheme)
    try:
        who.see("/")
        assert who.page.locator("html").get_attribute("dir") == ("rtl" if language == "ar" else "ltr")
        found = [problem for path in whole for problem in problems_of(who, path)]
    finally:
        User.objects.filter(pk=setting.people["cimic"].pk).update(language="en")
    assert found == []
