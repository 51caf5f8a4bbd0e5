"""`python3 manage.py bench`: makes a database of its own, or finds the one it made before, and measures in it.

Standard output is one JSON object; progress goes to standard error.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import platform
import sys
import time
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import django
import psycopg2

from bench.sizes import Sizes
from cimic_portal.bootstrap.refusal import Refusal
from cimic_portal.embedded import provision, testing
from cimic_portal.embedded.servers import DataFolder, Servers

# What an operator gives a database of this size: see docs/operators.md.
BUFFERS_MB = 1024
SOURCES = ("sizes.py", "structure.py", "bulk.py", "data.py")


def main(project: Path, arguments: list[str]) -> int:
    """Run the bench and return its exit code."""
    options = _parser().parse_args(arguments)
    sizes = Sizes(**{field.name: getattr(options, field.name) for field in fields(Sizes)})
    if problem := sizes.problem():
        raise Refusal(problem)
    data = DataFolder(Path(os.environ.get("PORTAL_DATA") or project / "var").resolve() / "bench")
    if not data.take():
        raise Refusal(f"Another bench runs on {data.path}: wait for it to end.")
    servers = Servers(data, environ=os.environ, durable=False, buffers_mb=BUFFERS_MB)
    servers.__enter__()
    held = testing.TestServers(data, servers)
    try:
        if not held.admin:
            raise Refusal(
                "The bench creates a database: DATABASE_URL must sign in as a role that may create roles."
            )
        os.environ.update(held.environment())
        django.setup()
        print(json.dumps(measured(held, sizes, options.rounds, check=options.check), indent=1), flush=True)
    finally:
        held.close()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="manage.py bench", description=__doc__)
    said = {
        "records": "how many records",
        "people": "how many people",
        "groups": "how many organisations that grants name",
        "grants": "how many grants, to organisations and to people together",
        "seed": "the same data and order for the same seed",
    }
    for field in fields(Sizes):
        parser.add_argument(
            f"--{field.name}",
            type=int,
            default=field.default,
            help=f"{said[field.name]} (default %(default)s)",
        )
    parser.add_argument(
        "--rounds", type=int, default=15, help="rounds of the interleaved run (default %(default)s)"
    )
    parser.add_argument("--check", action="store_true", help="compare all computed data with its sources too")
    return parser


def say(text: str) -> None:
    """Tell progress, with the time of day."""
    print(time.strftime("%H:%M:%S"), text, file=sys.stderr, flush=True)


def measured(
    servers: testing.TestServers, sizes: Sizes, rounds: int, *, check: bool = False
) -> dict[str, Any]:
    """Everything that is measured at that size, for printing."""
    from bench import run

    before = testing.current_database()
    name, took = database(servers, sizes)
    testing.point_django_at(name)
    owner = psycopg2.connect(servers.url(name, provision.OWNER))
    owner.autocommit = True
    try:
        cursor = owner.cursor()
        cursor.execute("SELECT pg_database_size(current_database())")
        (size,) = cursor.fetchone() or (0,)
        return {
            **asdict(sizes),
            "rounds": rounds,
            "python": platform.python_version(),
            "postgresql": owner.server_version,
            "generated_s": round(took, 1),
            "database_mb": size // 2**20,
            **run.everything(owner, servers.url(name, provision.OWNER), sizes, rounds, check, say),
        }
    finally:
        owner.close()
        testing.point_django_at(before)


def name_of(sizes: Sizes) -> str:
    """The name of the database of these sizes, as this version of the generator makes it."""
    digest = hashlib.sha256(repr(sizes).encode())
    for source in SOURCES:
        digest.update(Path(__file__).with_name(source).read_bytes())
    return f"{_prefix(sizes)}{digest.hexdigest()[:12]}"


def _prefix(sizes: Sizes) -> str:
    return f"portal_bench_{sizes.records}_"


def database(servers: testing.TestServers, sizes: Sizes) -> tuple[str, float]:
    """(its name, seconds that making it took): the database of these sizes, kept from run to run.

    One that was made before newer migrations is migrated, so that these run over many records too.
    """
    name = name_of(sizes)
    if provision.database_exists(servers.admin, name):
        say(f"using {name}")
        _brought_up_to_date(servers, name)
        return name, 0.0
    _drop_older(servers, _prefix(sizes))
    started = time.monotonic()
    _generate(servers, name, sizes)
    return name, time.monotonic() - started


def _brought_up_to_date(servers: testing.TestServers, name: str) -> None:
    from django.core.management import call_command

    testing.point_django_at(name)
    call_command("migrate", verbosity=0, interactive=False)
    with provision.connected(servers.url(name, provision.OWNER)) as cursor:
        say("vacuuming")
        cursor.execute("VACUUM (ANALYZE)")


def _drop_older(servers: testing.TestServers, prefix: str) -> None:
    with provision.connected(servers.admin) as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
        older = [row[0] for row in cursor.fetchall()]
    for name in older:
        provision.drop_database(servers.admin, name)


def _generate(servers: testing.TestServers, name: str, sizes: Sizes) -> None:
    from bench import data, structure

    # WHY: only a whole database takes the name under which the next run looks for it.
    making = servers.new_database(testing.migrated_template(servers))
    testing.point_django_at(making)
    say(f"writing {sizes.records:,} records and {sizes.grants:,} grants")
    structure.build(sizes)
    with provision.connected(servers.url(making, provision.OWNER)) as cursor:
        data.load(cursor, sizes, say)
        say("vacuuming")
        cursor.execute("VACUUM (ANALYZE)")
    testing.point_django_at(provision.DATABASE)
    with provision.connected(servers.admin) as cursor:
        cursor.execute(f'ALTER DATABASE "{making}" RENAME TO "{name}"')
    servers.databases.discard(making)
