"""Counters of this process in Prometheus's text format. No label ever names a person or a record."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable

_STARTED = time.time()
GAUGES: dict[str, Callable[[], int]] = {}  # what else this process counts, by name


class RequestCounter:
    """How many answers of each status class this process gave, and how long they took in all."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._answers: dict[str, int] = {}
        self._seconds = 0.0

    def count(self, status: int, seconds: float) -> None:
        """Note one answer."""
        kind = f"{status // 100}xx"
        with self._lock:
            self._answers[kind] = self._answers.get(kind, 0) + 1
            self._seconds += seconds

    def lines(self) -> list[str]:
        """The counters as text lines."""
        with self._lock:
            answers, seconds = dict(self._answers), self._seconds
        lines = ["# TYPE portal_requests_total counter"]
        lines += [
            f'portal_requests_total{{status="{kind}"}} {count}' for kind, count in sorted(answers.items())
        ]
        return [
            *lines,
            "# TYPE portal_request_seconds_total counter",
            f"portal_request_seconds_total {seconds:.3f}",
        ]


REQUESTS = RequestCounter()


def process_lines() -> list[str]:
    """Age and identity of this process, and its gauges."""
    lines = [
        "# TYPE portal_process_start_time_seconds gauge",
        f'portal_process_start_time_seconds{{pid="{os.getpid()}"}} {_STARTED:.0f}',
    ]
    for name, value in GAUGES.items():
        lines += [f"# TYPE {name} gauge", f"{name} {value()}"]
    return lines
