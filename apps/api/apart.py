"""Rows that stand apart from their record (`apps.records.apart`) as JSON: their shapes, and reading them.

Nothing here decides who reads; the database did. Writing them is `apart_writing`.
"""

from __future__ import annotations

import copy
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.api.codes import CODES
from apps.api.serializers import StrictModelSerializer
from apps.records.apart import Kind, Named, RowsApart, Under
from apps.records.registry import Child, RecordType, by_key

AnyField = serializers.Field[Any, Any, Any, Any]


def children_apart(record_type: type[RecordType]) -> list[Child]:
    """The child tables of a type whose rows have addresses of their own."""
    return [child for child in record_type.children() if child.one_by_one is not None]


def rows_of(child: Child) -> type[RowsApart]:
    """What a child table says of its rows; one that says nothing has no addresses."""
    assert child.one_by_one is not None
    return child.one_by_one


# ---------------------------------------------------------------- shapes
class _Coded:
    """What a column points at, by the code under which it was looked up; null for what is hidden."""

    def __init__(self, *, name: str, attname: str, **kwargs: Any) -> None:
        self.of_name, self.attname = name, attname
        super().__init__(**kwargs)

    def get_attribute(self, instance: Any) -> Any:
        """The code, or the codes of those that the reader has."""
        known = self.context["codes"][self.of_name]  # type: ignore[attr-defined]
        key = getattr(instance, self.attname)
        if isinstance(key, list):
            return [known[each] for each in key if each in known]
        return known.get(key)


class _CodedId(_Coded, serializers.UUIDField):
    """One row, by id."""


class _CodedText(_Coded, serializers.CharField):
    """One row, by another code."""


class _CodedList(_Coded, serializers.ListField):
    """Several rows, by id."""


def _column(model: type[models.Model], name: str, named: Named) -> Any:
    return model._meta.get_field(named.column or name)


def _coded(model: type[models.Model], name: str, named: Named) -> AnyField:
    column = _column(model, name, named)
    kwargs: dict[str, Any] = {"name": name, "attname": column.attname, "label": column.verbose_name}
    if hasattr(column, "base_field"):
        return _CodedList(child=serializers.UUIDField(), required=False, **kwargs)
    made = _CodedId if named.code == "uuid" else _CodedText
    return made(required=False, allow_null=True, **kwargs)


class IdentifiedSerializer(StrictModelSerializer):
    """A row by its id."""

    id = serializers.UUIDField(source="uuid", read_only=True)


class ApartSerializer(IdentifiedSerializer):
    """A row that stands apart from its record."""

    url = serializers.SerializerMethodField()

    @extend_schema_field({"type": "string", "format": "uri-reference"})
    def get_url(self, row: Any) -> str:
        """Where it is, alone."""
        record, child = self.context["record"], self.context["child"]
        return reverse(f"api:{record.type}:{child.key}-one", kwargs={"uuid": record.uuid, "item": row.uuid})


def row_serializer(
    base: type[StrictModelSerializer], model: type[models.Model], fields: Iterable[str], named: Mapping[str, Named],
    *, read_only: bool = True,
) -> type[StrictModelSerializer]:  # fmt: skip
    """A serializer of such rows, which shows structure by code and what is `named` as it was looked up."""
    names = tuple(dict.fromkeys(fields))
    empty = {f.name for f in model._meta.concrete_fields if f.null}
    attributes: dict[str, Any] = {name: _coded(model, name, named[name]) for name in names if name in named}
    meta = {
        "model": model, "fields": names, "read_only_fields": names if read_only else (), "validators": [],
        "extra_kwargs": {name: {"allow_null": True} for name in names if name in empty and name not in named},
    }  # fmt: skip
    attributes["Meta"] = type("Meta", (), meta)
    return type(f"{model.__name__}Apart", (base,), attributes | {"__doc__": model.__doc__})


