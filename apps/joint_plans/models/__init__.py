"""Tables of joint plans. A part is never wider than its plan, and may be narrower; so are its earlier versions."""

from .parts import Activity, Assumption, DecisionPoint, Indicator, Part, Reading, Risk
from .plan import Concurrence, Contributor, JointPlan, PlanRule
from .projects import (
    CriterionAnswer,
    DuplicationCheck,
    Funding,
    Instalment,
    MonitoringVisit,
    Project,
    ProjectCriterion,
    ProjectRule,
)
from .versions import PartVersion, PlanVersion

__all__ = [
    "Activity",
    "Assumption",
    "Concurrence",
    "Contributor",
    "CriterionAnswer",
    "DecisionPoint",
    "DuplicationCheck",
    "Funding",
    "Indicator",
    "Instalment",
    "JointPlan",
    "MonitoringVisit",
    "Part",
    "PartVersion",
    "PlanRule",
    "PlanVersion",
    "Project",
    "ProjectCriterion",
    "ProjectRule",
    "Reading",
    "Risk",
]
