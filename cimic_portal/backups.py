"""One file that holds the whole portal: database, attachments, and what is needed to prove it whole.

The file is a tar archive: `manifest.json` (format, time, checksums, rows of each table), `database.dump`
(PostgreSQL's custom format) and `attachments/…`. Secrets and settings are not in it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO, Any

import psycopg2
from django.conf import settings
from django.db import connection
from psycopg2 import sql

from cimic_portal.embedded.postgres import binaries
from cimic_portal.embedded.provision import APP, DOOR
from cimic_portal.owner import as_owner

FORMAT = 1
_DUMP = "database.dump"
_MANIFEST = "manifest.json"
_FILES = "attachments/"
_BLOCK = 1024 * 1024


class BackupError(Exception):
    """A backup cannot be made or taken back. The text is one sentence for the operator."""


def backup(target: Path) -> dict[str, Any]:
    """Write everything into `target`, which must not exist, as of one moment; the manifest.

    The file appears under its name only when it is whole.
    """
    if target.exists():
        raise BackupError(f"{target} exists already: name a new file.")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=".backup-") as work:
        dump = Path(work) / _DUMP
        rows = _dump(dump)
        files = {_DUMP: dump} | {_FILES + name: path for name, path in _attachments().items()}
        manifest = {
            "format": FORMAT,
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "checksums": {name: _checksum(path) for name, path in files.items()},
            "rows": rows,
        }
        listing = Path(work) / _MANIFEST
        listing.write_text(json.dumps(manifest, indent=1, sort_keys=True), encoding="utf-8")
        whole = Path(work) / "whole.tar"
        with tarfile.open(whole, "w") as archive:
            for name, path in {_MANIFEST: listing, **files}.items():
                archive.add(path, arcname=name, recursive=False, filter=_nameless)
        whole.chmod(0o600)
        whole.rename(target)
    return manifest


def restore(source: Path) -> dict[str, Any]:
    """Bring everything in `source` back into an empty database and an empty attachments folder.

    Every checksum is compared before anything is written, every table's number of rows afterwards.
    """
    if not source.is_file():
        raise BackupError(f"{source} is not a file.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        if cursor.fetchone()[0]:
            raise BackupError("The database is not empty: restore into a new one (set PORTAL_DATA).")
    connection.close()
    if _attachments():
        raise BackupError(f"The attachments folder {settings.MEDIA_ROOT} is not empty.")
    root = settings.MEDIA_ROOT
    root.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=root.parent, prefix=".restore-") as work:
        manifest = _unpack(source, Path(work))
        _clear_default_privileges()
        _run("pg_restore", "--exit-on-error", "--dbname", _owner_name(), str(Path(work) / _DUMP))
        with _everything() as cursor:
            found = _rows(cursor)
        if found != manifest["rows"]:
            wrong = sorted(
                name for name in {*found, *manifest["rows"]} if found.get(name) != manifest["rows"].get(name)
            )
            raise BackupError(f"The restored database differs from the backup in: {', '.join(wrong)}.")
        files = Path(work) / _FILES.rstrip("/")
        if files.is_dir():
            if root.exists():
                root.rmdir()
            files.rename(root)
    return manifest


def _dump(target: Path) -> dict[str, int]:
    """Dump the database and count its rows, both as of the same moment."""
    with _everything() as cursor:
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        rows = _rows(cursor)
        # SECURITY: portal_door alone sees past row-level security; without it a backup would be refused.
        options = ("--format", "custom", "--compress", "gzip:6", "--role", DOOR, "--snapshot", snapshot)
        _run("pg_dump", *options, "--file", str(target), _owner_name())
    return rows


def _owner_name() -> str:
    return str(connection.settings_dict["NAME"])


def _owner() -> dict[str, Any]:
    if not settings.DATABASE_OWNER:
        raise BackupError("DATABASE_OWNER_URL is not set: backup and restore work as the owner.")
    return {**settings.DATABASE_OWNER, "NAME": _owner_name()}


@contextmanager
def _everything() -> Iterator[Any]:
    """A cursor in one transaction of one moment that sees every row."""
    owner = _owner()
    line = psycopg2.connect(
        dbname=owner["NAME"],
        user=owner["USER"],
        password=owner["PASSWORD"] or None,
        host=owner["HOST"] or None,
        port=owner["PORT"] or None,
        **owner["OPTIONS"],
    )
    try:
        line.set_session(isolation_level="REPEATABLE READ", readonly=True)
        with line.cursor() as cursor:
            cursor.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(DOOR)))
            yield cursor
    finally:
        line.close()


def _clear_default_privileges() -> None:
    """Let new tables start with no privileges but the owner's; the backup brings the default ones back.

    SECURITY: a dump says what was granted, not what was taken away, so with the defaults in force a table
    that portal_app may only read would come back as one that it may change.
    """
    with as_owner(), connection.cursor() as cursor:
        for kind in ("TABLES", "SEQUENCES"):
            cursor.execute(
                f"ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE ALL ON {kind} FROM {APP}, {DOOR}"
            )


def _rows(cursor: Any) -> dict[str, int]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    counts = {}
    for (name,) in cursor.fetchall():
        cursor.execute(sql.SQL("SELECT count(*) FROM public.{}").format(sql.Identifier(name)))
        counts[name] = int(cursor.fetchone()[0])
    return counts


def _run(program: str, *arguments: str) -> None:
    owner = _owner()
    known = {"PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGHOST": "HOST", "PGPORT": "PORT"}
    env = {**os.environ, **{name: str(owner[key]) for name, key in known.items() if owner[key]}}
    env |= {f"PG{name.upper()}": str(value) for name, value in owner["OPTIONS"].items()}
    done = subprocess.run(
        [binaries() / program, "--no-password", *arguments],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[0]
        raise BackupError(f"{program} failed: {reason}")


def _attachments() -> dict[str, Path]:
    root = settings.MEDIA_ROOT
    found = sorted(path for path in root.rglob("*") if path.is_file()) if root.is_dir() else []
    return {path.relative_to(root).as_posix(): path for path in found}


def _checksum(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _nameless(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def _write(work: Path, name: str, content: IO[bytes]) -> None:
    # SECURITY: the manifest came with the file, so it is not trusted to name places.
    place = (work / name).resolve()
    if not place.is_relative_to(work.resolve()):
        raise BackupError(f"The backup holds {name!r}, which lies outside of it.")
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with place.open("wb") as target:
        place.chmod(0o600)
        shutil.copyfileobj(content, target, _BLOCK)


def _unpack(source: Path, work: Path) -> dict[str, Any]:
    """Unpack what the manifest names, and nothing else; refuse whatever is damaged or missing."""
    try:
        with tarfile.open(source, "r:") as archive:
            first = archive.next()
            listing = archive.extractfile(first) if first and first.name == _MANIFEST else None
            if listing is None:
                raise BackupError(f"{source} is not a backup of the portal.")
            manifest: dict[str, Any] = json.load(listing)
            if manifest.get("format") != FORMAT:
                raise BackupError(f"{source} has a format that this version does not know.")
            missing = dict(manifest["checksums"])
            for member in archive:
                if member.name == _MANIFEST:
                    continue
                expected = missing.pop(member.name, None)
                content = archive.extractfile(member) if member.isfile() else None
                if expected is None or content is None:
                    raise BackupError(f"{source} holds {member.name!r}, which its manifest does not name.")
                _write(work, member.name, content)
                if _checksum(work / member.name) != expected:
                    raise BackupError(f"{source} is damaged: the checksum of {member.name!r} differs.")
    except (tarfile.TarError, ValueError, KeyError) as error:
        raise BackupError(f"{source} is not a backup of the portal, or is cut short.") from error
    if missing:
        raise BackupError(f"{source} is cut short: {len(missing)} files are missing.")
    return manifest
