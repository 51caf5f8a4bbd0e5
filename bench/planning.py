"""`python3 manage.py bench plan`: the time line and the matrix of a plan with thousands of activities.

How long each page takes, alone and beside another plan as large that the reader reads as well, as a ratio to a plain
query of the same rows by a role for which no row policy holds, in one interleaved run; and what it weighs. Standard
output is one JSON object; progress goes to standard error.
"""

from __future__ import annotations

import argparse
import gzip
import json
import logging
import os
import platform
import statistics
import sys
import time
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import django

from cimic_portal.bootstrap.refusal import Refusal
from cimic_portal.embedded import provision, testing
from cimic_portal.embedded.servers import DataFolder, Servers

LEADS, AREAS, SECTORS, OBJECTIVES, POINTS = 40, 60, 10, 8, 30
PLAN_DAYS = 540
PAGES = {
    "time line": "{alone}timeline/",
    "time line, a lane open": "{alone}timeline/?open={lane}",
    "time line by area, in weeks": "{alone}timeline/?lanes=area&by=week",
    "matrix": "{alone}timeline/?view=matrix",
    "matrix by area, in weeks": "{alone}timeline/?view=matrix&lanes=area&by=week",
    "filtered": "{alone}timeline/?progress=planned&only=overlap",
    "print": "{alone}timeline/print/",
    "workbook": "{alone}timeline/export/",
    "time line beside another": "{beside}timeline/",
    "conflicts with another": "{beside}conflicts/",
}
#: Bytes that a page may weigh as it is and compressed; what it may take.
RAW_MOST, ZIPPED_MOST, SECONDS_MOST = 150_000, 25_000, 1.0
PLAIN = """
SELECT p.id, p.uuid, p.code, p.title, p.classification, p.opens_to, a.objective_id, a.lead_id, a.area_id, a.sector_id,
       a.starts_on, a.ends_on, a.progress, a.reported_at
  FROM joint_plans_activity a JOIN joint_plans_part p ON p.id = a.part_ptr_id
 WHERE a.of_plan_id = %s AND NOT p.is_removed ORDER BY a.starts_on, p."order", p.id
"""
# WHY: two statements: the policy of the second looks for what the first has written.
PARTS = """
INSERT INTO joint_plans_part (uuid, plan_id, kind, "order", title, details, opens_to, readers, classification,
                              is_removed)
SELECT gen_random_uuid(), %(plan)s, 'activity', n, 'Activity ' || n || ' of the plan, as one would call it', '',
       CASE n %% 10 WHEN 0 THEN 'contributors' WHEN 1 THEN 'named' ELSE 'all' END,
       CASE n %% 10 WHEN 1 THEN ARRAY[%(reader)s] ELSE ARRAY[]::integer[] END, 0, false
  FROM generate_series(1, %(count)s) n
"""
ACTIVITIES = """
WITH made AS (SELECT id, "order" AS n FROM joint_plans_part WHERE plan_id = %(plan)s AND kind = 'activity')
INSERT INTO joint_plans_activity (part_ptr_id, of_plan_id, objective_id, lead_id, supports, area_id, sector_id,
                                  starts_on, ends_on, needs, progress, report, may_hint)
SELECT id, %(plan)s, (%(objectives)s::bigint[])[1 + n %% %(objective_count)s],
       (%(leads)s::bigint[])[1 + (n * 7) %% %(lead_count)s], '{}',
       (%(areas)s::bigint[])[1 + (n * 11) %% %(area_count)s],
       (%(sectors)s::bigint[])[1 + n %% %(sector_count)s],
       CASE WHEN n %% 50 = 0 THEN NULL ELSE %(start)s::date + (n * 37) %% %(days)s END,
       CASE WHEN n %% 50 = 0 THEN NULL ELSE %(start)s::date + (n * 37) %% %(days)s + 5 + n %% 60 END,
       '', 'planned', '', true FROM made
"""


