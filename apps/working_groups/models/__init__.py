"""Tables of groups, meetings and decisions; what hangs on a record is never wider than it, and some of it narrower."""

from .decision import Decision
from .group import Body, LeadRule, Member, StandingItem, TermsOfReference, WorkingGroup
from .meeting import (
    Admitted,
    AgendaItem,
    Amendment,
    Attendance,
    Correction,
    Meeting,
    Outcome,
    Series,
)

__all__ = [
    "Admitted",
    "AgendaItem",
    "Amendment",
    "Attendance",
    "Body",
    "Correction",
    "Decision",
    "LeadRule",
    "Meeting",
    "Member",
    "Outcome",
    "Series",
    "StandingItem",
    "TermsOfReference",
    "WorkingGroup",
]
