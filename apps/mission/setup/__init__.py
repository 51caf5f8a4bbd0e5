"""The pages at /setup/: administrators edit the mission's structure. No record is ever registered here."""

from .mandates import register_mandates
from .people import register_people
from .places import register_places
from .positions import register_positions
from .protocols import register_protocols
from .site import SetupSite
from .structure import register_structure
from .terms import register_terms

site = SetupSite()
register_structure(site)
register_places(site)
register_positions(site)
register_people(site)
register_mandates(site)
register_protocols(site)
register_terms(site)

__all__ = ["site"]
