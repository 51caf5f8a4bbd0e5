"""Joint plans in real browsers: two planners at once, a phone, 2,000 activities, partly read."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, expect

from apps.joint_plans.models import Activity, JointPlan, Part
from apps.joint_plans.vocabulary import PartKind
from apps.mission.models import Area, Organisation
from apps.need_to_know.acting import acting_as
from apps.notifications.models import Subscription
from apps.notifications.relay import relay_drain
from tests.browser import requests
from tests.browser.mission import Setting
from tests.browser.person import Person
from tests.browser.plans import Planned

Enter = Callable[..., Person]
HIDDEN = "Withdraw the guard from Malek"
ACTIVITIES = 2000
PAGE_KB = 200.0
#: Seconds; far above what is measured, so that only something broken is found.
SLOWEST = 15.0


# ---------------------------------------------------------------- two planners, one plan
@pytest.fixture
def shared(setting: Setting) -> Planned:
    """A plan that circulates, so that CIMIC and CMCoord both may change it."""
    return Planned(setting, "Return to Bor South").step("circulate")


def test_what_two_planners_write_in_one_text_stands_together(person: Enter, shared: Planned) -> None:
    """Both open the form; each changes another place of the text, and one a field more: all of it stands."""
    one, two = person("cimic"), person("cmcoord")
    for each in (one, two):
        each.page.goto(shared.change(shared.activity))
    one.fill(details="Clear mines by hand. Lay gravel. Mark it.")
    two.fill(details="Clear mines. Lay gravel. Mark it in white.", needs="Two graders")
    one.press("Save")
    expect(one.page.get_by_text("Saved.", exact=True)).to_be_visible()
    two.press("Save")
    expect(two.page.get_by_text("Saved, together with what somebody else changed meanwhile.")).to_be_visible()
    two.says("Clear mines by hand. Lay gravel. Mark it in white.", "Two graders")
    one.page.reload()
    one.says("Clear mines by hand. Lay gravel. Mark it in white.", "Two graders")


def test_whoever_sets_the_same_otherwise_sees_what_stands_and_decides(person: Enter, shared: Planned) -> None:
    """Title and end are set by both, lead and progress of others by one alone: asked, nothing is lost or set back."""
    one, two = person("cimic"), person("cmcoord")
    for each in (one, two):
        each.page.goto(shared.change(shared.activity))
    lead = "Bridge Relief"
    first, second = requests.day(12), requests.day(19)
    one.fill(title="Open the northern road", lead=lead, ends_on=first, may_hint=False)
    two.fill(title="Open the southern road", ends_on=second, needs="Two graders")
    one.press("Save")
    expect(one.page.get_by_text("Saved.", exact=True)).to_be_visible()
    two.press("Save")

    summary = two.page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text("“Open the northern road”")
    shown = two.page.locator("#id_ends_on_error")
    assert f"{int(first[8:])} " in shown.inner_text()
    expect(two.field("title")).to_have_value("Open the southern road")
    expect(two.field("ends_on")).to_have_value(second)
    expect(two.field("needs")).to_have_value("Two graders")
    expect(two.field("lead").locator("option:checked")).to_have_text(lead)
    expect(two.field("may_hint")).not_to_be_checked()
    stands = shared.stands(shared.activity)
    assert (stands.title, stands.needs) == ("Open the northern road", ""), (
        "nothing is written before they decide"
    )

    two.press("Save")
    two.page.wait_for_url("**/parts/*-*-*/")
    stands = shared.stands(shared.activity)
    assert (stands.title, stands.needs) == ("Open the southern road", "Two graders")
    assert f"{stands.ends_on:%Y-%m-%d}" == second
    assert stands.lead == Organisation.objects.get(name=lead, mission=shared.setting.mission)
    assert not stands.may_hint


def test_what_is_typed_into_a_part_that_somebody_takes_out_is_kept(person: Enter, shared: Planned) -> None:
    """A clear word instead of a page that says “not found”; the words stand there and can be saved as a new part."""
    one, two = person("cimic"), person("cmcoord")
    for each in (one, two):
        each.page.goto(shared.change(shared.activity))
    two.fill(details="What three people agreed in an hour.", title="Open the road before the rains")
    one.press("Take it out")
    expect(one.page.get_by_text("It is taken out of the plan.")).to_be_visible()
    two.press("Save")
    expect(two.page.locator(".error-summary")).to_contain_text(
        "took “Open the road to Bor” out of the plan meanwhile"
    )
    expect(two.field("details")).to_have_value("What three people agreed in an hour.")
    two.press("Save")
    expect(two.page.get_by_text("It is in the plan.")).to_be_visible()
    two.page.get_by_role("link", name="Open the road before the rains").first.click()
    two.says("What three people agreed in an hour.")


# ---------------------------------------------------------------- on a phone
def test_a_contributor_reads_and_concurs_with_comment_on_a_phone(person: Enter, setting: Setting) -> None:
    """360 px, by touch, from the inbox: no page is wider than the phone; tables scroll within their own box alone."""
    planned = Planned(setting, f"Return by the river road {'unbroken' * 8}")
    planned.activity_add(
        "A title that is long enough to take more than the two lines that a phone has for it " * 2
    )
    planned.step("circulate")
    relay_drain()
    who = person("requester", viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page = who.page
    page.goto("/notifications/")
    _fits(who)
    page.get_by_role("link", name="Return by the river road").first.tap()
    page.wait_for_url(f"**{planned.path}")
    _fits(who)
    who.says("Say whether you concur", "Families go home before the rains.", "Open the road to Bor")
    for path in ("versions/", "timeline/", "timeline/?view=matrix", "timeline/?lanes=area&by=week", "print/"):
        page.goto(f"{planned.path}{path}")
        _fits(who)

    page.goto(f"{planned.path}timeline/")
    row = page.get_by_role("link", name="Open the road to Bor")
    expect(row).to_be_visible()
    bar = page.locator("tr", has=row).locator(".bar")
    expect(bar).to_contain_text("Planned")
    assert (row.bounding_box() or {})["width"] > 100
    row.tap()
    page.wait_for_url("**/parts/*-*-*/")
    _fits(who)

    page.goto(f"{planned.path}timeline/?view=matrix")
    page.get_by_role("link", name="Infantry Battalion 2").tap()
    page.wait_for_url("**open=*")
    expect(page.get_by_role("link", name="Open the road to Bor")).to_be_visible()

    page.goto(planned.path)
    page.get_by_role("link", name="Say whether you concur").first.tap()
    page.wait_for_url("**/transitions/answer/")
    _fits(who)
    page.get_by_label("Concurs with comment").tap()
    who.fill(comment="Only by day.")
    page.get_by_role("button", name="Say whether you concur").tap()
    page.wait_for_url(f"**{planned.path}")
    who.says("Concurs with comment", "“Only by day.”")
    _fits(who)
    expect(who.desk_entry("Return by the river road")).to_have_count(0)


def _fits(who: Person) -> None:
    """Nothing sticks out of the window sideways; what is wider scrolls within a box that the keyboard reaches."""
    wide = who.page.evaluate("""() => {
      const most = document.documentElement.clientWidth;
      const inner = (at) => at && (at.matches(".scroll[tabindex]") || inner(at.parentElement));
      const out = [...document.querySelectorAll("#main *")].filter((each) =>
        each.getBoundingClientRect().right > most + 1 && getComputedStyle(each).position !== "absolute"
        && !inner(each) && each.checkVisibility() && !each.closest(".hidden-text, svg"));
      return [document.documentElement.scrollWidth - most, out.slice(0, 3).map((each) => each.outerHTML.slice(0, 120))];
    }""")
    assert wide == [0, []], f"{who.page.url} is too wide: {wide}"


# ---------------------------------------------------------------- many activities
@pytest.fixture(scope="module")
def large(setting: Setting) -> Planned:
    """A plan of two years with 2,000 activities of several leads in several areas."""
    begins = timezone.localdate() - timedelta(days=30)
    planned = Planned(setting, "Two years", starts_on=begins, ends_on=begins + timedelta(days=728))
    leads = list(Organisation.objects.filter(mission=setting.mission).order_by("name"))
    areas = list(Area.objects.filter(mission=setting.mission).order_by("pcode"))
    with acting_as(setting.people["cimic"], setting.mission):
        plan = JointPlan.objects.get(pk=planned.plan.pk)
        for number in range(ACTIVITIES - 1):
            day = begins + timedelta(days=number * 7 % 690)
            Activity.objects.create(
                plan=plan, of_plan=plan, kind=PartKind.ACTIVITY, order=number, title=f"Activity number {number}",
                lead=leads[number % len(leads)], area=areas[number % len(areas)], starts_on=day,
                ends_on=day + timedelta(days=3 + number % 40),
            )  # fmt: skip
    return planned


def test_two_thousand_activities_are_looked_at_without_waiting(person: Enter, large: Planned) -> None:
    """From each click to the painted page; no page weighs more than 200 kB on the wire."""
    who = person("cimic")
    page = who.page
    page.goto("/")
    session = who.context.new_cdp_session(page)
    session.send("Network.enable")
    weights: list[float] = []
    session.on("Network.loadingFinished", lambda event: weights.append(event["encodedDataLength"]))
    figures: dict[str, tuple[float, float]] = {}

    def look(word: str, act: Callable[[], object], address: str) -> None:
        weights.clear()
        began = time.monotonic()
        act()
        page.wait_for_url(address, wait_until="load")
        page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
        figures[word] = (time.monotonic() - began, sum(weights) / 1000)

    def chip(name: str) -> Locator:
        return page.locator("nav a.chip", has_text=name)

    look("opened", lambda: page.goto(f"{large.path}timeline/"), "**/timeline/")
    who.says("2000 activities")
    look("by area", chip("By area").click, "**lanes=area*")
    look("by lead", chip("By lead").click, "**/timeline/*")
    look("weeks", chip("Weeks").click, "**by=week*")
    look("later", page.get_by_role("link", name="Later").click, "**at=*")
    look("a lane opened", page.locator(".lane a").first.click, "**open=*")
    assert page.locator(".bar").count() > 10
    look("matrix", chip("Matrix").click, "**view=matrix*")
    look("months", chip("Months").click, "**by=month*")
    session.detach()
    for word, (seconds, kb) in figures.items():
        print(f"\n2,000 activities, {word}: {seconds:.2f} s to painted, {kb:.1f} kB", end="")
    print()
    assert all(0 < kb < PAGE_KB for _seconds, kb in figures.values()), figures
    assert all(seconds < SLOWEST for seconds, _kb in figures.values()), figures


# ---------------------------------------------------------------- partly read
def test_an_activity_that_is_not_theirs_is_nowhere_in_a_contributors_browser(
    person: Enter, setting: Setting
) -> None:
    """Page, lists, time line, matrix, difference of versions, prints: a whole plan, and no trace in any source."""
    planned = Planned(setting, "Return to Malek")
    named = [setting.positions["unit"].organisation.group_id]
    secret = planned.activity_add(HIDDEN, details="By night, in two groups.", opens_to="named", readers=named)
    planned.step("circulate")
    with acting_as(setting.people["cimic"], setting.mission):
        for part in (secret, planned.activity):
            Part.objects.filter(pk=part.pk).update(details="Changed in the second version.")
        Part.objects.create(
            plan=planned.plan, kind=PartKind.RISK, title="The bridge gives way", opens_to="all"
        )
    planned.step("circulate_again", changes="")
    with acting_as(setting.people["cimic"], setting.mission):
        code = Part.objects.get(pk=secret.pk).code
    pages = (
        "", "parts/?kind=activity", "timeline/", "timeline/?lanes=area&by=week", "timeline/?view=matrix",
        "timeline/print/", "versions/", "versions/?from=1&to=2", "print/", "history/", "transitions/answer/",
    )  # fmt: skip
    seen: dict[str, set[str]] = {}
    for part in ("requester", "unit"):
        who = person(part)
        seen[part] = set()
        for path in pages:
            source = _source(who, f"{planned.path}{path}")
            assert "Return to Malek" in source, (part, path)
            seen[part] |= {path for trace in (HIDDEN, code, str(secret.uuid)) if trace in source}
    assert seen["requester"] == set()
    assert seen["unit"] >= {
        "", "parts/?kind=activity", "timeline/", "timeline/print/", "timeline/?view=matrix", "versions/?from=1&to=2",
        "print/",
    }  # fmt: skip
    reader, member = person("requester"), person("unit")
    for who, count in ((reader, "1 activity"), (member, "2 activities")):
        who.see(f"{planned.path}timeline/")
        who.says(count, "Open the road to Bor")
        who.see(f"{planned.path}versions/?from=1&to=2")
        who.says("Changed in the second version.", "The bridge gives way")
    assert reader.see(f"{planned.path}parts/{secret.uuid}/") == 404
    assert member.see(f"{planned.path}parts/{secret.uuid}/") == 200


def _source(who: Person, path: str) -> str:
    """What came over the wire, and what stands in the page."""
    response = who.page.goto(path)
    assert response is not None
    assert response.status == 200, path
    return response.text() + who.page.content()


# ---------------------------------------------------------------- exercises
def test_an_exercise_says_so_on_every_page_and_reaches_no_real_inbox(person: Enter, setting: Setting) -> None:
    """The band is there on the plan, its time line and its versions; whoever follows all plans is told of real ones."""
    with acting_as(setting.people["security"], setting.mission) as actor:
        Subscription.objects.create(mission=setting.mission, person=actor.user, record_type="joint_plan")
    played = Planned(setting, "Exercise Blue Heron", kind="exercise", scope="mission").step("circulate")
    real = Planned(setting, "Return to Gemmaiza", scope="mission").step("circulate")
    relay_drain()
    unit, security = person("unit"), person("security")
    for planned, count in ((played, 1), (real, 0)):
        for path in ("", "timeline/", "versions/", f"parts/{planned.activity.uuid}/"):
            assert unit.see(f"{planned.path}{path}") == 200
            expect(unit.page.locator("p.exercise")).to_have_count(count)
    unit.see(played.path)
    expect(unit.page.locator("p.exercise")).to_be_visible()
    unit.says("This plan is the plan of an exercise.")
    unit.see("/notifications/?tab=all")
    unit.says("Exercise Blue Heron", "Return to Gemmaiza")
    security.see("/notifications/?tab=all")
    security.says("Return to Gemmaiza")
    expect(security.page.get_by_text("Exercise Blue Heron")).to_have_count(0)
