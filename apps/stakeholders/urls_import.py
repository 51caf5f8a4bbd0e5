"""Addresses of imports, below /stakeholders/import/."""

from django.urls import path

from apps.stakeholders.views import importing as views

urlpatterns = [
    path("", views.ImportNew.as_view(), name="import"),
    path("<uuid:run>/", views.ImportShow.as_view(), name="import-run"),
    path("<uuid:run>/progress/", views.ImportProgress.as_view(), name="import-progress"),
    path("<uuid:run>/answers/", views.ImportAnswers.as_view(), name="import-answers"),
    path("<uuid:run>/confirm/", views.ImportConfirm.as_view(), name="import-confirm"),
    path("<uuid:run>/discard/", views.ImportDiscard.as_view(), name="import-discard"),
    path("<uuid:run>/again/", views.ImportAgain.as_view(), name="import-again"),
]
