"""Tables of joint plans. A part is never wider than its plan, and may be narrower; so are its earlier versions."""

from .parts import Activity, Assumption, DecisionPoint, Indicator, Part, Reading, Risk
from .plan import Concurrence, Contributor, JointPlan, PlanRule
from .play import Play
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
from .resources import PartLink, Promise, Resource
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
    "PartLink",
    "PartVersion",
    "PlanRule",
    "PlanVersion",
    "Play",
    "Project",
    "ProjectCriterion",
    "ProjectRule",
    "Promise",
    "Reading",
    "Resource",
    "Risk",
]