def main(project: Path, arguments: list[str]) -> int:
    """Run it and print what was measured."""
    parser = argparse.ArgumentParser(prog="manage.py bench plan", description=__doc__)
    parser.add_argument("--activities", type=int, default=2000, help="activities (default %(default)s)")
    parser.add_argument("--rounds", type=int, default=15, help="rounds of the run (default %(default)s)")
    options = parser.parse_args(arguments)
    if not 1 <= options.activities <= 20_000 or not 1 <= options.rounds <= 1000:
        raise Refusal("Activities must be from 1 to 20,000, rounds from 1 to 1,000.")
    data = DataFolder(Path(os.environ.get("PORTAL_DATA") or project / "var").resolve() / "bench")
    if not data.take():
        raise Refusal(f"Another bench runs on {data.path}: wait for it to end.")
    servers = Servers(data, environ=os.environ, durable=False)
    servers.__enter__()
    held = testing.TestServers(data, servers)
    try:
        os.environ.update(held.environment())
        django.setup()
        print(json.dumps(measured(held, options.activities, options.rounds), indent=1), flush=True)
    finally:
        held.close()
    return 0


def say(text: str) -> None:
    """Tell progress, with the time of day."""
    print(time.strftime("%H:%M:%S"), text, file=sys.stderr, flush=True)


def measured(servers: testing.TestServers, activities: int, rounds: int) -> dict[str, Any]:
    """Everything, for printing, in a database of its own that is dropped afterwards."""
    before = testing.current_database()
    name = servers.new_database(testing.migrated_template(servers))
    testing.point_django_at(name)
    try:
        say(f"writing {activities:,} activities")
        plan, beside, reader, lane = _written(activities)
        with provision.connected(servers.url(name, provision.OWNER)) as cursor:
            cursor.execute("VACUUM (ANALYZE)")
            cursor.execute(f"SET ROLE {provision.DOOR}")
            found = _run(cursor, plan, beside, reader, lane, rounds)
        return {"activities": activities, "rounds": rounds, "python": platform.python_version(), **found}
    finally:
        testing.leave(servers, name, back_to=before)


def _run(cursor: Any, plan: Any, beside: Any, reader: Any, lane: str, rounds: int) -> dict[str, Any]:
    from django.conf import settings
    from django.test import Client

    logging.disable(logging.INFO)
    client = Client()
    client.force_login(reader, backend=settings.AUTHENTICATION_BACKENDS[0])
    alone, other = (f"/joint-plans/{each.uuid}/" for each in (plan, beside))

    def page(query: str) -> bytes:
        answer = client.get(query.format(alone=alone, beside=other, lane=lane))
        if answer.status_code != 200:
            raise RuntimeError(f"{query}: {answer.status_code}")
        return b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]

    def plain() -> list[Any]:
        cursor.execute(PLAIN, [plan.pk])
        return list(cursor.fetchall())

    weights = {name: page(query) for name, query in PAGES.items()}
    took: dict[str, list[float]] = {name: [] for name in ("plain", *PAGES)}
    for number in range(rounds):
        say(f"round {number + 1} of {rounds}")
        took["plain"].append(_ms(plain))
        for name, query in PAGES.items():
            took[name].append(_ms(lambda query=query: page(query)))  # type: ignore[misc]
    base = statistics.median(took["plain"])
    return {
        "rows": len(plain()),
        "plain query of the same rows, ms": round(base, 1),
        "pages": {name: _said(took[name], base, weights[name], name) for name in PAGES},
    }


def _said(took: list[float], base: float, body: bytes, name: str) -> dict[str, Any]:
    middle, zipped = statistics.median(took), len(gzip.compress(body, 6))
    found: dict[str, Any] = {
        "ms": round(middle, 1), "slowest_ms": round(max(took), 1), "ratio": round(middle / base, 1),
        "bytes": len(body), "gzip_bytes": zipped,
    }  # fmt: skip
    if name not in ("print", "workbook"):
        found["met"] = len(body) < RAW_MOST and zipped < ZIPPED_MOST and middle < SECONDS_MOST * 1000
    return found


