"""Authors of what hangs on a record, by the name that the caller may know."""

from __future__ import annotations

from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, QuerySet
from django.utils.translation import gettext as _

from apps.need_to_know.known import unknown_person
from apps.records.actors import Actor


def author_known(rows: QuerySet[Any], actor: Actor) -> QuerySet[Any]:
    """The rows, each with whether its author may not be known to the actor."""
    hidden = ExpressionWrapper(unknown_person(actor, "author_id"), output_field=BooleanField())
    return rows.annotate(is_unknown=hidden)


def author_name(row: Any) -> str:
    """The author's name; “restricted” for whom the caller may not know."""
    return _("restricted") if getattr(row, "is_unknown", False) else str(row.author.name)
