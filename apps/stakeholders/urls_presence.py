"""Addresses of presence, below /stakeholders/."""

from django.urls import path

from apps.stakeholders.views import presence as views

urlpatterns = [
    path("presence/", views.PresenceList.as_view(), name="presence"),
    path("presence/export/", views.PresenceExport.as_view(), name="presence-export"),
    path("presence/summary/", views.PresenceSummary.as_view(), name="presence-summary"),
    path("overlaps/", views.Overlaps.as_view(), name="overlaps"),
    path("<uuid:uuid>/presence/", views.PresenceOf.as_view(), name="presence-of"),
    path("<uuid:uuid>/presence/new/", views.PresenceNew.as_view(), name="presence-new"),
    path("<uuid:uuid>/presence/<uuid:row>/", views.PresenceEdit.as_view(), name="presence-edit"),
]