@cache
def _reading(of_type: str, key: str, kind: str) -> type[StrictModelSerializer]:
    """The serializer that reads rows of a kind."""
    declared = _declared(of_type, key)
    said = declared.kinds[kind]
    fields = ("id", "url", "kind", *declared.fixed, *said.written, *said.told)
    return row_serializer(ApartSerializer, said.model, fields, declared.named)


def _list_below(under: Under) -> AnyField:
    said: Any = {"label": under.label}
    return serializers.ListField(child=below_serializer(under)(), **said)


@cache
def below_serializer(under: Under) -> type[StrictModelSerializer]:
    """The serializer of rows that hang on such a row."""
    return row_serializer(IdentifiedSerializer, under.model, under.fields, under.named)


def _declared(of_type: str, key: str) -> type[RowsApart]:
    return rows_of(next(child for child in by_key(of_type).children() if child.key == key))


@cache
def shown_serializer(of_type: str, key: str) -> type[serializers.Serializer[Any]]:
    """What is read of such a row, for the OpenAPI document: the fields of all kinds, each where its kind has it."""
    declared = _declared(of_type, key)
    by_kind = {
        kind: _reading(of_type, key, kind)().get_fields()
        | {under.key: _list_below(under) for under in said.under}
        for kind, said in declared.kinds.items()
    }
    return united(f"{first_of(declared).__name__}Shown", first_of(declared), by_kind, declared.kinds)


@cache
def written_serializer(of_type: str, key: str) -> type[serializers.Serializer[Any]]:
    """What is written of such a row, for the OpenAPI document."""
    declared = _declared(of_type, key)
    by_kind = {
        kind: row_serializer(
            StrictModelSerializer, said.model, ("kind", *said.written), declared.named, read_only=False
        )().get_fields()
        for kind, said in declared.kinds.items()
    }
    return united(
        f"{first_of(declared).__name__}Written", first_of(declared), by_kind, declared.kinds, written=True
    )


def first_of(declared: type[RowsApart]) -> type[models.Model]:
    """The table of all kinds: the one that the others inherit from."""
    found = min((said.model for said in declared.kinds.values()), key=lambda model: len(model.__mro__))
    return found


def united(
    name: str, model: type[models.Model], by_kind: Mapping[str, Mapping[str, AnyField]], kinds: Mapping[str, Kind],
    *, written: bool = False,
) -> type[serializers.Serializer[Any]]:  # fmt: skip
    """One shape for all kinds: a field that not all of them have says which do, and is not required."""

    def get_fields(self: Any) -> dict[str, Any]:
        fields: dict[str, Any] = {}
        for field_name, made in ((n, f) for said in by_kind.values() for n, f in said.items()):
            if field_name in fields:
                continue
            having = [kind for kind, others in by_kind.items() if field_name in others]
            field: Any = copy.deepcopy(made)
            # WHY: the document says of a field that is only read that it is always there.
            field.required = len(having) == len(by_kind) and (field.required or not written)
            field.read_only = False
            if len(having) < len(by_kind):
                of_kinds = _("of kind: %(kinds)s") % {"kinds": ", ".join(having)}
                field.help_text = f"{field.label} ({of_kinds})" if field.label else of_kinds
            fields[field_name] = field
        choices = [(kind, said.label) for kind, said in kinds.items()]
        return fields | {"kind": serializers.ChoiceField(choices=choices)}

    attributes = {
        "get_fields": get_fields, "get_url": ApartSerializer.get_url, "__doc__": model.__doc__,
    }  # fmt: skip
    return type(name, (serializers.Serializer,), attributes)


