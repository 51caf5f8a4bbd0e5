"""The navigation stands in groups: each record type in the one it says, one entry at most being the current page."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from apps.pages.navigation import navigation, types_of
from apps.records import checks
from apps.records.groups import NavGroup
from apps.records.registry import all_types
from tests.factories.staff import Staff


def test_every_record_type_is_found_in_one_group() -> None:
    found = [declared for group in NavGroup for declared in types_of(group)]
    assert sorted(each.key for each in found) == sorted(each.key for each in all_types())


def test_a_type_that_does_not_say_its_group_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    declared = all_types()[0]
    monkeypatch.delattr(declared, "nav_group")
    said = [problem.msg for problem in checks.record_types_are_whole(None)]
    assert said == [f"{declared.__name__} does not say its nav_group"]


@pytest.mark.parametrize(
    ("name", "group"),
    [
        ("desk:home", NavGroup.DESK),
        ("aid_requests:list", NavGroup.REQUESTS),
        ("meetings:list", NavGroup.COORDINATION),
        ("stakeholders:list", NavGroup.LIAISON),
        ("stakeholders:presence", NavGroup.LIAISON),
        ("liaison_offices:matrix", NavGroup.LIAISON),
        ("announcements:list", NavGroup.REPORTS),
    ],
)
def test_the_page_one_is_on_marks_its_entry_and_its_group(staff: Staff, name: str, group: NavGroup) -> None:
    with staff.acting("req") as actor:
        drawn = navigation(actor, reverse(name))
    assert [each["label"] for each in drawn if each["current"]] == [group.label]
    assert [e["url"] for each in drawn for e in each["entries"] if e["current"]] == [reverse(name)]


def test_a_page_that_is_in_no_group_marks_none(staff: Staff) -> None:
    with staff.acting("req") as actor:
        assert not any(each["current"] for each in navigation(actor, reverse("access:mine")))


def test_a_group_in_which_nothing_is_open_is_left_out(staff: Staff) -> None:
    with staff.acting("req") as actor:
        labels = [each["label"] for each in navigation(actor, "/")]
    assert labels == [group.label for group in NavGroup if group != NavGroup.OVERSIGHT]


def test_a_group_with_one_entry_is_drawn_as_that_entry(staff: Staff, client: Client) -> None:
    client.force_login(staff.people["adm"])
    page = client.get(reverse("notifications:operations")).content.decode()
    menu = page[page.index('class="site-nav"') : page.index("</nav>")]
    assert f'<a class="way" href="{reverse("notifications:operations")}" aria-current="page">' in menu
    assert str(NavGroup.OVERSIGHT.label) not in menu
    assert menu.count("aria-current") == 1


def test_the_group_of_the_current_page_says_so(staff: Staff, client: Client) -> None:
    client.force_login(staff.people["req"])
    page = client.get(reverse("meetings:list")).content.decode()
    menu = page[page.index('class="site-nav"') : page.index("</nav>")]
    assert menu.count('aria-current="true"') == 1
    assert menu.count('aria-current="page"') == 1
    assert f'aria-current="true">{NavGroup.COORDINATION.label}</summary>' in menu
