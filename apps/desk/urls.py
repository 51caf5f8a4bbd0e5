"""Addresses of the desk."""

from django.urls import path

from apps.desk import views

app_name = "desk"

urlpatterns = [
    path("", views.Desk.as_view(), name="home"),
    path("missions/<slug:code>/", views.ChooseMission.as_view(), name="mission"),
]
