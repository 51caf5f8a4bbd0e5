"""The declaration of joint plans: columns, filters, sections. Pages and API are made of it."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from apps.joint_plans import positions, rules
from apps.joint_plans.forms import JointPlanForm
from apps.joint_plans.models import Concurrence, Contributor, JointPlan, Part
from apps.joint_plans.part_rows import PlanParts
from apps.joint_plans.positions import CONTRIBUTOR, ENDORSER, INFORMED, KEEPER
from apps.joint_plans.projects import rules as project_rules
from apps.joint_plans.projects.sections import PROJECT_SECTIONS, protected
from apps.joint_plans.vocabulary import PlanKind, Standing
from apps.joint_plans.workflow import WORKFLOW
from apps.mission.models import Position
from apps.mission.vocabulary import Role
from apps.records.actors import Actor
from apps.records.groups import NavGroup
from apps.records.registry import Child, Column, Filter, RecordType, Searched, Section, register
from apps.records.workflow import Text


@register
class JointPlanType(RecordType):
    """Joint plans."""

    key = "joint_plan"
    model = JointPlan
    plural = "joint-plans"
    url_namespace = "joint_plans"
    reference_prefix = "PLN"
    label = _("joint plan")
    label_plural = _("joint plans")
    icon = "map"
    nav_group = NavGroup.COORDINATION
    exercise_kinds = frozenset({PlanKind.EXERCISE.value})
    workflow = WORKFLOW
    kinds = PlanKind
    form_class = JointPlanForm
    filed_by = (Role.CMCOORD, Role.CIMIC, Role.JOC, Role.CLUSTER, Role.REQUESTER, Role.SECURITY, Role.DECIDER)
    role_names = {
        KEEPER: _("Whoever keeps the plan"),
        CONTRIBUTOR: _("Contributing organisation"),
        ENDORSER: _("Whoever endorses it"),
        INFORMED: _("Organisation that is informed"),
    }
    broadcasts = frozenset(
        {"circulate", "circulate_again", "endorse", "trip", "review", "revise", "suspend", "withdraw"}
    )
    columns = (
        Column("reference", _("Reference"), "reference", "reference"),
        Column("title", _("Title"), "title", sort="title"),
        Column("kind", _("Kind"), "kind"),
        Column("state", _("State"), "state", "state", sort="state"),
        Column("due", _("Due"), "due_at", "due", sort="due_at"),
        Column("area", _("Area"), "area", "area"),
        Column("originator", _("From"), "originator", "organisation"),
        Column("updated", _("Last changed"), "updated_at", "datetime", sort="updated_at", wide=True),
        Column("label", _("Label"), "classification", "label"),
    )
    filters = (
        Filter("state", _("State"), "state", "state"),
        Filter("kind", _("Kind"), "kind", "choice", PlanKind.choices),
        Filter("area", _("Area"), "area", "area"),
        Filter("sector", _("Sector"), "sector", "sector"),
        Filter("originator", _("From"), "originator", "organisation"),
        Filter("mine", _("Filed by my positions"), "author_position", "mine"),
    )
    sections = (
        Section(
            "plan", _("The plan"),
            ("title", "kind", "purpose", "end_state", "area", "sector", "starts_on", "ends_on", "priority",
             "coordinator"),
        ),
        Section(
            "contributors", _("Who takes part"),
            children=(
                Child(
                    "contributors", _("Contributing organisations"), Contributor,
                    ("organisation", "position", "standing"), "plan", max_rows=60,
                    empty_text=_("Nobody is named yet."), check=rules.contributor_check,
                ),
            ),
            help=_("They read the plan once it circulates. Each says for its organisation whether it concurs."),
        ),
        Section(
            "parts", _("Parts"),
            children=(
                Child(
                    "parts", _("Parts"), Part, ("code", "kind", "title", "details"), "plan", editable=False,
                    apart=True, one_by_one=PlanParts,
                ),
            ),
            step=False,
        ),
        Section(
            "concurrence", _("Concurrence"),
            children=(
                Child(
                    "concurrences", _("Answers"), Concurrence,
                    ("number", "organisation", "answer", "comment", "position", "at"), "plan", editable=False,
                ),
            ),
            step=False,
        ),
        *PROJECT_SECTIONS,
        Section("after", _("After-action review"), ("lessons",), when=lambda plan: bool(plan.lessons), step=False),
    )  # fmt: skip
    search = (Searched(("purpose", "end_state")), Searched(("open_title", "open_text"), "parts"))

    @classmethod
    def related(cls) -> tuple[str, ...]:
        """Structure that pages of a plan read."""
        return (*super().related(), "coordinator")

    @classmethod
    def role_positions(cls, record: Any, role: Role) -> QuerySet[Position]:
        """Who exercises a role on the plan."""
        return positions.role_positions(record, role)

    @classmethod
    def could_exercise(cls, actor: Actor, role: Role) -> bool:
        """Any position may keep a plan, answer for an organisation, or be named to endorse."""
        return role in (KEEPER, CONTRIBUTOR, ENDORSER) or actor.has_role(role)

    @classmethod
    def drawn_as(cls, position: Position, role: Role) -> Role:
        """The role itself where the position holds it, else one that it does hold and reads records by."""
        held = [each.role for each in position.roles.all() if each.role not in positions.SILENT]
        return role if role in held or not held else Role(held[0])

    @classmethod
    def told_alone(cls, record: Any) -> QuerySet[Position] | None:
        """Of an exercise among real records: whoever keeps it, contributes, is informed or endorses it."""
        if not record.is_exercise or record.mission.is_exercise:
            return None
        circle = Q()
        for role in (KEEPER, CONTRIBUTOR, INFORMED, ENDORSER):
            circle |= Q(pk__in=positions.role_positions(record, role).order_by().values("pk"))
        return Position.objects.filter(circle)

    @classmethod
    def missing(cls, record: Any) -> dict[str, list[Text]]:
        """What must be answered before it circulates."""
        return rules.missing(record) | project_rules.missing(record)

    @classmethod
    def protected(cls, records: Any) -> dict[int, Text]:
        """Plans that are about a protected object, with the note that stands beside them in every file."""
        return protected(records)

    @classmethod
    def awaited(cls, record: Any) -> tuple[Role, ...]:
        """While it is consulted: those who have not answered; once all have, whoever keeps it."""
        if record.state != "consultation":
            return super().awaited(record)
        return (CONTRIBUTOR,) if rules.awaited(record) else (KEEPER,)

    @classmethod
    def awaited_roles(cls) -> frozenset[Role]:
        """Keepers, contributors, whoever endorses."""
        return frozenset({KEEPER, CONTRIBUTOR, ENDORSER})

    @classmethod
    def awaiting(cls, actor: Actor, role: Role) -> Q | None:
        """Condition under which plans wait for the actor's positions of a role."""
        mine = actor.position_ids
        asked = Contributor.objects.exclude(standing=Standing.INFORMED).filter(answered__lt=F("asked"))
        if role == CONTRIBUTOR:
            return Q(state="consultation", pk__in=asked.filter(position_id__in=mine).values("plan_id"))
        if role == KEEPER:
            along = Contributor.objects.filter(position_id__in=mine, standing=Standing.PLANNER)
            coordinated = JointPlan.objects.filter(coordinator_id__in=mine)
            keeps = (
                Q(author_position_id__in=mine)
                | Q(pk__in=along.values("plan_id"))
                | Q(pk__in=coordinated.values("pk"))
            )
            all_in = Q(state="consultation") & ~Q(Exists(asked.filter(plan_id=OuterRef("pk"))))
            return keeps & (Q(state__in=("under_review", "suspended", "completed")) | all_in)
        return super().awaiting(actor, role)
