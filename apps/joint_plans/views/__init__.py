"""Pages of joint plans: the record's own, those of its parts, and those of its versions."""

from .following import JointPlanFollow
from .parts import PartChange, PartNew, PartPage, PlanParts
from .plans import (
    JointPlanAttachmentAdd,
    JointPlanAttachmentDownload,
    JointPlanAudiencePreview,
    JointPlanCommentAdd,
    JointPlanDetail,
    JointPlanEdit,
    JointPlanExport,
    JointPlanHistory,
    JointPlanLinkAdd,
    JointPlanList,
    JointPlanNew,
    JointPlanPdf,
    JointPlanPrint,
    JointPlanReads,
    JointPlanShare,
    JointPlanShareMany,
    JointPlanStill,
    JointPlanTransition,
)
from .playing import PlayedIn
from .projects import ProjectCriteria, ProjectDuplication, ProjectInstalment, ProjectReport, ProjectVisit
from .timeline import PlanTimeline, PlanTimelineExport, PlanTimelinePrint
from .versions import PlanVersions

__all__ = [
    "JointPlanAttachmentAdd",
    "JointPlanAttachmentDownload",
    "JointPlanAudiencePreview",
    "JointPlanCommentAdd",
    "JointPlanDetail",
    "JointPlanEdit",
    "JointPlanExport",
    "JointPlanFollow",
    "JointPlanHistory",
    "JointPlanLinkAdd",
    "JointPlanList",
    "JointPlanNew",
    "JointPlanPdf",
    "JointPlanPrint",
    "JointPlanReads",
    "JointPlanShare",
    "JointPlanShareMany",
    "JointPlanStill",
    "JointPlanTransition",
    "PartChange",
    "PartNew",
    "PartPage",
    "PlanParts",
    "PlanTimeline",
    "PlanTimelineExport",
    "PlanTimelinePrint",
    "PlanVersions",
    "PlayedIn",
    "ProjectCriteria",
    "ProjectDuplication",
    "ProjectInstalment",
    "ProjectReport",
    "ProjectVisit",
]
