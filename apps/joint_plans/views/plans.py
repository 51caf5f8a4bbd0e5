"""Pages of joint plans: the portal's own record pages bound to this type."""

from __future__ import annotations

from typing import Any, ClassVar
from uuid import UUID

from apps.joint_plans import on_paper, shown
from apps.joint_plans.record import JointPlanType
from apps.pages import views
from apps.pages.names import Names
from apps.records.registry import RecordType
from apps.records.workflow import Transition


class JointPlanList(views.RecordList):
    """The list people work from."""

    record_type: ClassVar[type[RecordType]] = JointPlanType


class JointPlanNew(views.RecordNew):
    """Starting a plan."""

    record_type: ClassVar[type[RecordType]] = JointPlanType


class JointPlanEdit(views.RecordEdit):
    """One step of the form."""

    record_type: ClassVar[type[RecordType]] = JointPlanType


class JointPlanHistory(views.RecordHistory):
    """All that happened."""

    record_type: ClassVar[type[RecordType]] = JointPlanType


class JointPlanShare(views.RecordShare):
    """Who reads it, and who is given the right."""

    record_type: ClassVar[type[RecordType]] = JointPlanType


class JointPlanShareMany(views.ShareMany):
    """Sharing all that the list shows."""

    record_type: ClassVar[type[RecordType]] = JointPlanType


class JointPlanReads(views.RecordReads):
    """Who read it."""

    record_type: ClassVar[type[RecordType]] = JointPlanType


class JointPlanStill(views.RecordStill):
    """Whether an open page may still show it."""

    record_type: ClassVar[type[RecordType]] = JointPlanType


class JointPlanExport(views.RecordExport):
    """The list as a file."""

    record_type: ClassVar[type[RecordType]] = JointPlanType


class JointPlanAudiencePreview(views.AudiencePreview):
    """Who would read it under a label not saved yet."""

    record_type: ClassVar[type[RecordType]] = JointPlanType


class JointPlanCommentAdd(views.CommentAdd):
    """A comment."""

    record_type: ClassVar[type[RecordType]] = JointPlanType


class JointPlanAttachmentAdd(views.AttachmentAdd):
    """A file, added."""

    record_type: ClassVar[type[RecordType]] = JointPlanType


class JointPlanAttachmentDownload(views.AttachmentDownload):
    """A file, read."""

    record_type: ClassVar[type[RecordType]] = JointPlanType


class JointPlanLinkAdd(views.LinkAdd):
    """A link to another record."""

    record_type: ClassVar[type[RecordType]] = JointPlanType


class JointPlanDetail(views.RecordDetail):
    """The plan: what for, its parts, who concurs with which version."""

    record_type: ClassVar[type[RecordType]] = JointPlanType

    def more(self, record: Any, contents: Any, names: Names) -> dict[str, Any]:
        """The parts, the answers, the versions."""
        return shown.page(self.actor, record, contents, names)

    def arranged(self, record: Any, context: dict[str, Any]) -> list[dict[str, Any]]:
        """What the plan is, its parts, who takes part."""
        return shown.in_order(context["sections"], context["parts"], record)

    def template(self) -> str:
        """The generic page with the plan's own parts."""
        return "joint_plans/detail.html"


class OnPaper(views.RecordPrint):
    """What print and PDF have in common: the parts stand on paper, under the label of the highest of them."""

    record_type: ClassVar[type[RecordType]] = JointPlanType

    def record_or_404(self, uuid: UUID, **options: Any) -> Any:
        """The plan as it is labelled on paper."""
        return on_paper.labelled(super().record_or_404(uuid, **options))

    def context_of(self, record: Any) -> dict[str, Any]:
        """The record's sheet with the plan's parts in it."""
        context = super().context_of(record)
        parts = on_paper.sections(record, Names(self.actor))
        return {**context, "sections": shown.in_order(context["sections"], parts, record)}


class JointPlanPrint(OnPaper):
    """The plan on paper."""


class JointPlanPdf(OnPaper, views.RecordPdf):
    """The plan as PDF."""


class JointPlanTransition(views.RecordTransition):
    """A step of the workflow. An answer looks at the version that circulates and not at the record's."""

    record_type: ClassVar[type[RecordType]] = JointPlanType

    def expected(self, step: Transition) -> int | None:
        """Organisations that answer at once do not stop each other."""
        return None if step.name in ("answer", "check_duplication") else super().expected(step)

    def template(self) -> str:
        """The generic page with what is decided on."""
        return "joint_plans/transition.html"

    def more(self, record: Any, step: Transition) -> dict[str, Any]:
        """Who concurs, and what changed since."""
        return shown.step(self.actor, record, step)
