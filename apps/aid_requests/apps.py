"""Application configuration of `aid_requests`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AidRequestsConfig(AppConfig):
    """Aid requests from draft to closed."""

    name = "apps.aid_requests"
    verbose_name = _("Aid requests")

    def ready(self) -> None:
        """Say from which requests one writes a lesson: from those that are closed."""
        from apps.lessons import teaching

        teaching.teaches(
            "aid_request", ("closed", "closed_unconfirmed", "closed_civil", "declined", "expired")
        )
