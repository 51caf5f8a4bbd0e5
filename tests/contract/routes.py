"""Code that forgot everything about permissions: each way to a hidden row, as the guard-route table names it.

A route gets the records of one type, as a person who reads `open` and may not know of `hidden` or `secret`, and
returns whatever the careless code would have shown. Raising a database or lookup error is as good as nothing.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from asgiref.sync import async_to_sync
from django import forms
from django.contrib.postgres.search import SearchVector
from django.db import connection
from django.db.models import Count, Exists, F, Max, OuterRef, Prefetch, Subquery
from rest_framework import serializers

from apps.accounts.models import User
from apps.need_to_know.selectors import search_ids, searched_texts
from apps.records.models import Attachment, Change, Comment, Event, Record, RecordLink, Step
from tests.cast.world import Trio

Route = Callable[[Trio], Any]
ROUTES: dict[str, Route] = {}


def route(name: str) -> Callable[[Route], Route]:
    """Name a route after the group and the way."""

    def note(function: Route) -> Route:
        ROUTES[name] = function
        return function

    return note


def _all(trio: Trio) -> Any:
    return trio.declared.model._default_manager.all()


# ---------------------------------------------------------------- direct reads
ROUTES |= {
    "reads: all": lambda t: list(_all(t).values()),
    "reads: bare manager exclude": lambda t: list(t.declared.model.objects.exclude(title="").values_list("title")),
    "reads: get": lambda t: t.declared.model.objects.get(pk=t.hidden.pk).title,
    "reads: get by a second key": lambda t: Record.objects.get(reference=t.hidden.reference).title,
    "reads: get by uuid": lambda t: Record.objects.get(uuid=t.hidden.uuid).title,
    "reads: exists on the manager": lambda t: t.declared.model.objects.filter(pk=t.hidden.pk).exists(),
    "reads: exists on a queryset": lambda t: _all(t).filter(title__startswith="Hidden").exists(),
    "reads: count": lambda t: Record.objects.filter(pk__in=[r.pk for r in t.unseen]).count(),
    "reads: aggregate": lambda t: Record.objects.filter(type=t.declared.key).exclude(pk=t.open.pk).aggregate(
        most=Max("title"))["most"],
    "reads: values_list": lambda t: list(_all(t).values_list("reference", flat=True)),
    "reads: in_bulk": lambda t: {k: v.title for k, v in Record.objects.in_bulk([r.pk for r in t.unseen]).items()},
    "reads: iterator": lambda t: [r.title for r in _all(t).iterator(chunk_size=1)],
    "reads: union": lambda t: list(
        Record.objects.filter(pk=t.hidden.pk).values_list("title").union(Record.objects.values_list("title"))
    ),
    "reads: subquery in another model's query": lambda t: User.objects.filter(
        pk__in=Record.objects.filter(pk=t.hidden.pk).values("author_id")).exists(),
    "reads: only and defer": lambda t: [r.title for r in _all(t).only("pk")],
}  # fmt: skip


@route("reads: async for on the manager")
def _async_manager(trio: Trio) -> Any:
    async def read() -> list[str]:
        return [record.title async for record in trio.declared.model.objects.all()]

    return async_to_sync(read)()


@route("reads: async for on a queryset")
def _async_queryset(trio: Trio) -> Any:
    async def read() -> list[str]:
        return [record.title async for record in Record.objects.filter(pk__in=[r.pk for r in trio.unseen])]

    return async_to_sync(read)()


# ---------------------------------------------------------------- pickers
@route("pickers: choices of a ModelChoiceField")
def _choices(trio: Trio) -> Any:
    return [str(label) for _value, label in forms.ModelChoiceField(Record.objects.all()).choices]


@route("pickers: foreign-key choices of a model form")
def _form_choices(trio: Trio) -> Any:
    made = forms.modelform_factory(RecordLink, fields=["source", "target"])()
    return [str(label) for _value, label in made.fields["target"].choices]  # type: ignore[attr-defined]


@route("pickers: a model form accepts a hidden row")
def _form_accepts(trio: Trio) -> Any:
    made = forms.modelform_factory(RecordLink, fields=["target"])({"target": trio.hidden.pk})
    return made.cleaned_data["target"].title if made.is_valid() else None


@route("pickers: primary-key field of the API on write")
def _drf(trio: Trio) -> Any:
    return (
        serializers.PrimaryKeyRelatedField(queryset=Record.objects.all()).run_validation(trio.hidden.pk).title
    )


@route("pickers: autocomplete")
def _autocomplete(trio: Trio) -> Any:
    return list(Record.objects.filter(title__icontains="hidden").values("pk", "title"))


# ---------------------------------------------------------------- writes
@route("writes: bulk update")
def _update(trio: Trio) -> Any:
    return Record.objects.filter(pk__in=[r.pk for r in trio.unseen]).update(title="seen")


@route("writes: update of everything counts hidden rows")
def _update_all(trio: Trio) -> Any:
    return Record.objects.update(title=F("title"))


@route("writes: bulk delete")
def _delete(trio: Trio) -> Any:
    return Comment.objects.filter(record__in=[r.pk for r in trio.unseen]).delete()[0]


@route("writes: bulk delete of records")
def _delete_records(trio: Trio) -> Any:
    return Record.objects.filter(pk=trio.hidden.pk).delete()[0]


@route("writes: raw delete of links without a condition")
def _delete_links(trio: Trio) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM records_recordlink")
        return cursor.rowcount


@route("writes: comment on a hidden record")
def _comment(trio: Trio) -> Any:
    return Comment.objects.create(record_id=trio.hidden.pk, author_id=trio.open.author_id, text="x").pk


@route("writes: link to a hidden record")
def _link(trio: Trio) -> Any:
    return RecordLink.objects.create(
        source_id=trio.open.pk, target_id=trio.hidden.pk, author_id=trio.open.author_id
    ).pk


# ---------------------------------------------------------------- relations
@route("relations: reverse foreign key")
def _reverse(trio: Trio) -> Any:
    return [link.target.title for link in trio.open.links_from.all()]


@route("relations: prefetch forward")
def _prefetch_forward(trio: Trio) -> Any:
    return [link.target.title for link in RecordLink.objects.prefetch_related("target", "source")]


@route("relations: prefetch reverse")
def _prefetch_reverse(trio: Trio) -> Any:
    links = Prefetch("links_from", RecordLink.objects.select_related("target"))
    found = Record.objects.prefetch_related(links, "links_to__source").get(pk=trio.open.pk)
    return [link.target.title for link in found.links_from.all()] + [
        link.source.title for link in found.links_to.all()
    ]


@route("relations: forward foreign key")
def _forward(trio: Trio) -> Any:
    return Comment(record_id=trio.hidden.pk).record.title


@route("relations: select_related")
def _select_related(trio: Trio) -> Any:
    return [link.target.title for link in RecordLink.objects.select_related("source", "target")]


@route("relations: values through the relation")
def _values(trio: Trio) -> Any:
    return list(Record.objects.values("links_from__target__title", "links_to__source__reference"))


# ---------------------------------------------------------------- oracles
@route("oracles: filter on a hidden relation's field")
def _filter_oracle(trio: Trio) -> Any:
    return Record.objects.filter(links_from__target__title__startswith="Hidden").exists()


@route("oracles: exclude on a hidden relation's field")
def _exclude_oracle(trio: Trio) -> Any:
    return not Record.objects.filter(pk=trio.open.pk).exclude(links_from__target__isnull=False).exists()


@route("oracles: order_by a hidden relation's field")
def _order_oracle(trio: Trio) -> Any:
    ordered = Record.objects.order_by("links_from__target__title").values_list(
        "pk", "links_from__target__title"
    )
    return [title for _pk, title in ordered if title]


@route("oracles: Count annotation")
def _count_oracle(trio: Trio) -> Any:
    return Record.objects.annotate(n=Count("links_from") + Count("links_to")).get(pk=trio.open.pk).n


@route("oracles: Exists annotation")
def _exists_oracle(trio: Trio) -> Any:
    return (
        Record.objects.annotate(x=Exists(RecordLink.objects.filter(source=OuterRef("pk"))))
        .get(pk=trio.open.pk)
        .x
    )


@route("oracles: Subquery annotation")
def _subquery_oracle(trio: Trio) -> Any:
    hidden = Record.objects.filter(pk=trio.hidden.pk).values("title")[:1]
    return Record.objects.annotate(x=Subquery(hidden)).get(pk=trio.open.pk).x


@route("oracles: full-text match on a hidden row")
def _search_oracle(trio: Trio) -> Any:
    return Record.objects.annotate(words=SearchVector("title")).filter(words="Hidden").exists()


@route("oracles: facet counts")
def _facets(trio: Trio) -> Any:
    counts = Record.objects.filter(type=trio.declared.key).values("classification").annotate(n=Count("pk"))
    return [row for row in counts if row["classification"] > trio.open.classification]


@route("oracles: the search door, by words of a hidden row")
def _search_door(trio: Trio) -> Any:
    words = (trio.hidden.title, trio.hidden.reference, "Hidden", "kx", trio.secret.title.split()[-1])
    unseen = {record.pk for record in trio.unseen}
    return any(
        unseen & set(search_ids(word, of_type)) for word in words for of_type in (None, trio.declared.key)
    )


@route("oracles: the search documents")
def _search_documents(trio: Trio) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM records_searchdocument WHERE record_id = %s", [trio.hidden.pk])
        return cursor.fetchone()[0]


@route("oracles: what the search documents are made of")
def _search_texts(trio: Trio) -> Any:
    return searched_texts([record.pk for record in trio.unseen])


@route("oracles: the planner's statistics")
def _statistics(trio: Trio) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT most_common_vals::text, histogram_bounds::text FROM pg_stats WHERE tablename LIKE 'records\\_%%'"
        )
        return cursor.fetchall()


@route("oracles: the number of rows in a sequence")
def _sequence(trio: Trio) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT last_value FROM records_record_id_seq")
        return cursor.fetchall()


# ---------------------------------------------------------------- back doors
@route("back doors: refresh_from_db on a hand-made instance")
def _refresh(trio: Trio) -> Any:
    made = trio.declared.model(pk=trio.hidden.pk)
    made.refresh_from_db()
    return made.title


@route("back doors: raw")
def _raw(trio: Trio) -> Any:
    return [r.title for r in Record.objects.raw("SELECT * FROM records_record")]


@route("back doors: cursor")
def _cursor(trio: Trio) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT title FROM records_record WHERE id = %s", [trio.hidden.pk])
        return cursor.fetchall()


@route("back doors: _base_manager")
def _base_manager(trio: Trio) -> Any:
    return trio.declared.model._base_manager.get(pk=trio.hidden.pk).title


@route("back doors: from parent to child")
def _to_child(trio: Trio) -> Any:
    way_back: Any = trio.declared.model._meta.get_field("record_ptr").remote_field
    return getattr(Record(pk=trio.hidden.pk), way_back.get_accessor_name()).title


@route("back doors: from child to parent")
def _to_parent(trio: Trio) -> Any:
    return trio.declared.model(record_ptr_id=trio.hidden.pk).record_ptr.title


@route("back doors: the history table")
def _history(trio: Trio) -> Any:
    return list(Change.objects.filter(record_id__in=[r.pk for r in trio.unseen]).values("fields"))


@route("back doors: the steps")
def _steps(trio: Trio) -> Any:
    return list(Step.objects.filter(record_id__in=[r.pk for r in trio.unseen]).values("note"))


@route("back doors: the outbox")
def _outbox(trio: Trio) -> Any:
    return list(Event.objects.filter(record_id__in=[r.pk for r in trio.unseen]).values("record_id"))


@route("back doors: attachments by their own key")
def _attachments(trio: Trio) -> Any:
    return list(Attachment.objects.filter(record_id=trio.hidden.pk).values("name", "key"))


@route("back doors: the feed table")
def _feed(trio: Trio) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT record_id FROM need_to_know_feed")
        return cursor.fetchall()


@route("back doors: the view of all sources")
def _sources(trio: Trio) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM need_to_know_source")
        return cursor.fetchall()


@route("back doors: projecting audiences by hand")
def _project(trio: Trio) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT need_to_know_project(ARRAY[%s]::bigint[])", [trio.hidden.pk])
        return cursor.fetchall()


@route("back doors: COPY for an export")
def _copy(trio: Trio) -> Any:
    out = io.StringIO()
    with connection.cursor() as cursor:
        cursor.cursor.copy_expert("COPY (SELECT title FROM records_record) TO STDOUT", out)
    return out.getvalue()


@route("back doors: another role")
def _role(trio: Trio) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE portal_door")
        cursor.execute("SELECT title FROM records_record")
        return cursor.fetchall()


@route("back doors: the row rule switched off")
def _switch(trio: Trio) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL row_security = off")
        cursor.execute("SELECT title FROM records_record")
        return cursor.fetchall()


@route("back doors: a table of the attacker's own under a door's name")
def _shadow(trio: Trio) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE auth_permission AS SELECT id, codename, content_type_id FROM public.auth_permission"
        )
        cursor.execute("UPDATE pg_temp.auth_permission SET codename = 'manage_record'")
        cursor.execute("SELECT need_to_know_may_give(%s, 1)", [trio.hidden.pk])
        return cursor.fetchone()[0]
