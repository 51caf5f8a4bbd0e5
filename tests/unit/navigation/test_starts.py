"""What one may begin from the desk: daily work has buttons, the rest stands in a list, nothing is lost."""

from __future__ import annotations

import pytest
from django.test import Client

from apps.desk.starting import DIRECT, starts
from apps.records.registry import all_types
from tests.factories.staff import Staff


@pytest.mark.parametrize(
    ("post", "direct"),
    [
        ("req", ["aid request", "request for information"]),
        ("cmc", ["request for information", "meeting", "engagement"]),
        ("cim", ["request for information", "meeting", "engagement"]),
        ("joc", ["JOC product", "announcement"]),
        ("clu", ["action point", "meeting"]),
    ],
)
def test_the_daily_work_of_a_role_has_buttons(staff: Staff, post: str, direct: list[str]) -> None:
    with staff.acting(post) as actor:
        assert [str(each.name) for each in starts(actor).direct] == direct


def test_whatever_may_be_filed_is_offered_once(staff: Staff) -> None:
    staff.also_holds("req", "cim")
    for post in staff.people:
        with staff.acting(post) as actor:
            found = starts(actor)
            offered = [each.url for each in (*found.direct, *found.others)]
            assert sorted(offered) == sorted(
                f"/{declared.plural}/new/" for declared in all_types() if declared.may_file(actor)
            )
            assert len(found.direct) <= DIRECT


def test_a_few_are_all_buttons(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = {"decision", "release"}
    for declared in all_types():
        may = declared.key in kept
        monkeypatch.setattr(declared, "may_file", classmethod(lambda cls, actor, may=may: may))
    with staff.acting("req") as actor:
        found = starts(actor)
    assert [str(each.name) for each in found.direct] == ["decision", "release"]
    assert found.others == []


def test_the_desk_draws_buttons_and_a_list(staff: Staff, client: Client) -> None:
    client.force_login(staff.people["req"])
    page = client.get("/").content.decode()
    head = page[page.index('class="page-head') : page.index('id="work"')]
    assert head.count('class="button') == 3, "two buttons and the list"
    assert "New: aid request" in head
    assert '<a href="/decisions/new/">Decision</a>' in head


def test_who_may_file_nothing_has_neither(
    staff: Staff, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for declared in all_types():
        monkeypatch.setattr(declared, "may_file", classmethod(lambda cls, actor: False))
    client.force_login(staff.people["req"])
    page = client.get("/").content.decode()
    head = page[page.index('class="page-head') : page.index('id="work"')]
    assert "<details" not in head
    assert "button" not in head
