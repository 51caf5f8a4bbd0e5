"""Tables of announcements: the announcement, its editions, and who has read which."""

from .announcement import CODES, TEXTS, Announcement
from .written import Acknowledgement, Edition

__all__ = ["CODES", "TEXTS", "Acknowledgement", "Announcement", "Edition"]
