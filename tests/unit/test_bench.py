"""The bench at a tiny size: its data is as said, its questions are answered, its computed data agrees."""

from __future__ import annotations

from bench import command, planning
from bench.sizes import Profile, Sizes
from tests.conftest import SERVERS

TINY = Sizes(records=1000, people=80, groups=80, grants=10_000)


def test_the_bench_measures_a_tiny_mission(committed_db: str) -> None:
    try:
        found = command.measured(SERVERS, TINY, 1, check=True)
        name, seconds = command.database(SERVERS, TINY)
    finally:
        SERVERS.drop(command.name_of(TINY))
    assert seconds == 0, "the second run found what the first one made"
    assert name == command.name_of(TINY)
    questions = {profile: said["questions"].keys() for profile, said in found["readers"].items()}
    assert {profile: said["readable"] for profile, said in found["readers"].items()} == {
        str(profile): TINY.readable(profile) for profile in Profile
    }
    assert questions[Profile.NONE] == questions[Profile.HALF] - {"record, readable"}
    assert found["writes"]["records shared with one group"] > 0
    assert found["check_need_to_know_s"] > 0


def test_sizes_that_cannot_be_had_are_refused() -> None:
    assert Sizes().problem() == ""
    assert "--records" in Sizes(records=10).problem()
    assert "--groups" in Sizes(groups=40).problem()
    assert "--grants" in Sizes(grants=10).problem()


def test_the_time_line_of_a_small_plan_is_measured(committed_db: str) -> None:
    found = planning.measured(SERVERS, 60, 1)
    assert found["rows"] == 60
    assert found["pages"].keys() == planning.PAGES.keys()
    assert all(page["bytes"] > 0 and page["ratio"] > 0 for page in found["pages"].values())
