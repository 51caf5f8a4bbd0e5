"""Addresses of action points, below /action-points/."""

from django.urls import path

from apps.action_points import views

app_name = "action_points"

urlpatterns = [
    path("", views.ActionPointList.as_view(), name="list"),
    path("new/", views.ActionPointNew.as_view(), name="new"),
    path("export/", views.ActionPointExport.as_view(), name="export"),
    path("preview/", views.ActionPointAudiencePreview.as_view(), name="preview"),
    path("share/", views.ActionPointShareMany.as_view(), name="share-many"),
    path("<uuid:uuid>/", views.ActionPointDetail.as_view(), name="detail"),
    path("<uuid:uuid>/edit/<slug:step>/", views.ActionPointEdit.as_view(), name="edit"),
    path(
        "<uuid:uuid>/transitions/<slug:name>/",
        views.ActionPointTransition.as_view(),
        name="transition",
    ),
    path("<uuid:uuid>/history/", views.ActionPointHistory.as_view(), name="history"),
    path("<uuid:uuid>/share/", views.ActionPointShare.as_view(), name="share"),
    path("<uuid:uuid>/reads/", views.ActionPointReads.as_view(), name="reads"),
    path("<uuid:uuid>/still/", views.ActionPointStill.as_view(), name="still"),
    path("<uuid:uuid>/print/", views.ActionPointPrint.as_view(), name="print"),
    path("<uuid:uuid>/pdf/", views.ActionPointPdf.as_view(), name="pdf"),
    path("<uuid:uuid>/comments/", views.ActionPointCommentAdd.as_view(), name="comment"),
    path("<uuid:uuid>/links/", views.ActionPointLinkAdd.as_view(), name="link"),
    path("<uuid:uuid>/attachments/", views.ActionPointAttachmentAdd.as_view(), name="attach"),
    path(
        "<uuid:uuid>/attachments/<uuid:attachment>/",
        views.ActionPointAttachmentDownload.as_view(),
        name="attachment",
    ),
]
