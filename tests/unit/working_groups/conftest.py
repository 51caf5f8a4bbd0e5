"""Fixtures of the tests of liaison."""

from tests.factories.fixtures import committed_staff, staff

__all__ = ["committed_staff", "staff"]