# ---------------------------------------------------------------- reading
def detailed(declared: type[RowsApart], rows: Sequence[Any]) -> list[Any]:
    """The rows with the details of their kinds and the structure that they name, in their order; a query a table."""
    wanted: dict[type[models.Model], list[int]] = defaultdict(list)
    for row in rows:
        wanted[declared.kinds[row.kind].model].append(row.pk)
    found: dict[int, Any] = {}
    for model, keys in wanted.items():
        structure, more = structure_of(model), model._default_manager.all()
        if structure or model is not type(rows[0]):
            found |= (more.select_related(*structure) if structure else more).in_bulk(keys)
        else:
            found |= {row.pk: row for row in rows if row.pk in keys}
    return [found[row.pk] for row in rows if row.pk in found]


@cache
def structure_of(model: type[models.Model]) -> tuple[str, ...]:
    """The keys of a table that are shown by the codes of structure."""
    return tuple(f.name for f in model._meta.concrete_fields if f.is_relation and f.related_model in CODES)


def with_structure(rows: Sequence[Any]) -> None:
    """Give rows that no query brought (versions of long ago) the structure that they name; a query a table."""
    wanted: dict[Any, set[Any]] = defaultdict(set)
    places: list[tuple[Any, Any]] = []
    for row in rows:
        model: type[models.Model] = type(row)
        places += [(row, model._meta.get_field(name)) for name in structure_of(model)]
    for row, column in places:
        wanted[column.related_model].add(getattr(row, column.attname))
    found = {model: model._default_manager.in_bulk(keys - {None}) for model, keys in wanted.items()}
    for row, column in places:
        setattr(row, column.name, found[column.related_model].get(getattr(row, column.attname)))


def codes_of(
    named: Mapping[str, Named], rows: Iterable[tuple[Any, Iterable[str]]]
) -> dict[str, dict[Any, Any]]:
    """Field -> key -> code of what the rows name, as far as the actor has it; at most a query a field.

    `rows` come with the names of the fields that they have.
    """
    wanted: dict[str, set[Any]] = {name: set() for name in named}
    for row, fields in rows:
        for name in fields:
            if name in named:
                key = getattr(row, _column(type(row), name, named[name]).attname)
                wanted[name].update(key if isinstance(key, list) else {key} - {None})
    found: dict[str, dict[Any, Any]] = {}
    for name, keys in wanted.items():
        to = named[name]
        asked = to.model._default_manager.filter(to.where, **{f"{to.key}__in": keys})
        found[name] = dict(asked.order_by().values_list(to.key, to.code)) if keys else {}
    return found


def rows_json(
    record: Any, child: Child, rows: Sequence[Any], context: dict[str, Any], *, alone: bool = False
) -> list[Any]:
    """Rows with their details as JSON; where they are read alone, with the rows below them."""
    declared = rows_of(child)
    whole = [(row, (*declared.kinds[row.kind].written, *declared.kinds[row.kind].told)) for row in rows]
    context = context | {"record": record, "child": child, "codes": codes_of(declared.named, whole)}
    made: dict[str, Any] = {}
    found = []
    for row in rows:
        if row.kind not in made:
            made[row.kind] = _reading(record.type, child.key, row.kind)(context=context)
        said = made[row.kind].to_representation(row)
        if alone:
            for under in declared.kinds[row.kind].under:
                said[under.key] = _below_json(row, under, context)
        found.append(said)
    return found


def _below_json(row: Any, under: Under, context: dict[str, Any]) -> list[Any]:
    rows = below_rows(under, row).order_by(*under.order)
    return below_json(under, list(rows[: under.most]), context)


def below_rows(under: Under, row: Any) -> models.QuerySet[Any]:
    """The rows that hang on such a row, with the structure that they name."""
    rows: models.QuerySet[Any] = under.model._default_manager.filter(**{under.relation: row.pk})
    structure = [name for name in structure_of(under.model) if name in under.fields]
    return rows.select_related(*structure) if structure else rows


def below_json(under: Under, found: Sequence[Any], context: dict[str, Any]) -> list[Any]:
    """Such rows as JSON."""
    codes = codes_of(under.named, [(each, under.fields) for each in found])
    return list(below_serializer(under)(found, many=True, context=context | {"codes": codes}).data)
