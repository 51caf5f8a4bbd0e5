"""Addresses of the desk."""

from django.urls import path

from apps.desk import searching, views

app_name = "desk"

urlpatterns = [
    path("", views.Desk.as_view(), name="home"),
    path("search/", searching.SearchPage.as_view(), name="search"),
    path("missions/<slug:code>/", views.ChooseMission.as_view(), name="mission"),
]
