"""Application configuration of `information_requests`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InformationRequestsConfig(AppConfig):
    """Requests for information, answered by releases."""

    name = "apps.information_requests"
    verbose_name = _("Requests for information")

    def ready(self) -> None:
        """Tell pages which release answers which request, and answer when a release is signed."""
        from apps.information_requests import answering, setup
        from apps.information_requests.models import Answer
        from apps.mission.setup import site
        from apps.records.connections import Connection, register_connection
        from apps.releases.signing import when_signed

        register_connection(
            Connection("answer", Answer, "request", "release", _("is answered by"), _("is the answer to"))
        )
        when_signed(answering.on_signature)
        setup.register(site)
