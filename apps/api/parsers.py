"""Reading bodies: JSON of bounded size and depth that can be stored. Files come as multipart form data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import ParseError
from rest_framework.parsers import JSONParser

from apps.api.problems import ApiProblem


class BoundedJSONParser(JSONParser):
    """JSON up to DATA_UPLOAD_MAX_MEMORY_SIZE bytes, whose top is an object.

    Refused as malformed: text that is no JSON, nesting without end, and half characters that nothing stores.
    """

    def parse(
        self, stream: IO[Any], media_type: Any = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        """The object; ApiProblem when it is too large, ParseError when it cannot be used."""
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise ApiProblem("too-large")
        try:
            read = json.loads(body.decode("utf-8"), parse_constant=_no_constant)
            # WHY: half a surrogate pair is valid JSON but no text; writing it out finds it at any depth.
            json.dumps(read, ensure_ascii=False).encode("utf-8")
        except (ValueError, RecursionError):
            raise ParseError(_("The body is not valid JSON in UTF-8.")) from None
        if not isinstance(read, dict):
            raise ParseError(_("The body must be a JSON object."))
        return read


def _no_constant(name: str) -> Any:
    raise ValueError(name)