def _ms(work: Callable[[], Any]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000


def _written(activities: int) -> tuple[Any, Any, Any, str]:
    """(a plan, one that goes on where a third does, a person who takes part in all of them, a lane's key)."""
    from django.db import transaction
    from django.utils import timezone

    from apps.accounts.models import User
    from apps.mission.models import Area, Holding, Mission, Organisation, Position, PositionRole, Sector
    from apps.need_to_know.acting import acting_as

    since = timezone.now() - timedelta(days=1)
    with transaction.atomic():
        mission = Mission.objects.create(code="planned", name="Mission of Plans")
        leads = [
            Organisation.objects.create(
                mission=mission, name=f"Organisation {n:02} of the bench", org_type="437", side="humanitarian"
            )
            for n in range(LEADS)
        ]
        areas = [
            Area.objects.create(mission=mission, pcode=f"BB{n:04}", name=f"County {n}", level=2)
            for n in range(2 * AREAS)
        ]
        sectors = [
            Sector.objects.create(mission=mission, code=f"S{n}", name=f"Sector {n}") for n in range(SECTORS)
        ]
        people, posts = [], []
        for number in range(2):
            posts.append(
                Position.objects.create(mission=mission, organisation=leads[number], title=f"Post {number}")
            )
            PositionRole.objects.create(position=posts[-1], role="CIM" if not number else "REQ")
            people.append(User.objects.create_user(f"p{number}@planned.invalid", name=f"Planner {number}"))
            Holding.objects.create(position=posts[-1], person=people[-1], starts=since)
    with acting_as(people[0], mission) as actor:
        # WHY: two of the three go on in the same counties; the first has its own, and so nothing to meet.
        plans = [
            _plan_written(actor, activities, leads, posts, areas[n * AREAS : (n + 1) * AREAS], sectors)
            for n in (0, 1, 1)
        ]
    return plans[0], plans[1], people[1], str(leads[3].uuid)


def _plan_written(actor: Any, activities: int, leads: Any, posts: Any, areas: Any, sectors: Any) -> Any:
    """A plan that circulates, with that many activities in these counties."""
    from django.db import connection
    from django.utils import timezone

    from apps.joint_plans.models import Contributor, DecisionPoint, JointPlan, Part
    from apps.joint_plans.vocabulary import PartKind
    from apps.records.services import record_file
    from apps.records.transitions import transition

    start = date(2027, 1, 4)
    plan = record_file(actor, record=JointPlan(
        title="Return to the northern counties", kind="return", purpose="bench", scope="organisation",
        starts_on=start, ends_on=start + timedelta(days=PLAN_DAYS),
    ))  # fmt: skip
    Contributor.objects.create(plan=plan, organisation=leads[1], position=posts[1], standing="contributor")
    objectives = [
        Part.objects.create(plan=plan, kind=PartKind.OBJECTIVE, title=f"Objective {n} of the plan").pk
        for n in range(OBJECTIVES)
    ]
    for number in range(POINTS):
        DecisionPoint.objects.create(
            plan=plan, of_plan=plan, kind=PartKind.DECISION_POINT, title=f"Decision {number}", decider=posts[0],
            decide_by=timezone.make_aware(datetime(2027, 1, 10)) + timedelta(days=17 * number),
        )  # fmt: skip
    with connection.cursor() as cursor:
        values = {
            "plan": plan.pk, "count": activities, "reader": leads[1].group_id, "start": start,
            "days": PLAN_DAYS - 30,
            "objectives": objectives, "objective_count": OBJECTIVES,
            "leads": [each.pk for each in leads], "lead_count": LEADS,
            "areas": [each.pk for each in areas], "area_count": AREAS,
            "sectors": [each.pk for each in sectors], "sector_count": SECTORS,
        }  # fmt: skip
        cursor.execute(PARTS, values)
        cursor.execute(ACTIVITIES, values)
    transition(actor, record=JointPlan.objects.get(pk=plan.pk), name="circulate", data={"note": ""}, note="")
    return plan
