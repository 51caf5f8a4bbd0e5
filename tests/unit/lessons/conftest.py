"""The package's own mission; posts that a test adds are that test's."""

from __future__ import annotations

import pytest

from tests.factories.fixtures import Signed, committed_staff, signed, with_posts_of_its_own
from tests.factories.fixtures import staff as plain_staff
from tests.factories.staff import Staff

__all__ = ["Signed", "committed_staff", "plain_staff", "signed"]


@pytest.fixture
def staff(plain_staff: Staff) -> Staff:
    """The mission."""
    return with_posts_of_its_own(plain_staff)
