"""Fixtures of the tests of joint plans."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from apps.joint_plans.models import JointPlan, Part
from tests.factories.fixtures import committed_staff, staff
from tests.factories.staff import Staff

__all__ = ["Call", "committed_staff", "one", "parts_url", "staff"]


class Program:
    """A program with the session of the holder of a post."""

    def __init__(self, staff: Staff, post: str) -> None:
        self.client = Client()
        self.client.force_login(staff.people[post], backend=settings.AUTHENTICATION_BACKENDS[0])

    def get(self, path: str) -> Any:
        return self.client.get(path)

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(
            method, path, json.dumps(body or {}), content_type="application/json", headers=named
        )


Call = Callable[[str], Program]


@pytest.fixture
def call(staff: Staff) -> Call:
    return lambda post: Program(staff, post)


def parts_url(plan: JointPlan, rest: str = "") -> str:
    return f"/api/v1/joint-plans/{plan.uuid}/parts/{rest}"


def one(plan: JointPlan, part: Part) -> str:
    return parts_url(plan, f"{part.uuid}/")
