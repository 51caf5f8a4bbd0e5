"""Tables of requests for information: the request, its assignments, the release that answers, the desk."""

from .desk import InformationDesk
from .request import InformationRequest
from .written import Answer, Assignment

__all__ = ["Answer", "Assignment", "InformationDesk", "InformationRequest"]
