"""Structure by its natural code: areas by P-code, sectors, terms and compartments by code, the rest by UUID.

Numbers of rows never leave the portal and are never taken as input.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.accounts.models import User
from apps.joc_products.models import ProductTemplate
from apps.mission.models import (
    Area,
    Compartment,
    DataType,
    Organisation,
    Position,
    Sector,
    VocabularyTerm,
)
from apps.need_to_know.known import unknown, unknown_person
from apps.records.actors import Actor

# Model -> the column that names its rows outside the portal.
CODES: dict[type[models.Model], str] = {
    Area: "pcode",
    Sector: "code",
    VocabularyTerm: "code",
    Compartment: "code",
    DataType: "code",
    Organisation: "uuid",
    Position: "uuid",
    User: "email",
    ProductTemplate: "uuid",
}
_HELP: dict[type[models.Model], Any] = {
    Area: _("P-code of an area, see /api/v1/areas/"),
    Sector: _("code of a sector, see /api/v1/sectors/"),
    VocabularyTerm: _("code of a term, see /api/v1/terms/"),
    Compartment: _("code of a compartment, see /api/v1/compartments/"),
    DataType: _("code of a kind of protected data, see /api/v1/data-types/"),
    Organisation: _("id of an organisation, see /api/v1/organisations/"),
    Position: _("id of a position, see /api/v1/positions/"),
    User: _("e-mail address of a person"),
    ProductTemplate: _("id of a template, see /api/v1/product-templates/"),
}


def rows_for(model: type[models.Model], actor: Actor, limit: Any = None) -> QuerySet[Any]:
    """The rows of structure that a reference may name: those of the mission, within the field's limit.

    What the actor may not know by name is as if it were not there.
    """
    rows = model._default_manager.complex_filter(limit or {})
    if model is User:
        people = rows.filter(holdings__position__mission=actor.mission, is_active=True)
        return people.exclude(unknown_person(actor)).distinct()
    rows = rows.filter(mission=actor.mission)
    if model is Organisation:
        return rows.exclude(unknown(actor))
    if model is Position:
        return rows.filter(is_active=True).exclude(unknown(actor, "organisation"))
    return rows.filter(is_active=True) if model in (VocabularyTerm, ProductTemplate) else rows


def find(rows: QuerySet[Any], code: Any) -> Any | None:
    """The row that a code names; None for anything else, of whatever type."""
    column = CODES[rows.model]
    if not isinstance(code, str) or "\0" in code:
        return None
    if column == "uuid":
        try:
            code = UUID(code)
        except ValueError:
            return None
    if column == "email":
        return rows.filter(email__iexact=code).first()
    return rows.filter(**{column: code}).first()


def code_of(row: models.Model) -> str:
    """The code that names a row."""
    return str(getattr(row, CODES[type(row)]))


def path_to_code(name: str, model: type[models.Model]) -> F:
    """The code at the end of a foreign key, for a query. People are shown by name."""
    return F(f"{name}__{'name' if model is User else CODES[model]}")


@extend_schema_field(OpenApiTypes.STR)
class CodeField(serializers.RelatedField[Any, str, Any]):
    """A reference to structure by its code; only rows of the actor's mission can be named."""

    default_error_messages = {"unknown": _("There is nothing with this code in your mission.")}

    def __init__(self, *, model: type[models.Model], limit: Any = None, **kwargs: Any) -> None:
        self.of_model, self.limit = model, limit
        if not kwargs.get("read_only"):
            kwargs["queryset"] = model._default_manager.none()
        kwargs.setdefault("help_text", _HELP[model])
        super().__init__(**kwargs)

    def use_pk_only_optimization(self) -> bool:
        """The code is needed, not the id."""
        return False

    def to_internal_value(self, data: Any) -> Any:
        """The row with that code."""
        found = find(rows_for(self.of_model, self.context["actor"], self.limit), data)
        if found is None:
            self.fail("unknown")
        return found

    def to_representation(self, value: Any) -> str:
        """Its code."""
        return code_of(value)


class CompartmentCodes(serializers.ListField):
    """Compartments of a label by code; stored as ids."""

    child = serializers.CharField(max_length=20)

    def to_internal_value(self, data: Any) -> list[int]:
        """Ids of the compartments; unknown codes are refused by name."""
        wanted = list(dict.fromkeys(super().to_internal_value(data)))
        # SECURITY: codes that the actor does not hold are as unknown as those that do not exist.
        held = {*self.context["actor"].compartments, *getattr(self.context.get("record"), "compartments", ())}
        known = {code: pk for pk, code in compartments(self.context).items() if pk in held}
        unknown = [code for code in wanted if code not in known]
        if unknown:
            raise serializers.ValidationError(
                _("Unknown compartments: %(codes)s.") % {"codes": ", ".join(unknown)}
            )
        return [known[code] for code in wanted]

    def to_representation(self, data: Any) -> list[str]:
        """Codes of the compartments."""
        known = compartments(self.context) if data else {}
        return [known[pk] for pk in data if pk in known]


class DataTypeCodes(serializers.ListField):
    """Kinds of protected data that something holds, by code; stored as ids."""

    child = serializers.CharField(max_length=20)

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", _("codes of kinds of protected data, see /api/v1/data-types/"))
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> list[int]:
        """Ids of the kinds, those in use; unknown codes are refused by name."""
        wanted = list(dict.fromkeys(super().to_internal_value(data)))
        known = {code: pk for pk, (code, in_use) in _data_types(self.context).items() if in_use}
        unknown = [code for code in wanted if code not in known]
        if unknown:
            raise serializers.ValidationError(
                _("Unknown kinds of protected data: %(codes)s.") % {"codes": ", ".join(unknown)}
            )
        return [known[code] for code in wanted]

    def to_representation(self, data: Any) -> list[str]:
        """Codes of the kinds."""
        known = _data_types(self.context) if data else {}
        return [known[pk][0] for pk in data if pk in known]


def _data_types(context: Any) -> dict[int, tuple[str, bool]]:
    """Id -> (code, whether in use) of the mission's kinds of protected data; one query a call, and only if asked."""
    if "data_types" not in context:
        rows = DataType.objects.filter(mission=context["actor"].mission)
        context["data_types"] = {
            pk: (code, in_use) for pk, code, in_use in rows.values_list("pk", "code", "is_active")
        }
    found: dict[int, tuple[str, bool]] = context["data_types"]
    return found


def compartments(context: Any) -> dict[int, str]:
    """Id -> code of the mission's compartments; one query a call, and only if a label has any."""
    if "compartments" not in context:
        rows = Compartment.objects.filter(mission=context["actor"].mission)
        context["compartments"] = dict(rows.values_list("pk", "code"))
    found: dict[int, str] = context["compartments"]
    return found
