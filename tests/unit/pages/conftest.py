"""A small mission, its people signed in, and requests filed by them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from apps.aid_requests.models import AidRequest
from apps.need_to_know.acting import acting_as
from apps.records.services import record_file
from apps.records.transitions import transition
from tests.cast.people import Cast, cast_make

Signed = Callable[[str], Client]
File = Callable[..., AidRequest]
Ended = Callable[[AidRequest], AidRequest]


@pytest.fixture(scope="module")
def cast(committed_db_module: str, django_db_blocker: Any) -> Cast:
    """Everybody, stored once for a module."""
    with django_db_blocker.unblock():
        return cast_make()


@pytest.fixture(autouse=True)
def _undone(cast: Cast, django_db_blocker: Any) -> Iterator[None]:
    """Whatever a test does is rolled back, and the cast stays."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture
def signed(cast: Cast) -> Signed:
    """A client signed in as somebody of the cast."""

    def client(name: str) -> Client:
        made = Client()
        made.force_login(cast.people[name], backend="allauth.account.auth_backends.AuthenticationBackend")
        return made

    return client


@pytest.fixture
def file(cast: Cast) -> File:
    """Files a request as somebody; other fields by name."""

    def make(who: str = "owner", **fields: Any) -> AidRequest:
        with acting_as(cast.people[who], cast.mission) as actor:
            given = {"title": "Escort of a food convoy", "kind": "armed_escort", "priority": 2, **fields}
            made: AidRequest = record_file(actor, record=AidRequest(**given), position=cast.positions[who])
        return made

    return make


@pytest.fixture
def ended(cast: Cast) -> Ended:
    """Takes the owner's request out of its draft, after which every change is kept, by withdrawing it."""

    def onward(request: AidRequest) -> AidRequest:
        with acting_as(cast.people["owner"], cast.mission) as actor:
            transition(
                actor, record=request, name="withdraw", note="Enough", expected_version=request.version
            )
        return request

    return onward
