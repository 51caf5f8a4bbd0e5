"""Addresses of releases, below /releases/."""

from django.urls import path

from apps.releases import views

app_name = "releases"

urlpatterns = [
    path("", views.ReleaseList.as_view(), name="list"),
    path("new/", views.ReleaseNew.as_view(), name="new"),
    path("export/", views.ReleaseExport.as_view(), name="export"),
    path("preview/", views.ReleaseAudiencePreview.as_view(), name="preview"),
    path("share/", views.ReleaseShareMany.as_view(), name="share-many"),
    path("from/<uuid:uuid>/", views.ReleaseDraw.as_view(), name="draw"),
    path("<uuid:uuid>/", views.ReleaseDetail.as_view(), name="detail"),
    path("<uuid:uuid>/edit/<slug:step>/", views.ReleaseEdit.as_view(), name="edit"),
    path("<uuid:uuid>/transitions/<slug:name>/", views.ReleaseTransition.as_view(), name="transition"),
    path("<uuid:uuid>/history/", views.ReleaseHistory.as_view(), name="history"),
    path("<uuid:uuid>/share/", views.ReleaseShare.as_view(), name="share"),
    path("<uuid:uuid>/reads/", views.ReleaseReads.as_view(), name="reads"),
    path("<uuid:uuid>/still/", views.ReleaseStill.as_view(), name="still"),
    path("<uuid:uuid>/print/", views.ReleasePrint.as_view(), name="print"),
    path("<uuid:uuid>/pdf/", views.ReleasePdf.as_view(), name="pdf"),
    path("<uuid:uuid>/sources/", views.SourceAdd.as_view(), name="source"),
    path("<uuid:uuid>/comments/", views.ReleaseCommentAdd.as_view(), name="comment"),
    path("<uuid:uuid>/links/", views.ReleaseLinkAdd.as_view(), name="link"),
    path("<uuid:uuid>/attachments/", views.ReleaseAttachmentAdd.as_view(), name="attach"),
    path(
        "<uuid:uuid>/attachments/<uuid:attachment>/",
        views.ReleaseAttachmentDownload.as_view(),
        name="attachment",
    ),
]
