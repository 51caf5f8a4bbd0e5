"""Logs: one JSON object a line, with the request's id, and never the contents of a record.

SECURITY: an error's own text may hold what somebody typed (a database error quotes the row), so only its type
and the places in the code are written.
"""

from __future__ import annotations

import json
import logging
import traceback
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import Any

request_id: ContextVar[str] = ContextVar("request_id", default="")

_FIELDS = ("method", "route", "status", "milliseconds", "task", "task_id", "check")


class JsonFormatter(logging.Formatter):
    """Writes time, level, logger, message, request id, known extra fields, an error's type and places."""

    def format(self, record: logging.LogRecord) -> str:
        """One line for one record."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self._message(record),
        }
        if current := request_id.get():
            line["request_id"] = current
        for name in _FIELDS:
            if hasattr(record, name):
                line[name] = getattr(record, name)
        if record.exc_info and record.exc_info[0] is not None:
            kind, _, places = record.exc_info
            line["error"] = f"{kind.__module__}.{kind.__qualname__}"
            line["places"] = [
                f"{place.filename}:{place.lineno}" for place in traceback.extract_tb(places)[-12:]
            ]
        return json.dumps(line, ensure_ascii=False, default=str)

    @staticmethod
    def _message(record: logging.LogRecord) -> str:
        # SECURITY: Celery's trace messages quote the error's text and the task's arguments.
        data = getattr(record, "data", None)
        if record.name == "celery.app.trace" and isinstance(data, dict):
            return f"task {data.get('name')} [{data.get('id')}]: {str(record.msg).split('%')[0].strip()}"
        request = getattr(record, "request", None)
        said = record.getMessage()
        if path := getattr(request, "path", ""):
            # SECURITY: an address may hold a secret, such as that of somebody's calendar; its pattern holds none.
            match = getattr(request, "resolver_match", None)
            said = said.replace(path, match.route if match else "an unknown address")
        return said


def uvicorn_logging() -> dict[str, Any]:
    """Logging for uvicorn until Django's own takes over: warnings, in the same form."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": "cimic_portal.logs.JsonFormatter"}},
        "handlers": {"stream": {"class": "logging.StreamHandler", "formatter": "json"}},
        "loggers": {"uvicorn": {"handlers": ["stream"], "level": "WARNING", "propagate": False}},
    }
