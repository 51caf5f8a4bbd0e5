"""Every refusal of the API as problem details (RFC 9457). The one place where errors become answers.

Not here: deciding whether something is refused; that is the services' and the views' matter.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import (
    NON_FIELD_ERRORS,
    BadRequest,
    ObjectDoesNotExist,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.http import Http404, UnreadablePostError
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings

from apps.records.actors import NoActor
from apps.records.errors import (
    DutyConflict,
    IllegalTransition,
    Incomplete,
    RecordError,
    StaleRecord,
)
from apps.records.workflow import Text

MEDIA_TYPE = "application/problem+json"
REFERENCE = "/api/v1/docs/#problem-"
WHOLE = "non_field_errors"


@dataclass(frozen=True)
class Kind:
    """A kind of problem: its name (the end of `type`), status, title and when it comes."""

    name: str
    status: int
    title: Text
    help: Text


KINDS = {
    kind.name: kind
    for kind in (
        Kind("invalid", 400, _("Some values are wrong"), _("Every wrong field is named under “errors”.")),
        Kind("malformed", 400, _("The request cannot be read"), _("The body is not what its type says.")),
        Kind(
            "unauthenticated", 401, _("Sign in first"), _("No token or session was sent, or it is not valid.")
        ),
        Kind("not-permitted", 403, _("You may not do this"), _("You may read it, but not do this to it.")),
        Kind("duties", 403, _("Duties are separate"), _("You have acted on this record in another duty.")),
        Kind("missing", 404, _("There is nothing here"), _("It does not exist, or you may not know of it.")),
        Kind("method", 405, _("Not a method of this address"), _("“Allow” lists the methods it takes.")),
        Kind("not-acceptable", 406, _("No such representation"), _("The answer exists as JSON alone.")),
        Kind(
            "not-possible", 409, _("Not possible from the present state"),
            _("The workflow has no such step from the record's present state."),
        ),
        Kind("conflict", 409, _("Somebody was faster"), _("The record changed while this was carried out.")),
        Kind("stale", 412, _("The record has changed"), _("“If-Match” names an older version: read again.")),
        Kind("too-large", 413, _("This is too large"), _("The body is larger than the portal takes.")),
        Kind("media-type", 415, _("Not a type of body to send"), _("Send JSON; files as form data.")),
        Kind(
            "incomplete", 422, _("Some things are still missing"),
            _("The record is not ready for this step; the fields are named under “errors”."),
        ),
        Kind(
            "key-reused", 422, _("The idempotency key belongs to another request"),
            _("The same “Idempotency-Key” was sent before with other content."),
        ),
        Kind(
            "version-needed", 428, _("Say which version you edit"),
            _("Send the version you have read (its “ETag”) as “If-Match”."),
        ),
        Kind("too-many", 429, _("Too many requests"), _("“Retry-After” says how many seconds to wait.")),
    )
}  # fmt: skip


class ApiProblem(exceptions.APIException):
    """A refusal by the API itself, of one of KINDS."""

    kind = "invalid"

    def __init__(self, kind: str, detail: Text = "") -> None:
        self.kind, self.said = kind, detail
        self.status_code = KINDS[kind].status
        super().__init__(str(detail))


_BY_STATUS = {
    400: "malformed", 401: "unauthenticated", 403: "not-permitted", 404: "missing", 405: "method",
    406: "not-acceptable", 413: "too-large", 415: "media-type", 429: "too-many",
}  # fmt: skip


def handler(error: Exception, context: dict[str, Any]) -> Response | None:
    """The answer to an error; None for one that nobody expected: the portal answers that for pages too."""
    kind, detail, errors = _read(error)
    if kind is None:
        return None
    response = problem(kind, detail=detail, errors=errors)
    if isinstance(error, exceptions.APIException):
        if challenge := getattr(error, "auth_header", None):
            response["WWW-Authenticate"] = challenge
        if wait := getattr(error, "wait", None):
            response["Retry-After"] = str(int(wait) + 1)
    return response


def problem(kind: str, *, detail: Text = "", errors: Mapping[str, list[str]] | None = None) -> Response:
    """Problem details of one of KINDS. A 404 never carries more than its kind, whatever it is about."""
    known = KINDS[kind]
    said: dict[str, Any] = {"type": f"{REFERENCE}{kind}", "title": str(known.title), "status": known.status}
    if kind != "missing":
        said["detail"] = str(detail or known.help)
    if errors:
        said["errors"] = dict(errors)
    return Response(said, status=known.status, content_type=MEDIA_TYPE)


def _read(error: Exception) -> tuple[str | None, Text, dict[str, list[str]]]:
    """(kind, detail, field errors) of an error; no kind for one that nobody expected."""
    if isinstance(error, ApiProblem):
        return error.kind, error.said, {}
    if isinstance(error, exceptions.ValidationError):
        return "invalid", "", dict(flat(error.detail))
    if isinstance(error, ValidationError):
        return "invalid", "", _by_field(error)
    if isinstance(error, Http404 | ObjectDoesNotExist | exceptions.NotFound):
        return "missing", "", {}
    if isinstance(error, NoActor):
        return "not-permitted", _("You hold no position in a mission now."), {}
    if isinstance(error, RecordError):
        return _refused(error)
    if isinstance(error, RequestDataTooBig):
        return "too-large", "", {}
    if isinstance(error, SuspiciousOperation | BadRequest | UnreadablePostError):
        return "malformed", "", {}
    if isinstance(error, PermissionDenied):
        return "not-permitted", "", {}
    if isinstance(error, exceptions.APIException):
        kind = _BY_STATUS.get(error.status_code)
        return (
            kind,
            str(error.detail) if kind in {"malformed", "unauthenticated", "not-permitted"} else "",
            {},
        )
    return None, "", {}


def _refused(error: RecordError) -> tuple[str, Text, dict[str, list[str]]]:
    kinds: dict[type[RecordError], str] = {
        StaleRecord: "conflict", DutyConflict: "duties", IllegalTransition: "not-possible",
        Incomplete: "incomplete",
    }  # fmt: skip
    errors = error.errors if isinstance(error, Incomplete) else {}
    named = {
        WHOLE if name == NON_FIELD_ERRORS else name: [str(t) for t in texts] for name, texts in errors.items()
    }
    return kinds.get(type(error), "not-permitted"), str(error.message), named


def _by_field(error: ValidationError) -> dict[str, list[str]]:
    if not hasattr(error, "error_dict"):
        return {WHOLE: [str(text) for text in error.messages]}
    return {
        WHOLE if name == NON_FIELD_ERRORS else name: [str(text) for text in texts]
        for name, texts in error.message_dict.items()
    }


def flat(detail: Any, path: str = "") -> Iterator[tuple[str, list[str]]]:
    """Nested field errors as (path, messages): `cargo.0.quantity` names the quantity of the first line."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            at = (
                path
                if name in (api_settings.NON_FIELD_ERRORS_KEY, NON_FIELD_ERRORS)
                else f"{path}.{name}".lstrip(".")
            )
            yield from flat(inner, at)
    elif isinstance(detail, list | tuple) and any(isinstance(each, Mapping | list) for each in detail):
        for number, inner in enumerate(detail):
            if inner:
                yield from flat(inner, f"{path}.{number}".lstrip("."))
    else:
        texts = detail if isinstance(detail, list | tuple) else [detail]
        if texts:
            yield path or WHOLE, [str(text) for text in texts]
