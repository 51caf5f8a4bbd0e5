"""The declaration of lessons: columns, filters, sections. Pages and API are made of it."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.lessons import positions, rules
from apps.lessons.forms import LessonForm
from apps.lessons.models import Lesson
from apps.lessons.positions import KEEPER, RELEASER, VALIDATOR
from apps.lessons.vocabulary import LessonKind
from apps.lessons.workflow import WORKFLOW
from apps.mission.models import Position
from apps.mission.vocabulary import Role
from apps.records.actors import Actor
from apps.records.registry import Column, Filter, RecordType, Searched, Section, register
from apps.records.workflow import Text


@register
class LessonType(RecordType):
    """Lessons."""

    key = "lesson"
    model = Lesson
    plural = "lessons"
    url_namespace = "lessons"
    reference_prefix = "LSN"
    label = _("lesson")
    label_plural = _("lessons")
    icon = "bookmark"
    workflow = WORKFLOW
    kinds = LessonKind
    form_class = LessonForm
    releasable = False
    role_names = {
        KEEPER: _("Whoever wrote it"),
        VALIDATOR: _("Whoever validates it"),
        RELEASER: _("Whoever releases what the organisation files"),
    }
    field_names = {"title": _("what was learnt"), "kind": _("what it comes from")}
    columns = (
        Column("reference", _("Reference"), "reference", "reference"),
        Column("title", _("What was learnt"), "title", sort="title"),
        Column("kind", _("Comes from"), "kind"),
        Column("state", _("State"), "state", "state", sort="state"),
        Column("area", _("Area"), "area", "area"),
        Column("sector", _("Sector"), "sector", wide=True),
        Column("originator", _("From"), "originator", "organisation", wide=True),
        Column("created", _("Filed"), "created_at", "datetime", sort="created_at", wide=True),
        Column("updated", _("Last changed"), "updated_at", "datetime", sort="updated_at", wide=True),
        Column("label", _("Label"), "classification", "label"),
    )
    filters = (
        Filter("state", _("State"), "state", "state"),
        Filter("kind", _("Comes from"), "kind", "choice", LessonKind.choices),
        Filter("area", _("Area"), "area", "area"),
        Filter("sector", _("Sector"), "sector", "sector"),
        Filter("originator", _("From"), "originator", "organisation"),
        Filter("mine", _("Filed by my positions"), "author_position", "mine"),
    )
    sections = (
        Section(
            "lesson", _("What was learnt"),
            ("title", "kind", "expected", "happened", "why", "next_time", "applies_to", "area", "sector"),
            help=_("For whoever does the like next time. It may be read by people who cannot read what taught it."),
        ),
        Section(
            "validation", _("Validation"), ("validator",), when=lambda lesson: lesson.validator_id is not None,
            step=False,
        ),
    )  # fmt: skip
    search = (Searched(("next_time", "happened", "why", "expected")),)

    @classmethod
    def related(cls) -> tuple[str, ...]:
        """Structure that pages of one read."""
        return (*super().related(), "validator")

    @classmethod
    def role_positions(cls, record: Any, role: Role) -> QuerySet[Position]:
        """Who exercises a role on it."""
        return positions.role_positions(record, role)

    @classmethod
    def could_exercise(cls, actor: Actor, role: Role) -> bool:
        """Any position may write or validate one, and any may speak for its organisation."""
        return role in (KEEPER, VALIDATOR, RELEASER)

    @classmethod
    def missing(cls, record: Any) -> dict[str, list[Text]]:
        """What must be answered before it is put forward."""
        return rules.missing(record)

    @classmethod
    def awaiting(cls, actor: Actor, role: Role) -> Q | None:
        """Condition under which one waits for the actor's positions of a role."""
        if role == VALIDATOR:
            mine = Lesson.objects.filter(validator_id__in=actor.position_ids).values("record_ptr_id")
            return Q(state="proposed", pk__in=mine)
        if role == KEEPER:
            return Q(state="returned", author_position_id__in=actor.position_ids)
        return None
