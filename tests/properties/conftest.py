"""The cast alone, committed in a database of this package's own; each example rolls back what it did."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from cimic_portal.embedded import testing
from tests.cast.people import Cast, cast_make


@pytest.fixture(scope="package")
def cast(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    """Everybody, and no record."""
    from tests.conftest import SERVERS

    with django_db_blocker.unblock():
        before = testing.current_database()
        name = SERVERS.new_database(testing.migrated_template(SERVERS))
        testing.point_django_at(name)
        try:
            yield cast_make()
        finally:
            testing.leave(SERVERS, name, back_to=before)
