"""Tables of announcements: the announcement, its editions, who has read which, and who may announce."""

from .announcement import CODES, TEXTS, Announcement
from .setting import IssuingRules
from .written import Acknowledgement, Edition

__all__ = ["CODES", "TEXTS", "Acknowledgement", "Announcement", "Edition", "IssuingRules"]
