"""Writes that are carried out once, however often they arrive: the header Idempotency-Key."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import wraps
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.models import IdempotencyKey
from apps.api.problems import ApiProblem
from apps.records import clock

HEADER = "Idempotency-Key"
KEPT = timedelta(hours=24)
_LONGEST = 255


@dataclass(frozen=True)
class Written:
    """What a write came to: the status of its answer and the UUID of what the answer shows."""

    status: int
    subject: UUID | None = None


def once(answer: str) -> Callable[[Callable[..., Written]], Callable[..., Response]]:
    """Make a handler that writes: all or nothing, and once for each idempotency key of its caller.

    The handler returns `Written`; the view's method named `answer` shows its subject, for the first call
    and for every repetition alike. The same key with another request is refused (`key-reused`).
    """

    def decorate(handler: Callable[..., Written]) -> Callable[..., Response]:
        @wraps(handler)
        def carry_out(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
            # WHY: a savepoint of its own, so that a refusal half-way leaves nothing behind.
            with transaction.atomic():
                done = _once(request, lambda: handler(view, request, *args, **kwargs))
            response: Response = getattr(view, answer)(request, done.subject, *args, **kwargs)
            response.status_code = done.status
            return response

        carry_out.writes_once = True  # type: ignore[attr-defined]
        return carry_out

    return decorate


def _once(request: Request, act: Callable[[], Written]) -> Written:
    given = request.headers.get(HEADER)
    if given is None:
        return act()
    if not (0 < len(given) <= _LONGEST and given.isascii() and given.isprintable()):
        raise ValidationError({HEADER: _("A key has 1 to 255 printable ASCII characters.")})
    person: Any = request.user.pk
    mine = IdempotencyKey.objects.filter(user_id=person)
    mine.filter(created_at__lt=clock.now() - KEPT).delete()
    print_ = fingerprint(request)
    try:
        with transaction.atomic():
            # WHY: a second call under the same key waits here until the first one has committed or failed.
            mark = IdempotencyKey.objects.create(user_id=person, key=given, fingerprint=print_, status=0)
    except IntegrityError:
        known = mine.get(key=given)
        if known.fingerprint != print_:
            raise ApiProblem("key-reused") from None
        return Written(known.status, known.subject)
    done = act()
    mine.filter(pk=mark.pk).update(status=done.status, subject=done.subject)
    return done


def fingerprint(request: Request) -> str:
    """A digest of mission, method, address and body; of files it takes the content and not the boundaries."""
    actor = getattr(request._request, "actor", None)
    digest = hashlib.sha256(f"{actor.mission.code if actor else ''} {request.method} ".encode())
    digest.update(request.get_full_path().encode())
    if request.FILES:
        digest.update(json.dumps(sorted(request.POST.lists())).encode())
        for name, files in sorted(request.FILES.lists()):
            for file in files:
                digest.update(f"\0{name}\0{file.name}\0".encode())
                for chunk in file.chunks():
                    digest.update(chunk)
                file.seek(0)
    else:
        digest.update(json.dumps(request.data, sort_keys=True, default=list).encode())
    return digest.hexdigest()
