"""Addresses of aid requests, below /aid-requests/."""

from django.urls import path

from apps.aid_requests import views

app_name = "aid_requests"

urlpatterns = [
    path("", views.AidRequestList.as_view(), name="list"),
    path("new/", views.AidRequestNew.as_view(), name="new"),
    path("export/", views.AidRequestExport.as_view(), name="export"),
    path("preview/", views.AidRequestAudiencePreview.as_view(), name="preview"),
    path("share/", views.AidRequestShareMany.as_view(), name="share-many"),
    path("<uuid:uuid>/", views.AidRequestDetail.as_view(), name="detail"),
    path("<uuid:uuid>/edit/<slug:step>/", views.AidRequestEdit.as_view(), name="edit"),
    path("<uuid:uuid>/transitions/<slug:name>/", views.AidRequestTransition.as_view(), name="transition"),
    path("<uuid:uuid>/history/", views.AidRequestHistory.as_view(), name="history"),
    path("<uuid:uuid>/share/", views.AidRequestShare.as_view(), name="share"),
    path("<uuid:uuid>/reads/", views.AidRequestReads.as_view(), name="reads"),
    path("<uuid:uuid>/still/", views.AidRequestStill.as_view(), name="still"),
    path("<uuid:uuid>/print/", views.AidRequestPrint.as_view(), name="print"),
    path("<uuid:uuid>/pdf/", views.AidRequestPdf.as_view(), name="pdf"),
    path("<uuid:uuid>/decision-sheet/", views.DecisionSheet.as_view(), name="decision-sheet"),
    path("<uuid:uuid>/comments/", views.AidRequestCommentAdd.as_view(), name="comment"),
    path("<uuid:uuid>/links/", views.AidRequestLinkAdd.as_view(), name="link"),
    path("<uuid:uuid>/attachments/", views.AidRequestAttachmentAdd.as_view(), name="attach"),
    path(
        "<uuid:uuid>/attachments/<uuid:attachment>/",
        views.AidRequestAttachmentDownload.as_view(),
        name="attachment",
    ),
]
