"""Records as JSON, made from their types' declarations: a summary for lists, the whole, rows under it.

Nothing here writes; that is `writing.py`. Nothing here decides who reads; the database did.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from datetime import UTC
from functools import cache
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.api.codes import CODES, CodeField, CompartmentCodes, DataTypeCodes
from apps.mission.models import Organisation, Position
from apps.need_to_know.known import is_unknown
from apps.pages.values import state_of
from apps.records import exercises
from apps.records.field_rules import CoordinateRule
from apps.records.models import Record
from apps.records.registry import Child, RecordType, by_key

LABEL = ("classification", "sensitivity", "compartments", "data_types", "scope")
_COLUMNS = ("title", "kind", "priority", "sector", "area", "needed_by")


class Moment(serializers.DateTimeField):
    """A moment as ISO 8601 in UTC; without an offset it is taken as UTC."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("default_timezone", UTC)
        super().__init__(**kwargs)


class StrictModelSerializer(serializers.ModelSerializer[Any]):
    """A model serializer that refuses names it does not know and refers to structure by code."""

    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.DateTimeField: Moment,
    }

    def get_fields(self) -> dict[str, Any]:
        """Copies of the class's fields.

        WHY: making eighty fields from their columns takes longer than answering the call.
        """
        made: dict[str, Any] | None = type(self).__dict__.get("_made")
        if made is None:
            made = super().get_fields()
            type(self)._made = made  # type: ignore[attr-defined]
        return copy.deepcopy(made)

    def build_relational_field(self, field_name: str, relation_info: Any) -> Any:
        """A code in place of a row's number."""
        column, model = relation_info.model_field, relation_info.related_model
        kwargs: dict[str, Any] = {"model": model}
        if column.get_limit_choices_to():
            kwargs["limit"] = column.get_limit_choices_to()
        if not column.editable:
            return CodeField, kwargs | {"read_only": True}
        kwargs |= {"required": not column.blank, "allow_null": column.null}
        return CodeField, kwargs | {"label": column.verbose_name}

    def to_internal_value(self, data: Any) -> Any:
        """The values; unknown names are errors at their name."""
        known_errors: dict[str, Any] = {}
        try:
            values = super().to_internal_value(data)
        except serializers.ValidationError as error:
            if not isinstance(error.detail, dict):
                raise
            known_errors, values = error.detail, {}
        if isinstance(data, Mapping):
            for name in data:
                if name not in self.fields:
                    known_errors[str(name)[:60]] = [_("There is no such field.")]
        if known_errors:
            raise serializers.ValidationError(known_errors)
        return values


class OrganisationRef(serializers.ModelSerializer[Organisation]):
    """An organisation as records name it."""

    id = serializers.UUIDField(source="uuid", read_only=True)

    class Meta:
        model = Organisation
        fields = ("id", "name", "acronym")


