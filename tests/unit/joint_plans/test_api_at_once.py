"""Several programs that write the same at once, over connections of their own: one writes, the others are told."""

from __future__ import annotations

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any

from django.db import connections

from apps.joint_plans.models import Activity, Promise
from tests.factories.plans import active
from tests.factories.resources import ask, resource_make
from tests.factories.staff import Staff, staff_make
from tests.unit.joint_plans.conftest import Program, one

SEVERAL = 4


def at_once(staff: Staff, post: str, send: Callable[[Program, int], Any]) -> list[int]:
    """The statuses of as many calls that begin together, in order."""
    said: list[int] = []
    together = Barrier(SEVERAL)

    def call(number: int) -> None:
        try:
            program = Program(staff, post)
            together.wait(10)
            said.append(send(program, number).status_code)
        finally:
            connections.close_all()

    threads = [Thread(target=call, args=(number,)) for number in range(SEVERAL)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(said)


def test_one_of_several_who_say_how_far_it_is(committed_db: str) -> None:
    staff = staff_make()
    plan = active(staff)
    with staff.acting("cim"):
        path = one(plan, Activity.objects.get(of_plan=plan))
    tag = Program(staff, "unit").get(path)["ETag"]
    statuses = at_once(
        staff, "unit",
        lambda program, n: program.send(
            "POST", f"{path}progress/", {"progress": "under_way", "report": f"Well {n}"}, If_Match=tag
        ),
    )  # fmt: skip
    assert statuses == [200, *[412] * (SEVERAL - 1)]


def test_one_of_several_who_change_an_offer_and_who_promise_it(committed_db: str) -> None:
    staff = staff_make()
    resource = resource_make(staff)
    path = f"/api/v1/resources/{resource.uuid}/"
    tag = Program(staff, "unit").get(path)["ETag"]
    statuses = at_once(
        staff, "unit",
        lambda program, n: program.send("PATCH", path, {"conditions": f"Fuel {n}"}, If_Match=tag),
    )  # fmt: skip
    assert statuses == [200, *[412] * (SEVERAL - 1)]
    plan = active(staff)
    promise = ask(staff, plan, resource)
    address = f"/api/v1/resources/asked/{promise.uuid}/answer/"
    statuses = at_once(staff, "unit", lambda program, n: program.send("POST", address, {"state": "promised"}))
    assert statuses == [200, *[409] * (SEVERAL - 1)]
    with staff.acting("unit"):
        assert Promise.objects.get(pk=promise.pk).state == "promised"
