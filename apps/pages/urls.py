"""Addresses of the pages room: references, names and saved views. Pages of a record type stand in its own app."""

from django.urls import path

from apps.pages.views import own

app_name = "pages"

urlpatterns = [
    path("r/<str:reference>/", own.ByReference.as_view(), name="reference"),
    path("names/", own.NamesLike.as_view(), name="names"),
    path("views/<slug:plural>/new/", own.SavedViewNew.as_view(), name="view-new"),
    path("views/<uuid:uuid>/delete/", own.SavedViewDelete.as_view(), name="view-delete"),
]
