"""The package's own mission."""

from tests.factories.fixtures import committed_staff, staff

__all__ = ["committed_staff", "staff"]
