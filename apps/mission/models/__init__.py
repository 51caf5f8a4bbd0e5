"""The mission's structure: who exists, where, in which position. No record and no content lives here."""

from .handover import Handover
from .organisations import Component, Organisation, Sector
from .places import Area
from .positions import (
    Compartment,
    DecisionAuthority,
    FilingMandate,
    Holding,
    LeadTime,
    Position,
    PositionRole,
    VocabularyTerm,
)
from .protocol import DataType, DefaultLabel, ProtocolLine, SharingProtocol
from .structure import Mission, PrincipalOwner

__all__ = [
    "Area",
    "Compartment",
    "Component",
    "DataType",
    "DecisionAuthority",
    "DefaultLabel",
    "FilingMandate",
    "Handover",
    "Holding",
    "LeadTime",
    "Mission",
    "Organisation",
    "Position",
    "PositionRole",
    "PrincipalOwner",
    "ProtocolLine",
    "Sector",
    "SharingProtocol",
    "VocabularyTerm",
]
