"""Two browsers write the minutes of one meeting; one loses line, session or window: nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from apps.need_to_know.acting import acting_as
from apps.records.services import record_file
from apps.records.transitions import transition
from apps.working_groups.calling import meeting_call
from apps.working_groups.models import AgendaItem, Meeting, WorkingGroup
from tests.browser.mission import PASSWORD, Setting
from tests.browser.person import Person

Enter = Callable[..., Person]


class Session:
    """A meeting in session that CMCoord chairs and the cluster keeps the minutes of, with two items."""

    def __init__(self, setting: Setting) -> None:
        self.setting = setting
        chair, keeper = setting.positions["cmcoord"], setting.positions["cluster"]
        with acting_as(setting.people["cmcoord"], setting.mission) as actor:
            group = record_file(
                actor,
                record=WorkingGroup(
                    title="Convoys", kind="joint", purpose="Roads and convoys", chair=chair, secretariat=keeper,
                ),
            )  # fmt: skip
            transition(actor, record=group, name="establish", data={})
            begins = timezone.now().replace(microsecond=0) + timedelta(hours=1)
            self.meeting = meeting_call(
                actor, group=group, title="Weekly convoys", starts=begins, ends=begins + timedelta(hours=1)
            )
            self.first = AgendaItem.objects.create(meeting=self.meeting, order=10, title="Roads")
            self.second = AgendaItem.objects.create(meeting=self.meeting, order=20, title="Bridges")
            transition(actor, record=self.meeting, name="start", data={})
        self.path = f"/meetings/{self.meeting.uuid}/minutes/"

    def step(self, *names: str) -> None:
        """Take it further, as the chair."""
        with acting_as(self.setting.people["cmcoord"], self.setting.mission) as actor:
            for name in names:
                transition(actor, record=Meeting.objects.get(pk=self.meeting.pk), name=name, data={})

    def minute(self, item: AgendaItem) -> str:
        """What the portal has."""
        with acting_as(self.setting.people["cmcoord"], self.setting.mission):
            return AgendaItem.objects.get(pk=item.pk).minute


@pytest.fixture
def session(setting: Setting) -> Session:
    """Such a meeting."""
    return Session(setting)


def box(page: Page, item: AgendaItem) -> Locator:
    """Where an item's minute is written."""
    return page.locator(f"#text-{item.uuid}")


def says(page: Page, item: AgendaItem) -> Locator:
    """How it stands with it."""
    return page.locator(f"#state-{item.uuid}")


def type_into(page: Page, item: AgendaItem, words: str, *, at_start: bool = False) -> None:
    """Type as people do, letter by letter."""
    area = box(page, item)
    area.focus()
    page.keyboard.press("Control+Home" if at_start else "Control+End")
    area.press_sequentially(words, delay=5)


def test_two_write_at_once_and_see_each_other(person: Enter, session: Session) -> None:
    one, two = person("cmcoord"), person("cluster")
    for each in (one, two):
        each.page.goto(session.path)
    type_into(one.page, session.first, "The road is open.")
    expect(says(one.page, session.first)).to_contain_text("Saved")
    expect(box(two.page, session.first)).to_have_value("The road is open.", timeout=15_000)
    expect(says(two.page, session.first)).to_contain_text("Somebody else wrote here")
    # Both in the same box at the same time, each at another end.
    type_into(two.page, session.first, "Read by all. ", at_start=True)
    type_into(one.page, session.first, " Two lorries wait.")
    whole = "Read by all. The road is open. Two lorries wait."
    for each in (one, two):
        expect(box(each.page, session.first)).to_have_value(whole, timeout=15_000)
    assert session.minute(session.first) == whole


def test_the_caret_stays_where_somebody_types(person: Enter, session: Session) -> None:
    one, two = person("cmcoord"), person("cluster")
    one.page.goto(session.path)
    type_into(one.page, session.first, "alpha omega")
    expect(says(one.page, session.first)).to_contain_text("Saved")
    two.page.goto(session.path)
    area = box(two.page, session.first)
    area.focus()
    two.page.keyboard.press("Control+Home")
    for _letter in "alpha":
        two.page.keyboard.press("ArrowRight")
    type_into(one.page, session.first, "Before: ", at_start=True)
    type_into(one.page, session.first, " end.")
    expect(area).to_have_value("Before: alpha omega end.", timeout=15_000)
    two.page.keyboard.type(" beta")
    expect(area).to_have_value("Before: alpha beta omega end.")
    expect(box(one.page, session.first)).to_have_value("Before: alpha beta omega end.", timeout=15_000)


