"""Addresses of the desk."""

from django.urls import path

from apps.desk import searching, views
from apps.desk.handover import views as handover

app_name = "desk"

urlpatterns = [
    path("", views.Desk.as_view(), name="home"),
    path("search/", searching.SearchPage.as_view(), name="search"),
    path("missions/<slug:code>/", views.ChooseMission.as_view(), name="mission"),
    path("positions/", handover.MyPositions.as_view(), name="positions"),
    path("positions/<uuid:position>/", handover.PositionWork.as_view(), name="position"),
    path("positions/<uuid:position>/handover/", handover.HandOver.as_view(), name="hand_over"),
    path(
        "positions/<uuid:position>/handover/cancel/",
        handover.CancelHandover.as_view(),
        name="cancel_handover",
    ),
    path("positions/<uuid:position>/substitute/", handover.NameSubstitute.as_view(), name="substitute"),
]
