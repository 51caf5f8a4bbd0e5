"""Addresses of announcements, below /announcements/."""

from django.urls import path

from apps.announcements import views

app_name = "announcements"

urlpatterns = [
    path("", views.AnnouncementList.as_view(), name="list"),
    path("new/", views.AnnouncementNew.as_view(), name="new"),
    path("export/", views.AnnouncementExport.as_view(), name="export"),
    path("preview/", views.AnnouncementAudiencePreview.as_view(), name="preview"),
    path("share/", views.AnnouncementShareMany.as_view(), name="share-many"),
    path("<uuid:uuid>/", views.AnnouncementDetail.as_view(), name="detail"),
    path("<uuid:uuid>/edit/<slug:step>/", views.AnnouncementEdit.as_view(), name="edit"),
    path("<uuid:uuid>/transitions/<slug:name>/", views.AnnouncementTransition.as_view(), name="transition"),
    path("<uuid:uuid>/acknowledge/", views.Acknowledge.as_view(), name="acknowledge"),
    path("<uuid:uuid>/acknowledgements/", views.Acknowledgements.as_view(), name="acknowledgements"),
    path("<uuid:uuid>/cap/", views.CapFile.as_view(), name="cap"),
    path("<uuid:uuid>/history/", views.AnnouncementHistory.as_view(), name="history"),
    path("<uuid:uuid>/share/", views.AnnouncementShare.as_view(), name="share"),
    path("<uuid:uuid>/reads/", views.AnnouncementReads.as_view(), name="reads"),
    path("<uuid:uuid>/still/", views.AnnouncementStill.as_view(), name="still"),
    path("<uuid:uuid>/print/", views.AnnouncementPrint.as_view(), name="print"),
    path("<uuid:uuid>/pdf/", views.AnnouncementPdf.as_view(), name="pdf"),
    path("<uuid:uuid>/comments/", views.AnnouncementCommentAdd.as_view(), name="comment"),
    path("<uuid:uuid>/links/", views.AnnouncementLinkAdd.as_view(), name="link"),
    path("<uuid:uuid>/attachments/", views.AnnouncementAttachmentAdd.as_view(), name="attach"),
    path(
        "<uuid:uuid>/attachments/<uuid:attachment>/",
        views.AnnouncementAttachmentDownload.as_view(),
        name="attachment",
    ),
]
