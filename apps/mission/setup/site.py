"""Django's admin, cut down to structure: no groups, permissions, passwords, links to other content."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import resolve_url
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect

from apps.mission.setup.access import administered
from apps.mission.setup.protocols import notices

#: The order in which an administrator builds a mission.
_ORDER = (
    "Mission", "Area", "Component", "Sector", "Organisation", "Compartment", "Position", "User",
    "FilingMandate", "DecisionAuthority", "LeadTime", "ClockRule", "InformationDesk", "Register", "LiaisonRule",
    "LeadRule", "PlanRule", "ProjectRule", "ProjectCriterion", "ProductTemplate",
    "VocabularyTerm", "DataType", "SharingProtocol", "DefaultFrequency", "Webhook",
)  # fmt: skip

#: SECURITY: the portal signs in, out and changes passwords elsewhere, with throttles and a second factor;
#: `view_on_site` leads to any object of any table.
_CLOSED = {"login", "logout", "password_change", "password_change_done", "view_on_site"}


class SetupSite(admin.AdminSite):
    """The set-up of missions."""

    site_title = _("Mission set-up")
    site_header = _("Mission set-up")
    index_title = _("Mission set-up")
    empty_value_display = "–"
    final_catch_all_view = False

    def has_permission(self, request: HttpRequest) -> bool:
        """Administrators of some mission, and superusers (who make the first one)."""
        return bool(administered(request)) or (request.user.is_active and request.user.is_superuser)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        """Let administrators in; ask the anonymous to sign in; refuse everybody else."""

        def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path(), resolve_url("account_login"))
            if not self.has_permission(request):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        kept = inner if cacheable else never_cache(inner)
        return update_wrapper(csrf_protect(kept), view)

    def get_urls(self) -> list[Any]:
        """The admin's addresses without those that the portal has better elsewhere."""
        return [url for url in super().get_urls() if getattr(url, "name", None) not in _CLOSED]

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """The front page, with what is due on the missions' protocols."""
        said = {"protocol_notices": notices(administered(request)), **(extra_context or {})}
        return super().index(request, said)

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """One list, in the order of building a mission."""
        found = super().get_app_list(request, app_label)
        models = [model for app in found for model in app["models"]]
        if not models:
            return []
        models.sort(key=lambda model: _ORDER.index(model["object_name"]))
        home = next((app for app in found if app["app_label"] == "mission"), found[0])
        return [{**home, "name": _("Structure"), "models": models}]
