"""Whether the database was prepared for the code as it is now. No Django here: the supervisor asks."""

from __future__ import annotations

import hashlib
from pathlib import Path

import psycopg2
from psycopg2 import sql

from cimic_portal import catalogues
from cimic_portal.embedded import provision

_STATIC = {".css", ".js", ".svg", ".png", ".ico", ".webmanifest", ".txt"}


def files_hash(paths: list[Path]) -> str:
    """Changes whenever one of the files, or the list of them, does."""
    digest = hashlib.sha256()
    for path in sorted(paths):
        digest.update(str(path).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:32]


def database_hash(project: Path) -> str:
    """Changes with the migrations, the roles, or the packages installed."""
    migrations = list((project / "apps").glob("*/migrations/**/*.py"))
    sql_files = list((project / "apps").glob("**/*.sql"))
    return files_hash([*migrations, *sql_files, provision.ROLES_SCRIPT, project / "requirements.txt"])


def static_hash(project: Path) -> str:
    """Changes with the static files or the packages that bring some."""
    folders = [project / "static", *(project / "apps").glob("*/static")]
    found = [path for folder in folders for path in folder.rglob("*") if path.suffix in _STATIC]
    return files_hash([*found, project / "requirements.txt"])


def prepared_for(url: str) -> str:
    """The hash that the database at `url` was last prepared for; empty if never.

    WHY: the note is kept in the database, so that it goes with it when a database is replaced or restored.
    """
    with provision.connected(url) as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = current_database()"
        )
        return str(cursor.fetchone()[0] or "")


def note_prepared(owner_url: str, state: str) -> None:
    """Note, as the owner, the hash that the database is prepared for."""
    with provision.connected(owner_url) as cursor:
        cursor.execute("SELECT current_database()")
        name = sql.Identifier(cursor.fetchone()[0])
        cursor.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(name, sql.Literal(state)))


def is_current(project: Path, data: Path, url: str, *, static: bool) -> bool:
    """True if nothing needs preparing: catalogues, migrations, database, and static files if they count."""
    try:
        if static and (data / ".static-collected").read_text() != static_hash(project):
            return False
        if not catalogues.are_current(project / "locale"):
            return False
        return prepared_for(url) == database_hash(project)
    except (OSError, psycopg2.Error):
        return False
