"""Application configuration of `accounts`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Wires `accounts` into Django."""

    name = "apps.accounts"
    verbose_name = _("Accounts")
