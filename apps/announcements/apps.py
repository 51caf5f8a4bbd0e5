"""Application configuration of `announcements`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AnnouncementsConfig(AppConfig):
    """Notices and emergency broadcasts, and who has said that they read them."""

    name = "apps.announcements"
    verbose_name = _("Announcements")
