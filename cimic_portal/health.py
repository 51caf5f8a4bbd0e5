"""What machines ask the portal: alive, ready, and how it fares. No word of any record is answered here."""

from __future__ import annotations

import hmac
from collections.abc import Callable

import redis
from django.conf import settings
from django.core.checks import Error
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.notifications import operations
from cimic_portal import heartbeat
from cimic_portal.checks import role_problems
from cimic_portal.metrics import REQUESTS, process_lines

_SEEN_CURRENT: set[str] = set()


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """200 if, and only if, database, migrations, broker, worker and outbox are fit for work; 503 otherwise."""
    parts = {
        "database": _part(_database),
        "migrations": _part(_migrations),
        "broker": _part(_broker),
        "worker": _part(_worker),
        "outbox": _part(_outbox),
    }
    ready = all(state == "ok" for state in parts.values())
    return JsonResponse({"ready": ready, **parts}, status=200 if ready else 503)


@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Counters for the holder of METRICS_TOKEN; nobody else learns that they exist."""
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not settings.METRICS_TOKEN or not hmac.compare_digest(given.encode(), settings.METRICS_TOKEN.encode()):
        raise Http404
    age = heartbeat.age(settings.REDIS_URL)
    lines = [*process_lines(), *REQUESTS.lines(), "# TYPE portal_worker_heartbeat_age_seconds gauge"]
    if age is not None:
        lines.append(f"portal_worker_heartbeat_age_seconds {age:.0f}")
    lines += ["# TYPE portal_queue_length gauge", f"portal_queue_length {_queue_length()}"]
    lines += operations.metric_lines()
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4")


def _part(probe: Callable[[], str]) -> str:
    try:
        return probe()
    except (DatabaseError, redis.RedisError):
        return "away"


def _database() -> str:
    problems: list[Error] = role_problems()
    return "wrong role" if problems else "ok"


def _migrations() -> str:
    # WHY: once this process has seen its migrations applied they stay so; reading the plan is costly.
    if not _SEEN_CURRENT:
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return "pending"
        _SEEN_CURRENT.add("all")
    return "ok"


def _broker() -> str:
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2) as server:
        return "ok" if server.ping() else "away"


def _worker() -> str:
    age = heartbeat.age(settings.REDIS_URL)
    return "ok" if age is not None and age <= heartbeat.FRESH_SECONDS else "silent"


def _outbox() -> str:
    return "late" if operations.is_late() else "ok"


def worker_age() -> float | None:
    """Seconds since a worker last showed life; None when none has lately, or the broker is away."""
    try:
        return heartbeat.age(settings.REDIS_URL)
    except redis.RedisError:
        return None


def _queue_length() -> int:
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=2) as server:
        return int(server.llen("celery"))
