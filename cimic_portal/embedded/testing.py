"""Servers and databases for one test session: a folder nobody else uses, and migrated copies in no time."""

from __future__ import annotations

import hashlib
import os
import uuid
from pathlib import Path

from cimic_portal.bootstrap.refusal import Refusal
from cimic_portal.embedded import provision
from cimic_portal.embedded.servers import DataFolder, Servers

_SLOTS = 8
#: The sender's key of RFC 8291, appendix A, which everybody knows.
VAPID_PRIVATE_KEY = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"


class TestServers:
    """The servers of one session. `close` stops them and drops what the session made."""

    __test__ = False

    def __init__(self, data: DataFolder, servers: Servers) -> None:
        self.data = data
        self.servers = servers
        self.admin = servers.addresses.database_admin_url
        self.databases: set[str] = set()
        self.template = ""

    def environment(self) -> dict[str, str]:
        """The variables that settings read in a test."""
        return {
            "DJANGO_SETTINGS_MODULE": "cimic_portal.settings",
            "PORTAL_MODE": "test",
            "PORTAL_DATA": str(self.data.path),
            "SECRET_KEY": "a key for tests only",
            "VAPID_PRIVATE_KEY": VAPID_PRIVATE_KEY,
            **self.servers.addresses.environment(),
        }

    def url(self, database: str, role: str = provision.APP) -> str:
        """The address of `database` for portal_app, portal_owner, or the administrator (empty role)."""
        addresses = self.servers.addresses
        known = {provision.APP: addresses.database_url, provision.OWNER: addresses.database_owner_url}
        return provision.readdressed(known.get(role, self.admin), database=database)

    def new_database(self, template: str) -> str:
        """A copy of `template` with a name of its own."""
        name = f"portal_test_{uuid.uuid4().hex[:12]}"
        provision.create_database(self.admin, name, template=template)
        self.databases.add(name)
        with provision.connected(self.url(name, "")) as cursor:
            cursor.execute(f'ALTER DATABASE "{name}" OWNER TO {provision.OWNER}')
            cursor.execute(f'GRANT CONNECT ON DATABASE "{name}" TO {provision.APP}')
        return name

    def drop(self, name: str) -> None:
        """Drop a database that this session made."""
        provision.drop_database(self.admin, name)
        self.databases.discard(name)

    def close(self) -> None:
        """Drop what is left and stop the servers."""
        for name in list(self.databases):
            self.drop(name)
        self.servers.stop()
        self.data.release()


def session_servers(project: Path) -> TestServers:
    """Start this session's servers: embedded ones, or the ones that DATABASE_URL and REDIS_URL name.

    WHY: sessions that run at the same time take folders of their own, and the next one finds the migrated
    template of the last.
    """
    root = Path(os.environ.get("PORTAL_DATA") or project / "var").resolve() / "tests"
    for slot in range(_SLOTS):
        data = DataFolder(root / str(slot))
        if data.take():
            break
    else:
        raise Refusal(f"{_SLOTS} test sessions run on {root} already: wait for one of them to end.")
    servers = Servers(data, environ=os.environ, durable=False)
    servers.__enter__()
    if not servers.addresses.database_admin_url:
        servers.stop()
        raise Refusal("Tests create databases: DATABASE_URL must sign in as a role that may create roles.")
    return TestServers(data, servers)


def migrations_hash() -> str:
    """Changes with every migration of an installed app, what is declared, the roles and this module."""
    from django.apps import apps

    from apps.need_to_know.indexing import declared_sources
    from apps.records.edges import declared_edges

    sources = [provision.ROLES_SCRIPT, Path(__file__)]
    for config in apps.get_app_configs():
        sources += sorted(Path(config.path).glob("migrations/**/*.*"))
    # What migrations are made of besides themselves.
    rule = Path(apps.get_app_config("need_to_know").path)
    sources += [rule / "guarding.py", rule / "row_rule.py", rule / "indexing.py"]
    # WHY: migrating writes the declared steps, and the columns that are searched, into the database.
    digest = hashlib.sha256(repr((sorted(declared_edges()), declared_sources())).encode())
    for source in sources:
        if source.suffix in {".py", ".sql"}:
            digest.update(str(source.name).encode() + b"\0" + source.read_bytes())
    return digest.hexdigest()[:16]


def migrated_template(servers: TestServers) -> str:
    """The name of a database with every migration applied, made on first use."""
    if servers.template:
        return servers.template
    name = f"portal_template_{migrations_hash()}"
    if not provision.database_exists(servers.admin, name):
        making = f"{name}_{uuid.uuid4().hex[:8]}"
        provision.create_database(servers.admin, making)
        servers.databases.add(making)
        provision.install_roles(servers.admin, making)
        before = current_database()
        point_django_at(making)
        _migrate()
        point_django_at(before)
        _forget_old_templates(servers)
        _rename(servers, making, name)
    servers.template = name
    return name


def _migrate() -> None:
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)


def _forget_old_templates(servers: TestServers) -> None:
    with provision.connected(servers.admin) as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname ~ '^portal_template_[0-9a-f]{16}$'")
        names = [row[0] for row in cursor.fetchall()]
    for name in names:
        provision.drop_database(servers.admin, name)


def _rename(servers: TestServers, old: str, new: str) -> None:
    with provision.connected(servers.admin) as cursor:
        cursor.execute(f'ALTER DATABASE "{old}" RENAME TO "{new}"')
    servers.databases.discard(old)


def current_database() -> str:
    """The database that Django is connected to."""
    from django.db import connection

    return str(connection.settings_dict["NAME"])


def point_django_at(name: str) -> None:
    """Let Django use another database of the same server."""
    from django.conf import settings
    from django.db import connection

    connection.close()
    settings.DATABASES["default"]["NAME"] = name
    connection.settings_dict["NAME"] = name


def leave(servers: TestServers, name: str, back_to: str = provision.DATABASE) -> None:
    """Close the connection to `name`, return to another database, and drop it."""
    point_django_at(back_to)
    servers.drop(name)
