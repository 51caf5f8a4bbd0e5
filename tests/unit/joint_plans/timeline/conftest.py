"""Fixtures of the tests of the time line."""

from __future__ import annotations

from tests.factories.fixtures import committed_staff, staff

__all__ = ["committed_staff", "staff"]
