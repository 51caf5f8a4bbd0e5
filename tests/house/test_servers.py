"""DATABASE_URL and REDIS_URL replace the embedded servers, on the same path."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cimic_portal.bootstrap.refusal import Refusal
from cimic_portal.embedded import provision
from cimic_portal.embedded.servers import Addresses, DataFolder, Servers


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Addresses]:
    """Servers that somebody else runs."""
    data = DataFolder(tmp_path / "elsewhere")
    with Servers(data, environ={}, database="postgres", durable=False) as servers:
        yield servers.addresses


def test_as_administrator_everything_is_set_up_there(elsewhere: Addresses, tmp_path: Path) -> None:
    data = DataFolder(tmp_path / "data")
    environ = {"DATABASE_URL": elsewhere.database_admin_url, "REDIS_URL": elsewhere.redis_url}
    for _ in range(2):
        with Servers(data, environ=environ) as servers:
            assert servers.running() == {}
            found = servers.addresses
            assert provision.role_name(found.database_url) == "portal_app"
            assert provision.role_name(found.database_owner_url) == "portal_owner"
            assert "/portal?" in found.database_url
            assert found.redis_url == elsewhere.redis_url
    assert data.secret("portal_app") in found.database_url
    assert (data.path / "secrets" / "portal_app").stat().st_mode & 0o077 == 0
    assert provision.reaches(found.database_url), "stopping ours must not stop theirs"
    assert "database_admin_url" not in found.environment()


def test_as_portal_app_the_owner_must_be_named_too(elsewhere: Addresses, tmp_path: Path) -> None:
    data = DataFolder(tmp_path / "data")
    environ = {"DATABASE_URL": elsewhere.database_url, "REDIS_URL": elsewhere.redis_url}
    with pytest.raises(Refusal, match=r"signs in as portal_app.* set DATABASE_OWNER_URL"):
        Servers(data, environ=environ).start()
    environ["DATABASE_OWNER_URL"] = elsewhere.database_owner_url
    with Servers(data, environ=environ) as servers:
        assert servers.addresses.database_url == elsewhere.database_url
        assert servers.addresses.database_owner_url == elsewhere.database_owner_url


def test_a_server_that_is_away_gets_one_sentence(tmp_path: Path) -> None:
    data = DataFolder(tmp_path / "data")
    environ = {"DATABASE_URL": f"postgresql://x@/x?host={tmp_path}", "REDIS_URL": "redis://unused"}
    with pytest.raises(Refusal, match=r"^DATABASE_URL names a database that cannot be reached: .*$"):
        Servers(data, environ=environ).start()
