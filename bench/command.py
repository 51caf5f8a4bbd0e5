"""`python3 manage.py bench`: makes a database of its own, measures, prints one JSON object on standard output."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from pathlib import Path

import django
import psycopg2


def main(project: Path, arguments: list[str]) -> int:
    """Run the bench and return its exit code. Progress goes to standard error."""
    options = _parser().parse_args(arguments)
    from cimic_portal.embedded import testing

    servers = testing.session_servers(project)
    try:
        os.environ.update(servers.environment())
        django.setup()
        print(json.dumps(_measured(servers, options), indent=1), flush=True)
    finally:
        servers.close()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="manage.py bench", description=__doc__)
    parser.add_argument("--records", type=int, default=100_000, help="how many records (default 100,000)")
    parser.add_argument("--rounds", type=int, default=15, help="rounds of the interleaved run (default 15)")
    parser.add_argument("--seed", type=int, default=7, help="the same data and order for the same seed")
    return parser


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _measured(servers: object, options: argparse.Namespace) -> dict[str, object]:
    from django.db import connection

    from bench import data, run
    from cimic_portal.embedded import provision, testing

    assert isinstance(servers, testing.TestServers)
    name = servers.new_database(testing.migrated_template(servers))
    owner = psycopg2.connect(servers.url(name, provision.OWNER))
    owner.autocommit = True
    door = owner.cursor()
    try:
        _say(f"writing {options.records:,} records")
        started = time.monotonic()
        testing.point_django_at(name)
        data.structure()
        data.load(door, options.records, options.seed)
        door.execute("VACUUM (ANALYZE)")
        loaded = time.monotonic() - started
        door.execute("SET ROLE portal_door")
        connection.ensure_connection()
        door.execute("SELECT count(*) FROM need_to_know_feed")
        (feed,) = door.fetchone() or (0,)
        reads = run.reads(door, options.rounds, options.seed, _say)
        _say("guardian's own filter, for comparison")
        compared = run.comparison(max(3, options.rounds // 3))
        _say("writing")
        door.execute("RESET ROLE")
        writes = run.writes(door, options.rounds)
        return {
            "records": options.records,
            "feed_rows": feed,
            "seed": options.seed,
            "rounds": options.rounds,
            "load_s": round(loaded, 1),
            "python": platform.python_version(),
            "postgresql": door.connection.server_version,
            "readers": reads,
            "guardian_get_objects_for_user_ms": compared,
            "writes": writes,
        }
    finally:
        owner.close()
        testing.leave(servers, name)
