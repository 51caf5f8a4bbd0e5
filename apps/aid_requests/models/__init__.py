"""Tables of aid requests: the request, the rows its author edits, and the rows its workflow writes."""

from .lines import CargoLine, CivilianAlternative, HostClearance
from .request import AidRequest
from .written import (
    CivilianProvision,
    Decision,
    Endorsement,
    Extension,
    Feedback,
    InformationAnswer,
    InformationQuery,
    Recommendation,
    SecurityOpinion,
    Tasking,
    Validation,
)

__all__ = [
    "AidRequest",
    "CargoLine",
    "CivilianAlternative",
    "CivilianProvision",
    "Decision",
    "Endorsement",
    "Extension",
    "Feedback",
    "HostClearance",
    "InformationAnswer",
    "InformationQuery",
    "Recommendation",
    "SecurityOpinion",
    "Tasking",
    "Validation",
]
