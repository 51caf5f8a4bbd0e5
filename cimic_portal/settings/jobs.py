"""How Celery runs the portal's background work. The work itself is in the apps' `tasks`."""

from __future__ import annotations

CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_RESULT_BACKEND = None
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_WORKER_SEND_TASK_EVENTS = False
# WHY: a task is given to another worker after the visibility timeout, so no task may run that long.
CELERY_TASK_TIME_LIMIT = 240
CELERY_TASK_SOFT_TIME_LIMIT = 200
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 300,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    # WHY: whoever writes a record nudges the relay; a broker that does not answer must not keep them waiting.
    "socket_connect_timeout": 2,
    # WHY: left alone, it tries for six seconds while the broker is away, and the answer to a write waits for that.
    "max_retries": 1,
    "interval_start": 0,
    "interval_step": 0,
    "interval_max": 0,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TIMEZONE = "UTC"
# Every entry is an idempotent sweep: a run that is missed or doubled means late, never wrong.
CELERY_BEAT_SCHEDULE = {
    "clocks": {"task": "apps.need_to_know.tasks.clocks_sweep", "schedule": 60.0, "options": {"expires": 55}},
    "outbox": {"task": "apps.notifications.tasks.relay_outbox", "schedule": 5.0, "options": {"expires": 5}},
    "mail": {"task": "apps.notifications.tasks.send_mail", "schedule": 10.0, "options": {"expires": 10}},
    "push": {"task": "apps.notifications.tasks.send_push", "schedule": 30.0, "options": {"expires": 30}},
    "webhooks": {
        "task": "apps.notifications.tasks.call_webhooks",
        "schedule": 30.0,
        "options": {"expires": 30},
    },
    "ringing": {"task": "apps.notifications.tasks.ring_clocks", "schedule": 20.0, "options": {"expires": 20}},
    "digests": {
        "task": "apps.notifications.tasks.open_digests",
        "schedule": 120.0,
        "options": {"expires": 100},
    },
    "forgetting": {
        "task": "apps.notifications.tasks.forget_old",
        "schedule": 21600.0,
        "options": {"expires": 600},
    },
    "imports": {
        "task": "apps.stakeholders.tasks.imports_forget",
        "schedule": 21600.0,
        "options": {"expires": 600},
    },
    "heartbeat": {"task": "cimic_portal.tasks.heartbeat", "schedule": 15.0, "options": {"expires": 30}},
}
