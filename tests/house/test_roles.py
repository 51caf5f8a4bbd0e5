"""The three database roles can do what they are for, and nothing else."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, connections

from cimic_portal import checks
from cimic_portal.embedded import provision
from cimic_portal.embedded.postgres import Postgres, binaries
from cimic_portal.embedded.servers import DataFolder, Servers

ROOT = Path(__file__).resolve().parents[2]
Url = Callable[..., str]


@pytest.fixture
def signed_in_as(committed_db: str, database_url: Url):
    """Lets Django sign in as another role, for the length of a test."""
    before = connection.settings_dict

    def sign_in(role: str) -> None:
        connection.close()
        user = provision.role_name(database_url(committed_db, role))
        connection.settings_dict = {**before, "USER": user}

    yield sign_in
    connection.close()
    connection.settings_dict = before


@pytest.mark.usefixtures("db")
def test_the_tests_themselves_sign_in_as_portal_app() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("portal_app",)
    assert checks.role_problems() == []
    assert checks.check_role(databases=["default"]) == []


@pytest.mark.parametrize(
    ("role", "named"), [("portal_owner", {"portal.E003", "portal.E004"}), ("", {"portal.E001"})]
)
def test_owner_and_superuser_are_refused(role: str, named: set[str], signed_in_as) -> None:
    signed_in_as(role)
    assert named <= {problem.id for problem in checks.check_role(databases=["default"])}
    with pytest.raises(ImproperlyConfigured, match="row-level security would not bind it"):
        checks.refuse_unbound_role()


def test_a_bypassing_role_is_refused(committed_db: str, database_url: Url, signed_in_as) -> None:
    with provision.connected(database_url(committed_db, "")) as cursor:
        cursor.execute("ALTER ROLE portal_app BYPASSRLS")
    try:
        connection.close()
        assert {problem.id for problem in checks.role_problems()} == {"portal.E002"}
    finally:
        with provision.connected(database_url(committed_db, "")) as cursor:
            cursor.execute("ALTER ROLE portal_app NOBYPASSRLS")


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE django_session",
        "SET ROLE portal_door",
        "SET ROLE portal_owner",
        "CREATE TABLE mine (id int)",
        "ALTER TABLE django_session DISABLE ROW LEVEL SECURITY",
        "SELECT unasked()",
    ],
)
def test_portal_app_may_not(statement: str, committed_db: str, database_url: Url) -> None:
    with provision.connected(database_url(committed_db, "portal_owner")) as cursor:
        cursor.execute("CREATE OR REPLACE FUNCTION unasked() RETURNS int LANGUAGE sql AS 'SELECT 1'")
    with (
        provision.connected(database_url(committed_db)) as cursor,
        pytest.raises(psycopg2.errors.InsufficientPrivilege),
    ):
        cursor.execute(statement)


def test_a_function_can_be_handed_to_the_door_and_opened_to_the_app(
    committed_db: str, database_url: Url
) -> None:
    with provision.connected(database_url(committed_db, "portal_owner")) as cursor:
        cursor.execute("CREATE TABLE shut (word text)")
        cursor.execute("ALTER TABLE shut ENABLE ROW LEVEL SECURITY")
        cursor.execute("ALTER TABLE shut FORCE ROW LEVEL SECURITY")
        cursor.execute(
            "CREATE FUNCTION words() RETURNS bigint LANGUAGE sql SECURITY DEFINER"
            " SET search_path = public AS 'SELECT count(*) FROM shut'"
        )
        cursor.execute("ALTER FUNCTION words() OWNER TO portal_door")
        cursor.execute("GRANT EXECUTE ON FUNCTION words() TO portal_app")
    with provision.connected(database_url(committed_db, "")) as cursor:
        cursor.execute("INSERT INTO shut VALUES ('hidden')")
    with provision.connected(database_url(committed_db)) as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM shut), words()")
        assert cursor.fetchone() == (0, 1)


@pytest.fixture
def own_cluster(tmp_path: Path) -> Iterator[Postgres]:
    """A PostgreSQL server of the test's own: roles belong to a whole server."""
    data = DataFolder(tmp_path / "data")
    with Servers(data, environ={"REDIS_URL": "redis://unused"}, database="unused", durable=False) as servers:
        assert servers.postgres is not None
        yield servers.postgres


def test_the_containers_script_sets_the_same_roles_up(own_cluster: Postgres, tmp_path: Path) -> None:
    """The script that the database container runs, run with psql; twice, because it must be repeatable."""
    for name in ("owner", "app"):
        (tmp_path / name).write_text(f"pass'word of {name}")
    admin = own_cluster.url("postgres")
    provision.create_database(admin, "portal")
    env = {
        "PATH": f"{binaries()}{os.pathsep}{os.environ['PATH']}",
        "PGHOST": str(own_cluster.sockets),
        "POSTGRES_USER": "postgres",
        "POSTGRES_DB": "portal",
        "PORTAL_OWNER_PASSWORD_FILE": str(tmp_path / "owner"),
        "PORTAL_APP_PASSWORD_FILE": str(tmp_path / "app"),
        "PORTAL_ROLES_SCRIPT": str(ROOT / "deploy/postgres/roles.sql"),
    }
    for _ in range(2):
        done = subprocess.run(
            [ROOT / "deploy/postgres/init.sh"], env=env, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        assert "word of" not in done.stdout + done.stderr
    with provision.connected(own_cluster.url("portal")) as cursor:
        cursor.execute(
            "SELECT rolname, rolcanlogin, rolsuper, rolbypassrls, rolpassword LIKE 'SCRAM-SHA-256%'"
            " FROM pg_authid WHERE rolname LIKE 'portal_%' ORDER BY rolname"
        )
        assert cursor.fetchall() == [
            ("portal_app", True, False, False, True),
            ("portal_door", False, False, True, None),
            ("portal_owner", True, False, False, True),
        ]
        cursor.execute("SELECT datdba::regrole::text FROM pg_database WHERE datname = 'portal'")
        assert cursor.fetchone() == ("portal_owner",)


def test_migrate_signs_in_as_owner_and_comes_back(committed_db: str) -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    with connections["default"].cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("portal_app",)