def test_one_loses_the_connection_and_nothing_is_lost(person: Enter, session: Session) -> None:
    """Both go on in the same item and in different ones; what was written offline comes when the line is back."""
    one, two = person("cmcoord"), person("cluster")
    for each in (one, two):
        each.page.goto(session.path)
    type_into(one.page, session.first, "Agreed: convoy on Monday.")
    expect(box(two.page, session.first)).to_have_value("Agreed: convoy on Monday.", timeout=15_000)
    with two.offline():
        type_into(two.page, session.first, " Escort asked for.")
        type_into(two.page, session.second, "The bridge carries ten tons.")
        for item in (session.first, session.second):
            expect(says(two.page, item)).to_contain_text("Not saved: no connection")
            expect(says(two.page, item)).to_have_attribute("data-tone", "bad")
        type_into(one.page, session.first, " Route by Bor.")
        type_into(one.page, session.second, "Engineers look at it.")
        expect(says(one.page, session.second)).to_contain_text("Saved")
        expect(says(one.page, session.first)).to_contain_text("Saved")
    for item, wanted in (
        (session.first, ("Agreed: convoy on Monday.", "Escort asked for.", "Route by Bor.")),
        (session.second, ("The bridge carries ten tons.", "Engineers look at it.")),
    ):
        expect(says(two.page, item)).to_have_text(re.compile("^(Saved|Somebody else wrote)"), timeout=45_000)
        whole = session.minute(item)
        for words in wanted:
            assert whole.count(words) == 1, whole
        for each in (one, two):
            expect(box(each.page, item)).to_have_value(whole, timeout=15_000)


def test_words_not_saved_survive_the_closing_of_the_window(person: Enter, session: Session) -> None:
    one = person("cmcoord")
    one.page.goto(session.path)
    with one.offline():
        type_into(one.page, session.first, "Typed on the way.")
        expect(says(one.page, session.first)).to_contain_text("Not saved: no connection")
        one.page.close()
    one.page = one.context.new_page()
    one.page.goto(session.path)
    expect(box(one.page, session.first)).to_have_value("Typed on the way.")
    expect(says(one.page, session.first)).to_contain_text("Saved")
    assert session.minute(session.first) == "Typed on the way."
    kept = one.page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('draft:minutes'))")
    assert kept == [], "nothing stays on the device once it is saved"


def test_an_answer_that_was_lost_adds_nothing_twice(person: Enter, session: Session) -> None:
    one, two = person("cmcoord"), person("cluster")
    one.page.goto(session.path)
    type_into(one.page, session.first, "a b c")
    expect(says(one.page, session.first)).to_contain_text("Saved")
    expect(box(one.page, session.first)).to_have_value("a b c")
    lost: list[str] = []

    def lose_once(route: Any) -> None:
        if not lost and route.request.method == "POST":
            lost.append(route.request.url)
            route.fetch()  # it arrives …
            route.abort("connectionreset")  # … and its answer does not
        else:
            route.continue_()

    one.offline_expected = True
    one.page.route(re.compile(r"/minute/$"), lose_once)
    type_into(one.page, session.first, " d")
    expect(says(one.page, session.first)).to_contain_text("no connection")
    two.page.goto(session.path)
    type_into(two.page, session.first, " e")
    expect(says(two.page, session.first)).to_contain_text("Saved")
    expect(box(one.page, session.first)).to_have_value("a b c d e", timeout=20_000)
    assert lost
    assert session.minute(session.first) == "a b c d e"


