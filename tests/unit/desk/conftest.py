"""The demo mission, told once for all tests of this folder."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import datetime

import pytest
from django.core.management import call_command
from django.utils import timezone

from apps.mission.models import Mission


@pytest.fixture(scope="package")
def begun() -> datetime:
    """When the telling began."""
    return timezone.now()


@pytest.fixture(scope="package")
def told(begun: datetime, committed_db_package: str, django_db_blocker: object) -> Iterator[str]:
    """What the command printed."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        out = io.StringIO()
        call_command("demo", stdout=out, stderr=io.StringIO())
        yield out.getvalue()


@pytest.fixture
def mission(told: str) -> Mission:
    """The mission of the demo."""
    return Mission.objects.get(code="unb")
