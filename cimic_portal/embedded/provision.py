"""Creating the portal's roles and databases in a PostgreSQL server, embedded or not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import psycopg2
from psycopg2 import sql

OWNER = "portal_owner"
APP = "portal_app"
DOOR = "portal_door"
DATABASE = "portal"
ROLES_SCRIPT = Path(__file__).resolve().parents[2] / "deploy" / "postgres" / "roles.sql"


def readdressed(
    url: str, *, role: str | None = None, password: str | None = None, database: str | None = None
) -> str:
    """The same server under another role or database."""
    parts = urlsplit(url)
    place = parts.netloc.rpartition("@")[2]
    user = parts.netloc.rpartition("@")[0]
    if role is not None:
        user = quote(role, safe="") + (":" + quote(password, safe="") if password else "")
    path = parts.path if database is None else "/" + quote(database, safe="")
    return urlunsplit((parts.scheme, f"{user}@{place}" if user else place, path, parts.query, ""))


def reaches(url: str) -> bool:
    """True if the address takes a connection."""
    try:
        psycopg2.connect(url, connect_timeout=5).close()
    except psycopg2.OperationalError:
        return False
    return True


@contextmanager
def connected(url: str) -> Iterator[Any]:
    """A cursor in autocommit, for statements that refuse a transaction. Notices are dropped."""
    connection = psycopg2.connect(url, connect_timeout=10)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            yield cursor
    finally:
        connection.close()


def may_create_roles(url: str) -> bool:
    """True if the role at `url` can create the three roles: a superuser, or CREATEROLE with BYPASSRLS."""
    with connected(url) as cursor:
        cursor.execute(
            "SELECT rolsuper OR (rolcreaterole AND rolbypassrls) FROM pg_roles WHERE rolname = current_user"
        )
        return bool(cursor.fetchone()[0])


def role_name(url: str) -> str:
    """The role that an address signs in as."""
    with connected(url) as cursor:
        cursor.execute("SELECT current_user")
        return str(cursor.fetchone()[0])


def database_exists(url: str, database: str) -> bool:
    """True if the server has a database of that name."""
    with connected(url) as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname = %s", [database])
        return bool(cursor.fetchone()[0])


def create_database(url: str, database: str, *, template: str = "template0") -> None:
    """Create `database` as a copy of `template`, which nobody may be using."""
    with connected(url) as cursor:
        cursor.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY {}").format(
                sql.Identifier(database),
                sql.Identifier(template),
                sql.SQL("FILE_COPY" if template != "template0" else "WAL_LOG"),
            )
        )


def drop_database(url: str, database: str) -> None:
    """Drop `database` if it is there, closing the connections to it."""
    with connected(url) as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database)))


def install_roles(url: str, database: str, *, owner_password: str = "", app_password: str = "") -> None:
    """Run the roles script inside `database`; empty passwords leave the roles' passwords as they are."""
    with connected(readdressed(url, database=database)) as cursor:
        cursor.execute(
            "SELECT set_config('portal.owner_password', %s, false),"
            " set_config('portal.app_password', %s, false)",
            [owner_password, app_password],
        )
        cursor.execute(ROLES_SCRIPT.read_text(encoding="utf-8"))


def options(url: str) -> dict[str, str]:
    """The query part of a database address, such as a socket's folder or the TLS mode."""
    return dict(parse_qsl(urlsplit(url).query))


def with_options(url: str, **more: str) -> str:
    """The address with further connection options."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(query=urlencode({**options(url), **more})))