def test_news_that_come_late_take_nothing_back(person: Enter, session: Session) -> None:
    """What was asked for before a save says less than the save's answer; it must not be put over it."""
    one, two = person("cmcoord"), person("cluster")
    for each in (one, two):
        each.page.goto(session.path)
    late: list[tuple[Any, Any]] = []

    def hold(route: Any) -> None:
        answer = route.fetch()
        if not late and answer.status == 200:
            late.append((route, answer))
        else:
            route.fulfill(response=answer)

    one.page.route(re.compile(r"/minutes/state/"), hold)
    type_into(two.page, session.first, "Two.")
    expect(says(two.page, session.first)).to_contain_text("Saved")
    while not late:
        one.page.wait_for_timeout(200)
    type_into(one.page, session.first, "One.")
    box(one.page, session.second).focus()
    expect(says(one.page, session.first)).to_contain_text("together with what others wrote")
    whole = session.minute(session.first)
    assert {"One.", "Two."} <= set(whole.split())
    route, answer = late[0]
    route.fulfill(response=answer)
    one.page.wait_for_timeout(1000)
    # WHY: not by expect(), which would wait until the next news have put it right.
    assert box(one.page, session.first).input_value() == whole


def test_whoever_is_signed_out_meanwhile_loses_nothing(person: Enter, session: Session) -> None:
    part = "cluster"
    one = person(part)
    one.context.clear_cookies()
    one.sign_in()  # WHY: a session of its own, so that the others of this part are not ended with it
    page = one.page
    page.goto(session.path)
    other = one.context.new_page()
    other.goto("/")
    other.locator("details.menu summary", has_text="Account of").click()
    other.locator("form[data-sign-out] button, [data-sign-out] button").first.click()
    other.wait_for_load_state()
    if other.get_by_role("button", name="Sign out").count():
        other.get_by_role("button", name="Sign out").first.click()
    type_into(page, session.first, "Said while signed out.")
    expect(says(page, session.first)).to_contain_text("signed out", timeout=15_000)
    expect(box(page, session.first)).to_have_value("Said while signed out.")
    assert session.minute(session.first) == ""
    # Somebody else signs in at the same machine: nothing is saved in their name.
    for who, saved in (("cmcoord", ""), (part, "Said while signed out.")):
        other.context.clear_cookies()
        other.goto("/accounts/login/")
        other.locator('#main [name="login"]').fill(f"{who}@rivers.invalid")
        other.locator('#main [name="password"]').fill(PASSWORD)
        other.get_by_role("button", name="Sign in").click()
        other.wait_for_url(f"{one.address}/")
        page.bring_to_front()
        if saved:
            expect(says(page, session.first)).to_contain_text("Saved", timeout=60_000)
        else:
            page.wait_for_timeout(7000)
            expect(says(page, session.first)).to_contain_text("signed out")
        assert session.minute(session.first) == saved


def test_minutes_adopted_meanwhile_leave_the_words_to_be_copied(person: Enter, session: Session) -> None:
    one = person("cluster")
    page = one.page
    page.goto(session.path)
    type_into(page, session.first, "Saved words.")
    expect(says(page, session.first)).to_contain_text("Saved")
    with one.offline():
        type_into(page, session.first, " Late words.")
        expect(says(page, session.first)).to_contain_text("no connection")
        session.step("end", "circulate", "adopt")
    expect(says(page, session.first)).to_contain_text("your words here were not saved", timeout=45_000)
    expect(box(page, session.first)).to_have_value("Saved words. Late words.")
    expect(box(page, session.first)).not_to_be_editable()
    assert session.minute(session.first) == "Saved words."


def test_without_javascript_the_button_saves_and_merges(person: Enter, session: Session) -> None:
    one = person("cmcoord")
    one.page.goto(session.path)
    plain = person("cluster", java_script_enabled=False)
    cookies = person("cluster").context.cookies()
    plain.context.add_cookies(cookies)
    plain.page.goto(session.path)
    type_into(one.page, session.first, "One wrote this.")
    expect(says(one.page, session.first)).to_contain_text("Saved")
    box(plain.page, session.first).fill("Two wrote that.")
    plain.page.locator(f"#minute-{session.first.uuid} [data-minute-save]").click()
    plain.says("together with what others wrote")
    whole = session.minute(session.first)
    assert "One wrote this." in whole
    assert "Two wrote that." in whole
    expect(box(plain.page, session.first)).to_have_value(whole)
