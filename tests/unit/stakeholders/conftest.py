"""Fixtures of the stakeholders' tests."""

from tests.factories.fixtures import committed_staff, staff

__all__ = ["committed_staff", "staff"]
