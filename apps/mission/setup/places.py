"""Set-up pages of areas, and the import of a table of P-codes with a preview."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from apps.mission.area_import import (
    Outcome,
    RefusedRows,
    UnreadableTable,
    import_apply,
    import_plan,
    read_table,
)
from apps.mission.area_import.table import MOST_BYTES
from apps.mission.models import Area, Mission
from apps.mission.setup.access import administered
from apps.mission.setup.base import MissionFilter, StructureAdmin

_KEPT_SECONDS = 3600
_SHOWN_ROWS = 500


class ImportForm(forms.Form):
    """A table, and the mission that it is for."""

    mission = forms.ModelChoiceField(
        queryset=Mission.objects.none(), label=gettext_lazy("Mission"), empty_label=None
    )
    file = forms.FileField(
        label=gettext_lazy("Table"),
        help_text=gettext_lazy("CSV with P-codes, HXL-tagged or plain, of any country; levels 0 to 4."),
    )

    def __init__(self, *args: Any, missions: list[Mission], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["mission"]
        assert isinstance(choice, forms.ModelChoiceField)
        choice.queryset = Mission.objects.filter(pk__in=[mission.pk for mission in missions])

    def clean_file(self) -> bytes:
        """The content; refused if it cannot be read as a table of areas."""
        file: UploadedFile = self.cleaned_data["file"]
        content = file.read(MOST_BYTES + 1)
        try:
            read_table(content)
        except UnreadableTable as error:
            raise forms.ValidationError(str(error)) from error
        return content


class AreaAdmin(StructureAdmin):
    """Areas with their P-codes."""

    list_display = ("pcode", "name", "level", "parent", "valid_to")
    list_filter = (MissionFilter, "level")
    list_select_related = ("parent",)
    search_fields = ("pcode", "name")
    autocomplete_fields = ("parent",)
    change_list_template = "admin/mission/area/change_list.html"

    def get_urls(self) -> list[URLPattern]:
        """The list, the form, and the import."""
        own = [path("import/", self.admin_site.admin_view(self.import_view), name="mission_area_import")]
        return own + super().get_urls()

    def import_view(self, request: HttpRequest) -> HttpResponse:
        """Ask for a table; show what each row would do; do it when confirmed."""
        if request.method == "POST" and "kept" in request.POST:
            return self._confirmed(request)
        form = ImportForm(request.POST or None, request.FILES or None, missions=administered(request))
        if request.method != "POST" or not form.is_valid():
            status = 422 if form.is_bound else 200
            return self._page(request, "import.html", status, form=form)
        key = secrets.token_urlsafe(24)
        mission, content = form.cleaned_data["mission"], form.cleaned_data["file"]
        cache.set(_kept(request, key), (mission.pk, content), _KEPT_SECONDS)
        return self._preview(request, key, mission, content)

    def _confirmed(self, request: HttpRequest) -> HttpResponse:
        key = request.POST["kept"]
        found = cache.get(_kept(request, key))
        mission = next((each for each in administered(request) if found and each.pk == found[0]), None)
        if found is None or mission is None:
            messages.error(request, _("The table is no longer kept. Choose the file again."))
            return redirect(reverse("admin:mission_area_import"))
        table = read_table(found[1])
        try:
            done = import_apply(table, mission, valid_only=request.POST.get("valid_only") == "on")
        except RefusedRows:
            messages.error(
                request, _("Rows are refused. Say that the others shall be imported, or mend the table.")
            )
            return self._preview(request, key, mission, found[1], status=422)
        cache.delete(_kept(request, key))
        text = _(
            "%(created)d areas added, %(updated)d changed, %(unchanged)d as they were, %(refused)d refused."
        )
        counts = {name: getattr(done, name) for name in ("created", "updated", "unchanged", "refused")}
        messages.success(request, text % counts)
        return redirect(reverse("admin:mission_area_changelist"))

    def _preview(
        self, request: HttpRequest, key: str, mission: Mission, content: bytes, status: int = 200
    ) -> HttpResponse:
        plan = import_plan(read_table(content), mission)
        refused = plan.of(Outcome.REFUSED)
        changing = plan.of(Outcome.UPDATED, Outcome.CREATED)
        return self._page(
            request, "import_preview.html", status,
            key=key, into=mission, notes=plan.notes, counts=plan.counts,
            refused=refused[:_SHOWN_ROWS], changing=changing[:_SHOWN_ROWS],
            hidden=max(0, len(refused) - _SHOWN_ROWS) + max(0, len(changing) - _SHOWN_ROWS),
        )  # fmt: skip

    def _page(self, request: HttpRequest, name: str, status: int, **context: Any) -> HttpResponse:
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "title": _("Import areas")}
        return TemplateResponse(request, f"admin/mission/area/{name}", {**shared, **context}, status=status)


def _kept(request: HttpRequest, key: str) -> str:
    """SECURITY: bound to the person, so that nobody confirms a table that somebody else chose."""
    return f"area-import:{request.user.pk}:{key[:64]}"


def register_places(site: admin.AdminSite) -> None:
    """Put these pages on the site."""
    site.register(Area, AreaAdmin)
