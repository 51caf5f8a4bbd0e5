"""Application configuration of `aid_requests`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AidRequestsConfig(AppConfig):
    """Aid requests from draft to closed."""

    name = "apps.aid_requests"
    verbose_name = _("Aid requests")
