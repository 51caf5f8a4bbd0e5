"""The clocks of an exercise ring for those on whom it waits, and for nobody above them (I23)."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from apps.mission.models import Position
from apps.notifications import herald
from apps.notifications.models import Notification
from apps.notifications.relay import relay_drain
from tests.cast.rows import door
from tests.factories.plans import circulated
from tests.factories.staff import Staff, staff_make


@pytest.fixture(scope="module")
def staff(committed_db_module: str) -> Staff:
    """A mission in a database of its own, where the past can be written; the JOC stands above a requester."""
    made = staff_make("drill")
    Position.objects.filter(pk=made.positions["req"].pk).update(reports_to=made.positions["joc"])
    return made


@pytest.mark.parametrize("kind", ["exercise", "return"])
def test_i23_nobody_above_is_told_that_an_exercise_is_overdue(
    staff: Staff, committed_db_module: str, database_url: Callable[..., str], kind: str
) -> None:
    plan = circulated(staff, kind=kind, scope="mission")
    relay_drain()
    for _turn in range(6):
        with door(database_url(committed_db_module, "")) as cursor:
            cursor.execute(
                "UPDATE notifications_waits SET next_at = next_at - interval '9 days',"
                " moments = ARRAY(SELECT m - interval '9 days' FROM unnest(moments) m) WHERE record_id = %s",
                [plan.pk],
            )
        herald.tick()
        relay_drain()
    with staff.acting("req"):
        verbs = list(Notification.objects.filter(record_id=plan.pk).values_list("event__verb", flat=True))
        assert "clock.escalated" in verbs
    with staff.acting("joc"):
        assert Notification.objects.filter(record_id=plan.pk).exists() == (kind == "return")
