"""The mission's structure: who exists, where, in which position. No record and no content lives here."""

from .organisations import Component, Organisation, Sector
from .places import Area
from .positions import (
    Compartment,
    DecisionAuthority,
    Holding,
    LeadTime,
    Position,
    PositionRole,
    VocabularyTerm,
)
from .structure import Mission, PrincipalOwner

__all__ = [
    "Area",
    "Compartment",
    "Component",
    "DecisionAuthority",
    "Holding",
    "LeadTime",
    "Mission",
    "Organisation",
    "Position",
    "PositionRole",
    "PrincipalOwner",
    "Sector",
    "VocabularyTerm",
]
