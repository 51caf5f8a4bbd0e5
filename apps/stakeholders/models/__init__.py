"""Tables of the register; a row under a stakeholder is never wider than the stakeholder's own record."""

from .caveats import Caveat
from .contacts import Contact, Mandate, Person
from .imports import ImportRow, ImportRun
from .presence import Presence
from .relations import Relation, StanceWord
from .stakeholder import Stakeholder

__all__ = [
    "Caveat",
    "Contact",
    "ImportRow",
    "ImportRun",
    "Mandate",
    "Person",
    "Presence",
    "Relation",
    "Stakeholder",
    "StanceWord",
]
