"""Fixtures of the tests of working groups."""

from __future__ import annotations

from typing import Any

import pytest

from apps.working_groups.models import AgendaItem, Meeting
from tests.factories.fixtures import committed_staff, staff
from tests.factories.groups import group_active, item_add, meeting_planned, step
from tests.factories.staff import Staff

__all__ = ["committed_staff", "staff"]


@pytest.fixture
def led_group(staff: Staff) -> Any:
    """A group in which CMCoord leads and `clu` keeps the minutes."""
    return group_active(staff, secretariat=staff.positions["clu"], members=("req",))


@pytest.fixture
def in_session(staff: Staff, led_group: Any) -> Meeting:
    """A meeting of it in session."""
    made = meeting_planned(staff, led_group)
    found: Meeting = step(staff, made, "cmc", "start")
    return found


@pytest.fixture
def item(staff: Staff, in_session: Meeting) -> AgendaItem:
    """An item of it."""
    return item_add(staff, in_session, order=10)