class OriginatorField(CodeField):
    """Whose a record is: an organisation as records name it, “restricted” for callers who may not know it.

    Taken by its id from whoever files under a mandate for another organisation; as it is read, it can be sent back.
    """

    _spectacular_annotation: ClassVar[
        dict[str, Any]
    ] = {}  # what CodeField says of itself; see OriginatorSchema

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(model=Organisation, **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        """The organisation with that id, or the one that was read."""
        if not isinstance(data, Mapping):
            return super().to_internal_value(data)
        record = getattr(self.parent, "instance", None)
        if record is not None and data == self.to_representation(record.originator):
            return record.originator
        return super().to_internal_value(data.get("id"))

    def to_representation(self, value: Any) -> Any:
        """The organisation, as the caller may know it."""
        if is_unknown(self.context["actor"], value):
            return {"id": None, "name": gettext("restricted"), "acronym": ""}
        return OrganisationRef(value).data


class OriginatorSchema(OpenApiSerializerFieldExtension):
    """In the document: an id, or what was read, where it is written; the organisation where it is read."""

    target_class = OriginatorField

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> Any:
        """The schema for that direction."""
        read = {
            "type": "object",
            "properties": {
                "id": {"type": ["string", "null"], "format": "uuid"},
                "name": {"type": "string"},
                "acronym": {"type": "string"},
            },
            "required": ["id", "name", "acronym"],
        }
        return read if direction == "response" else {"oneOf": [{"type": "string", "format": "uuid"}, read]}


class PositionRef(serializers.ModelSerializer[Position]):
    """A position as records name it."""

    id = serializers.UUIDField(source="uuid", read_only=True)

    class Meta:
        model = Position
        fields = ("id", "title")


class RecordSummary(StrictModelSerializer):
    """A record as lists show it."""

    id = serializers.UUIDField(source="uuid", read_only=True)
    url = serializers.SerializerMethodField()
    state_label = serializers.SerializerMethodField(help_text=_("the state in your language"))
    is_exercise = serializers.SerializerMethodField(
        help_text=_("it belongs to an exercise, and not to real work")
    )
    originator = OriginatorField(read_only=True)
    compartments = CompartmentCodes(read_only=True)
    data_types = DataTypeCodes(read_only=True)

    class Meta:
        model = Record
        fields = (
            "id", "reference", "type", "url", "title", "state", "state_label", "state_since",
            "due_at", "kind", "is_exercise", "priority", "sector", "area", "needed_by", "originator",
            *LABEL, "version", "created_at", "updated_at",
        )  # fmt: skip
        read_only_fields = fields

    @extend_schema_field({"type": "string", "format": "uri-reference"})
    def get_url(self, record: Record) -> str:
        """Where the whole record is."""
        return address(record)

    def get_state_label(self, record: Record) -> str:
        """The state in the caller's language."""
        return str(state_of(record.record_type, record.state)["label"])

    def get_is_exercise(self, record: Record) -> bool:
        """Whether its mission or itself is an exercise."""
        return exercises.is_exercise(self.context["actor"], record)


def address(record: Record) -> str:
    """The API's address of a record."""
    return reverse(f"api:{record.type}:detail", kwargs={"uuid": record.uuid})


class Rows(serializers.ListField):
    """Rows under a record. Reading takes them as the record's own query brought them, codes and all."""

    def __init__(self, *, key: str, row: serializers.BaseSerializer[Any], **kwargs: Any) -> None:
        self.key = key
        super().__init__(child=row, **kwargs)

    def get_attribute(self, instance: Any) -> Any:
        """What the query put there (`selectors.whole`)."""
        return getattr(instance, f"rows_{self.key}", None) or []

    def to_representation(self, data: Any) -> Any:
        """Already plain values."""
        return data


class RowSerializer(StrictModelSerializer):
    """A row under a record, checked as its form would check it."""

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Run the model's own checks; its messages stand at their fields."""
        model: Any = self.Meta.model
        parent = [f.name for f in model._meta.concrete_fields if f.name not in self.fields]
        checked = [name for name in attrs if isinstance(attrs[name], models.Model)]
        row = model(**attrs)
        try:
            row.full_clean(exclude=[*parent, *checked], validate_unique=False, validate_constraints=False)
        except ValidationError as error:
            raise serializers.ValidationError(error.message_dict) from None
        # WHY: a model completes what was left out (an end of consent), and the row is stored as it was checked.
        plain = [f for f in model._meta.concrete_fields if f.name in self.fields and not f.is_relation]
        before = {f.name: attrs.get(f.name, f.get_default()) for f in plain}
        return attrs | {name: getattr(row, name) for name in before if getattr(row, name) != before[name]}


def row_fields(child: Child) -> tuple[str, ...]:
    """The columns of a child table that are shown: those declared, and when and by whom a step wrote it."""
    stamped = () if child.editable else ("at", "position", "actor")
    have = {f.name for f in child.model._meta.concrete_fields}
    return (*child.fields, *(name for name in stamped if name in have and name not in child.fields))


@cache
def _row_serializer(of_type: str, key: str) -> type[RowSerializer]:
    """The serializer of one child table."""
    record_type = by_key(of_type)
    child = next(c for c in record_type.children() if c.key == key)
    fields = row_fields(child)
    meta: dict[str, Any] = {"model": child.model, "fields": fields, "validators": []}
    if not child.editable:
        meta["read_only_fields"] = fields
    attributes: dict[str, Any] = {"Meta": type("Meta", (), meta), "__doc__": f"{child.model.__doc__}"}
    attributes |= {name: serializers.CharField(read_only=True) for name in fields if _is_person(child, name)}
    # WHY: a table that is declared twice (what is asked for, what was given) is two shapes in the document.
    several = sum(each.model is child.model for each in record_type.children()) > 1
    name = f"{child.model.__name__}{key.title().replace('_', '') if several else ''}Row"
    return type(name, (RowSerializer,), attributes)


def _is_person(child: Child, name: str) -> bool:
    column = child.model._meta.get_field(name)
    return bool(column.is_relation and CODES.get(column.related_model) == "email")  # type: ignore[arg-type]


class WholeRecord(StrictModelSerializer):
    """A whole record; fields that are withheld from the caller are left out, names and all."""

    def to_representation(self, instance: Any) -> Any:
        """The fields that the caller may have."""
        said = super().to_representation(instance)
        for name in instance.withheld_fields:
            said.pop(name, None)
        return said


def whole_serializer(record_type: type[RecordType]) -> type[StrictModelSerializer]:
    """The serializer of a whole record of a type, for reading, filing and editing."""
    return _whole_serializer(record_type.key)


@cache
def _whole_serializer(of_type: str) -> type[StrictModelSerializer]:
    record_type = by_key(of_type)
    written, shown = declared_fields(record_type)
    attributes: dict[str, Any] = {
        "__doc__": f"A record of the type “{record_type.key}”, whole.",
        "url": serializers.SerializerMethodField(),
        "get_url": RecordSummary.get_url,
        "id": serializers.UUIDField(source="uuid", read_only=True),
        "state_label": serializers.SerializerMethodField(help_text=_("the state in your language")),
        "get_state_label": RecordSummary.get_state_label,
        "is_exercise": serializers.SerializerMethodField(
            help_text=_("it belongs to an exercise, and not to real work")
        ),
        "get_is_exercise": RecordSummary.get_is_exercise,
        "originator": originator_field(record_type),
        "filed_by": serializers.CharField(source="author.name", read_only=True),
        "filed_as": CodeField(
            model=Position, source="author_position", required=False,
            help_text=_("id of the position in which you file it; cannot be changed afterwards"),
        ),
        "compartments": CompartmentCodes(required=False),
        "data_types": DataTypeCodes(required=False),
    }  # fmt: skip
    if record_type.kinds is not None and "kind" in written:
        attributes["kind"] = serializers.ChoiceField(
            choices=record_type.kinds.choices, required=False, allow_blank=True, label=_("kind")
        )
    rows = []
    for child in record_type.rows_together():
        row = _row_serializer(record_type.key, child.key)()
        attributes[child.key] = Rows(
            key=child.key, row=row, required=False, read_only=not child.editable, label=child.label,
            **({"max_length": child.max_rows} if child.editable else {}),
        )  # fmt: skip
        rows.append(child.key)
    if any(isinstance(rule, CoordinateRule) for rule in record_type.field_rules):
        attributes["coordinate_decimals"] = serializers.IntegerField(
            source="filling.decimals", read_only=True, allow_null=True, default=None,
            help_text=_("decimals of a degree to which coordinates are rounded for you; null when they are exact"),
        )  # fmt: skip
        rows.append("coordinate_decimals")
    fixed = ("reference", "type", "state", "state_since", "due_at", "version", "created_at", "updated_at")
    fields = dict.fromkeys(
        ("id", "reference", "type", "url", "state", "state_label", "state_since", "due_at", "is_exercise", "originator",
         "filed_by", "filed_as", *written, *shown, *LABEL, *rows, "version", "created_at", "updated_at")
    )  # fmt: skip
    meta = {
        "model": record_type.model,
        "fields": tuple(fields),
        "read_only_fields": tuple(name for name in (*fixed, *shown) if name not in attributes),
        "validators": [],
        "extra_kwargs": {"title": {"allow_blank": False}},
    }
    attributes["Meta"] = type("Meta", (), meta)
    return type(record_type.model.__name__, (WholeRecord,), attributes)


def originator_field(record_type: type[RecordType]) -> OriginatorField:
    """Whose a record of the type is: given when it is filed where the type is filed for others, else only shown."""
    if not record_type.files_on_behalf:
        return OriginatorField(read_only=True)
    return OriginatorField(
        required=False,
        help_text=_(
            "id of the organisation for which you file it, under a mandate; your own by default, and cannot be "
            "changed afterwards"
        ),
    )


def declared_fields(record_type: type[RecordType]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(fields that editors write, fields that are only shown), in the order of the sections."""
    label = {*LABEL}
    written = [f for s in record_type.sections if s.step for f in s.fields if f not in label]
    shown = [
        f for s in record_type.sections if not s.step for f in s.fields if f not in label and f not in written
    ]
    shown += [f for f in _COLUMNS if f not in written and f not in shown]
    return tuple(dict.fromkeys(written)), tuple(dict.fromkeys(shown))
