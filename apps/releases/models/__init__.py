"""Tables of releases: the release, what it is drawn from, and who signed it under which label."""

from .derivation import Derivation, Signature
from .release import Release

__all__ = ["Derivation", "Release", "Signature"]
