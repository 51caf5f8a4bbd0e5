"""A backup brings everything back, and a damaged one is refused before anything is written."""

from __future__ import annotations

import tarfile
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from apps.accounts.models import User
from cimic_portal.embedded import provision, testing

Url = Callable[..., str]


@pytest.fixture
def empty_database(committed_db: str, database_url: Url) -> Iterator[Callable[[], None]]:
    """Points Django at a database with the roles and nothing else, as a new installation has it."""
    name = f"{committed_db}_empty"
    admin = database_url("postgres", "")

    def move() -> None:
        provision.create_database(admin, name)
        provision.install_roles(admin, name)
        testing.point_django_at(name)

    yield move
    testing.point_django_at(committed_db)
    provision.drop_database(admin, name)


@pytest.fixture
def kept(committed_db: str, tmp_path: Path, settings: Any) -> Path:
    """A backup of a portal with a person and two attachments."""
    settings.MEDIA_ROOT = tmp_path / "attachments"
    (settings.MEDIA_ROOT / "ab").mkdir(parents=True)
    (settings.MEDIA_ROOT / "ab" / "one").write_bytes(b"first file")
    (settings.MEDIA_ROOT / "two").write_bytes(b"second file" * 10_000)
    User.objects.create_user(email="kept@example.org", name="Kept Person")
    out = StringIO()
    call_command("backup", str(tmp_path / "portal.backup"), stdout=out)
    assert "2 attachments" in out.getvalue()
    assert (tmp_path / "portal.backup").stat().st_mode & 0o077 == 0
    return tmp_path / "portal.backup"


def test_everything_comes_back(
    kept: Path, empty_database: Callable[[], None], tmp_path: Path, settings: Any
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(STRUCTURE)
        before = cursor.fetchall()
    empty_database()
    settings.MEDIA_ROOT = tmp_path / "restored"
    out = StringIO()
    call_command("restore", str(kept), stdout=out)
    assert "Restored and verified" in out.getvalue()
    assert User.objects.get().email == "kept@example.org"
    assert (settings.MEDIA_ROOT / "ab" / "one").read_bytes() == b"first file"
    assert (settings.MEDIA_ROOT / "two").read_bytes() == b"second file" * 10_000
    with connection.cursor() as cursor:
        cursor.execute(STRUCTURE)
        assert cursor.fetchall() == before
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == ("portal_app",)
    call_command("migrate", check_unapplied=True, verbosity=0)
    with pytest.raises(CommandError, match="The database is not empty"):
        call_command("restore", str(kept))


def test_a_backup_is_not_written_over_another(kept: Path) -> None:
    before = kept.read_bytes()
    with pytest.raises(CommandError, match="exists already"):
        call_command("backup", str(kept))
    assert kept.read_bytes() == before


@pytest.mark.parametrize("damage", ["flipped", "cut", "added", "other"])
def test_a_damaged_file_is_refused_and_nothing_is_written(
    damage: str, kept: Path, empty_database: Callable[[], None], tmp_path: Path, settings: Any
) -> None:
    content = bytearray(kept.read_bytes())
    if damage == "flipped":
        place = content.index(b"second file")
        content[place] ^= 1
    elif damage == "cut":
        content = content[: content.index(b"second file") + 50]
    elif damage == "other":
        content = bytearray(b"not a backup at all" * 100)
    kept.write_bytes(content)
    if damage == "added":
        with tarfile.open(kept, "a") as archive:
            archive.add(__file__, arcname="../../outside")
    empty_database()
    settings.MEDIA_ROOT = tmp_path / "restored"
    with pytest.raises(CommandError, match=r"damaged|cut short|not name|not a backup"):
        call_command("restore", str(kept))
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'public'")
        assert cursor.fetchone() == (0,)
    assert not settings.MEDIA_ROOT.exists()
    assert not list(tmp_path.glob(".restore-*"))


STRUCTURE = """
SELECT 'function', proname, proowner::regrole::text, prosecdef::text,
       coalesce(proacl, acldefault('f', proowner))::text
FROM pg_proc WHERE pronamespace = 'public'::regnamespace
UNION ALL
SELECT 'table', relname, relowner::regrole::text, relrowsecurity::text || relforcerowsecurity::text,
       coalesce(relacl, acldefault((CASE relkind WHEN 'S' THEN 's' ELSE 'r' END)::"char", relowner))::text
FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'S', 'v', 'm', 'p')
UNION ALL
SELECT 'policy', polname, polrelid::regclass::text, polcmd::text, pg_get_expr(polqual, polrelid)
FROM pg_policy
UNION ALL
SELECT 'trigger', tgname, tgrelid::regclass::text, '', pg_get_triggerdef(oid)
FROM pg_trigger WHERE NOT tgisinternal
UNION ALL
SELECT 'default', defaclobjtype::text, defaclrole::regrole::text, '', defaclacl::text FROM pg_default_acl
ORDER BY 1, 2, 3, 4, 5
"""
