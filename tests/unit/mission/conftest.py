"""A mission with somebody in every role, for tests of what its settings do to records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from django.db import transaction

from tests.factories.fixtures import committed_staff
from tests.factories.staff import Staff

__all__ = ["committed_staff"]


@pytest.fixture
def staff(committed_staff: Staff) -> Iterator[Staff]:
    """The mission; what the test writes is undone, and whom it adds is forgotten."""
    with transaction.atomic():
        yield replace(
            committed_staff, people=dict(committed_staff.people), positions=dict(committed_staff.positions)
        )
        transaction.set_rollback(True)
