"""Addresses of requests for information, below /information-requests/."""

from django.urls import path

from apps.information_requests import views

app_name = "information_requests"

urlpatterns = [
    path("", views.InformationRequestList.as_view(), name="list"),
    path("new/", views.InformationRequestNew.as_view(), name="new"),
    path("export/", views.InformationRequestExport.as_view(), name="export"),
    path("preview/", views.InformationRequestAudiencePreview.as_view(), name="preview"),
    path("share/", views.InformationRequestShareMany.as_view(), name="share-many"),
    path("<uuid:uuid>/", views.InformationRequestDetail.as_view(), name="detail"),
    path("<uuid:uuid>/edit/<slug:step>/", views.InformationRequestEdit.as_view(), name="edit"),
    path(
        "<uuid:uuid>/transitions/<slug:name>/",
        views.InformationRequestTransition.as_view(),
        name="transition",
    ),
    path("<uuid:uuid>/answer/", views.AnswerDraft.as_view(), name="answer"),
    path("<uuid:uuid>/history/", views.InformationRequestHistory.as_view(), name="history"),
    path("<uuid:uuid>/share/", views.InformationRequestShare.as_view(), name="share"),
    path("<uuid:uuid>/reads/", views.InformationRequestReads.as_view(), name="reads"),
    path("<uuid:uuid>/still/", views.InformationRequestStill.as_view(), name="still"),
    path("<uuid:uuid>/print/", views.InformationRequestPrint.as_view(), name="print"),
    path("<uuid:uuid>/pdf/", views.InformationRequestPdf.as_view(), name="pdf"),
    path("<uuid:uuid>/comments/", views.InformationRequestCommentAdd.as_view(), name="comment"),
    path("<uuid:uuid>/links/", views.InformationRequestLinkAdd.as_view(), name="link"),
    path("<uuid:uuid>/attachments/", views.InformationRequestAttachmentAdd.as_view(), name="attach"),
    path(
        "<uuid:uuid>/attachments/<uuid:attachment>/",
        views.InformationRequestAttachmentDownload.as_view(),
        name="attachment",
    ),
]
