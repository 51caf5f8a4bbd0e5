"""What people were told before they lost it: pages and API have a date of it and not a word, whatever it was."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from apps.notifications.models import Notification
from tests.cast.told import LOST
from tests.cast.world import World
from tests.contract.calling import client_of, text_of, told

TABS = ("", "?tab=needs-me", "?tab=mentions", "?tab=all")


def notifications(world: World, person: str) -> list[tuple[Any, Any]]:
    """(UUID, record) of what somebody was told."""
    with world.acting(person):
        return list(Notification.objects.order_by("pk").values_list("uuid", "record_id"))


@pytest.mark.parametrize("person", LOST)
def test_i06_what_was_lost_has_a_date_and_nothing_else(rolled_back: World, person: str) -> None:
    client, mine = client_of(rolled_back, person), notifications(rolled_back, person)
    assert len(mine) == 2 * len(rolled_back.trios)
    pages = [reverse("notifications:inbox") + tab for tab in TABS]
    pages += [
        reverse("notifications:head"),
        reverse("notifications:preferences"),
        "/",
        reverse("api:notifications"),
    ]
    said = {path: text_of(client.get(path)) for path in pages}
    assert {path: found for path in pages if (found := rolled_back.canaries.found_in(said[path]))} == {}
    assert said[pages[3]].count("No longer available") == len(mine)
    # The reason is gone with the right: an emergency stands on no page, and no tab has it.
    assert "Read and acknowledge" not in "".join(said.values())
    assert "told-" not in said[pages[1]] + said[pages[2]]


@pytest.mark.parametrize("person", LOST)
@pytest.mark.parametrize("name", ["notifications:open", "api:notification-read"])
def test_whatever_was_lost_opens_as_the_same_few_words(rolled_back: World, person: str, name: str) -> None:
    client, answers = client_of(rolled_back, person), set()
    with rolled_back.acting(person):
        Notification.objects.update(read_at="2026-01-01T00:00Z")
    for uuid, record in notifications(rolled_back, person):
        path = reverse(name, args=[uuid])
        answer = client.get(path) if name.endswith("open") else client.post(path, {}, "application/json")
        assert answer.status_code == 200
        assert not rolled_back.canaries.found_in(text_of(answer))
        status, headers, content = told(answer, Named(uuid, record))
        if name.startswith("api:"):
            content = content[: content.index(b'"at"')]
        answers.add((status, headers, content))
    assert len(answers) == 1


class Named:
    """What `told` blots out of an answer."""

    def __init__(self, uuid: Any, record: Any) -> None:
        self.uuid, self.pk, self.reference = uuid, record, str(uuid)


def test_nobody_tells_anybody_but_the_database(rolled_back: World) -> None:
    """What people are told, and what is on its way to them, cannot be written, changed or deleted by a process."""
    statements = (
        "INSERT INTO notifications_{} DEFAULT VALUES", "DELETE FROM notifications_{}",
        "UPDATE notifications_{} SET mission_id = mission_id",
    )  # fmt: skip
    with rolled_back.acting("owner"):
        for table in ("notification", "message", "digest", "call"):
            for statement in statements:
                with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                    cursor.execute(statement.format(table))
        for table in ("outbox", "waits"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"SELECT 1 FROM notifications_{table}")
