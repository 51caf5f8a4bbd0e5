"""A joint plan from the empty form to its time line by keyboard alone: planner, contributor, whoever endorses it."""

from __future__ import annotations

from collections.abc import Callable

from tests.browser import requests
from tests.browser.keyboard import Keyboard
from tests.browser.mission import Setting
from tests.browser.person import Person

Enter = Callable[..., Person]
#: Moves and confirmations from an empty plan to an endorsed one, all three people together; typed letters aside.
STROKES_MOST = 450


def test_a_plan_is_made_agreed_and_endorsed_by_keyboard_alone(person: Enter, setting: Setting) -> None:
    """Planner, contributor and decision authority use no mouse; every stop shows its focus; strokes are few enough."""
    title = "Winter return to Bor"
    planner = Keyboard(person("cimic"))
    url = _plan_written(planner, title)
    _parts_written(planner, url)
    planner.content()
    planner.enter("Circulate", "/transitions/circulate/")
    planner.content()
    planner.enter("Circulate", url)

    contributor = Keyboard(person("unit"))
    _answer(contributor, title, 2, "The bridge at Malek does not carry our lorries.")
    contributor.person.says("Does not concur", "The bridge at Malek")

    planner.page.goto(url)
    planner.person.says("Does not concur", "The bridge at Malek does not carry our lorries.")
    planner.content()
    planner.enter("Open the road", "/parts/*/")
    planner.content()
    planner.enter("Change", "/change/")
    planner.content()
    planner.to("details")
    planner.press("Control+End")
    planner.page.keyboard.type(" Lorries above ten tons go by Pariang.")
    planner.enter("Save", "/parts/*/")
    planner.page.goto(url)
    planner.content()
    planner.enter("Circulate the changes", "/circulate_again/")
    planner.content()
    planner.write("changes", "Heavy lorries go round the bridge.")
    planner.enter("Circulate the changes", url)

    _answer(contributor, title, 0, "")
    contributor.person.says("to version 2")
    planner.page.reload()
    planner.content()
    planner.enter("Put forward for endorsement", "/put_forward/")
    planner.content()
    planner.enter("Put forward for endorsement", url)

    decider = Keyboard(person("decider"))
    decider.page.goto("/")
    decider.content()
    decider.enter(title, url)
    decider.content()
    decider.enter("Endorse", "/transitions/endorse/")
    decider.content()
    decider.enter("Endorse", url)
    decider.person.says("Done: Endorse.")

    planner.page.reload()
    planner.content()
    planner.enter("Time line", "/timeline/")
    planner.content()
    planner.enter("Open the road", "/parts/*/")
    planner.person.says("Lorries above ten tons go by Pariang.")
    strokes = {each.person.part: each.strokes for each in (planner, contributor, decider)}
    print(f"\nstrokes that move or confirm, by keyboard alone: {strokes}")
    assert sum(strokes.values()) <= STROKES_MOST, strokes


def _plan_written(keys: Keyboard, title: str) -> str:
    """From the desk to a draft with a contributor; its address."""
    keys.page.goto("/")
    keys.content()
    keys.enter("New…")
    keys.enter("Joint plan", "/joint-plans/new/")
    keys.content()
    keys.write("title", title)
    keys.write("kind", "Return")
    keys.write("purpose", "Families go home before the rains.")
    keys.write("area", "Bor")
    keys.date("starts_on", requests.day(5))
    keys.date("ends_on", requests.day(95))
    keys.enter("next", "/edit/contributors/")
    keys.content()
    keys.write("contributors-0-organisation", "Infantry")
    keys.write("contributors-0-position", "Operations")
    keys.write("contributors-0-standing", "Contributes")
    keys.enter("next", "/edit/label/")
    return keys.page.url.removeprefix(keys.person.address).split("edit/")[0]


def _parts_written(keys: Keyboard, url: str) -> None:
    """An objective, an activity and an assumption with its last day; ends on the plan's page."""
    keys.page.goto(url)
    keys.content()
    keys.enter("Add – Objectives", "/parts/new/")
    keys.content()
    keys.write("title", "Families are home")
    keys.enter("Save", url)
    keys.page.goto(url)
    keys.content()
    keys.enter("Add – Activities", "/parts/new/")
    keys.content()
    keys.write("title", "Open the road")
    keys.write("details", "Clear mines and lay gravel.")
    keys.write("lead", "Infantry")
    keys.write("objective", "Families")
    keys.write("area", "Bor")
    keys.date("starts_on", requests.day(6))
    keys.date("ends_on", requests.day(40))
    keys.enter("Save", url)
    keys.page.goto(url)
    keys.content()
    keys.enter("Add – Assumptions", "/parts/new/")
    keys.content()
    keys.write("title", "The river stays below its banks")
    keys.date("holds_until", requests.day(60))
    keys.enter("Save", url)
    keys.page.goto(url)


def _answer(keys: Keyboard, title: str, downs: int, comment: str) -> None:
    """From the desk: say whether the organisation concurs; so many choices below the first."""
    keys.page.goto("/")
    keys.content()
    keys.enter(title, "/joint-plans/*/")
    keys.content()
    keys.enter("Say whether you concur", "/transitions/answer/")
    keys.content()
    keys.to("answer")
    keys.press("Space")
    keys.press("ArrowDown", downs)
    if comment:
        keys.write("comment", comment)
    keys.enter("Say whether you concur", "/joint-plans/*/")
