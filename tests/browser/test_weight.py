"""What the pages weigh on the wire: compressed, as a phone on a thin line receives them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from random import Random

import pytest
from django.utils import timezone

from apps.aid_requests.models import AidRequest
from apps.mission.models import Area
from apps.need_to_know.acting import acting_as
from apps.records.services import record_file
from tests.browser.mission import Setting
from tests.browser.person import Person

Enter = Callable[..., Person]
WHAT = ("Airlift", "River transport", "Storage", "Road repair for trucks", "Escort")
GOODS = (
    "water treatment units",
    "seed and tools",
    "medical kits",
    "shelter material",
    "a mobile clinic",
    "cereals",
)
SITES = (
    "landing site",
    "the eastern camp",
    "Mangalla junction",
    "the river port",
    "ward",
    "the airstrip, row",
)
KINDS = ("lift", "storage", "engineering", "armed_escort", "mcda", "medical")
FIRST_KB = 45.0
LATER_KB = 8.0


@pytest.fixture(scope="module")
def filled(setting: Setting) -> str:
    """More requests than a list page holds, no two alike; the address of one."""
    draw = Random(7)
    areas = list(Area.objects.filter(mission=setting.mission))
    with acting_as(setting.people["other"], setting.mission) as actor:
        for number in range(60):
            record = record_file(
                actor,
                record=AidRequest(
                    title=f"{draw.choice(WHAT)} of {draw.choice(GOODS)} to {draw.choice(SITES)} {number}",
                    kind=draw.choice(KINDS),
                    priority=draw.randint(1, 3),
                    area=draw.choice(areas),
                    needed_by=timezone.now() + timedelta(hours=draw.randint(30, 900), seconds=number),
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
