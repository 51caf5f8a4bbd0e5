"""Versions in HTTP: a record's version is its ETag, and `If-Match` says which one an edit was made on."""

from __future__ import annotations

import re

from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.problems import ApiProblem
from apps.records.models import Record

# WHY: a proxy or gzip makes an ETag weak on its way; the number in it is the same.
_TAG = re.compile(r'\s*(?:W/)?"(\d{1,9})"\s*')
_ANY_TAG = re.compile(r'\s*(?:W/)?"([\w-]{1,80})"\s*', re.ASCII)


def tagged(response: Response, record: Record) -> Response:
    """Put the record's version on its answer."""
    response["ETag"] = f'"{record.version}"'
    return response


def must_match(request: Request, tag: str) -> None:
    """Hold a write to what it was made on, for what has a tag of its own and no version of a record.

    ApiProblem `version-needed` when If-Match names nothing, `stale` when it names another than `tag`.
    """
    given = request.headers.get("If-Match")
    if given is None or given.strip() == "*":
        raise ApiProblem("version-needed")
    match = _ANY_TAG.fullmatch(given)
    if match is None or match[1] != tag:
        raise ApiProblem("stale")


def expected_version(request: Request, *, needed: bool) -> int | None:
    """The version that the caller edits. ApiProblem `version-needed` when it is needed and not named.

    A tag that is no version of ours cannot be the present one: `stale`.
    """
    given = request.headers.get("If-Match")
    if given is None or given.strip() == "*":
        if needed:
            raise ApiProblem("version-needed")
        return None
    match = _TAG.fullmatch(given)
    if match is None:
        raise ApiProblem("stale")
    return int(match[1])
