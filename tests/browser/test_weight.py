"""What the pages weigh on the wire: compressed, as a phone on a thin line receives them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from apps.aid_requests.models import AidRequest
from apps.need_to_know.acting import acting_as
from apps.records.services import record_file
from tests.browser.mission import Setting
from tests.browser.person import Person

Enter = Callable[..., Person]
FIRST_KB = 45.0
LATER_KB = 8.0


@pytest.fixture(scope="module")
def filled(setting: Setting) -> str:
    """More requests than a list page holds; the address of one."""
    with acting_as(setting.people["other"], setting.mission) as actor:
        for number in range(60):
            record = record_file(
                actor,
                record=AidRequest(
                    title=f"Lift of water treatment units to landing site {number}",
                    kind="lift",
                    priority=number % 3 + 1,
                    need_statement="Chlorine, pumps and bladders for the sites along the river. " * 4,
                ),
            )
    return f"/aid-requests/{record.uuid}/"


def _weigh(who: Person, path: str) -> float:
    """The kB that come over the wire for a page with all that it loads."""
    session = who.context.new_cdp_session(who.page)
    session.send("Network.enable")
    bytes_: list[float] = []
    session.on("Network.loadingFinished", lambda event: bytes_.append(event["encodedDataLength"]))
    who.page.goto(path, wait_until="networkidle")
    session.detach()
    return sum(bytes_) / 1000


def test_the_first_page_and_the_later_ones_are_light(person: Enter, filled: str) -> None:
    """At most 45 kB with an empty cache, at most 8 kB afterwards."""
    who = person("other")
    who.page.goto("about:blank")
    fresh = person("other")
    assert _weigh(fresh, "/") <= FIRST_KB
    weights = {
        path: _weigh(fresh, path)
        for path in ("/", "/aid-requests/", filled, f"{filled}edit/need/", f"{filled}share/")
    }
    assert {path: kb for path, kb in weights.items() if kb > LATER_KB} == {}, weights
