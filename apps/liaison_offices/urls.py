"""Addresses of liaison offices, links and the matrix, below /liaison-offices/."""

from django.urls import path

from apps.liaison_offices.views import liaison
from apps.liaison_offices.views import office as views

app_name = "liaison_offices"

urlpatterns = [
    path("", views.OfficeList.as_view(), name="list"),
    path("new/", views.OfficeNew.as_view(), name="new"),
    path("matrix/", liaison.MatrixPage.as_view(), name="matrix"),
    path("who-to-call/", liaison.WhoToCall.as_view(), name="who-to-call"),
    path("between/new/", liaison.LinkNew.as_view(), name="between-new"),
    path("between/<uuid:pair>/", liaison.LinkEdit.as_view(), name="between"),
    path("export/", views.OfficeExport.as_view(), name="export"),
    path("preview/", views.OfficeAudiencePreview.as_view(), name="preview"),
    path("share/", views.OfficeShareMany.as_view(), name="share-many"),
    path("<uuid:uuid>/", views.OfficeDetail.as_view(), name="detail"),
    path("<uuid:uuid>/edit/<slug:step>/", views.OfficeEdit.as_view(), name="edit"),
    path("<uuid:uuid>/transitions/<slug:name>/", views.OfficeTransition.as_view(), name="transition"),
    path("<uuid:uuid>/hosts/", views.OfficeHost.as_view(), name="name"),
    path("<uuid:uuid>/history/", views.OfficeHistory.as_view(), name="history"),
    path("<uuid:uuid>/share/", views.OfficeShare.as_view(), name="share"),
    path("<uuid:uuid>/reads/", views.OfficeReads.as_view(), name="reads"),
    path("<uuid:uuid>/still/", views.OfficeStill.as_view(), name="still"),
    path("<uuid:uuid>/print/", views.OfficePrint.as_view(), name="print"),
    path("<uuid:uuid>/pdf/", views.OfficePdf.as_view(), name="pdf"),
    path("<uuid:uuid>/comments/", views.OfficeCommentAdd.as_view(), name="comment"),
    path("<uuid:uuid>/links/", views.OfficeLinkAdd.as_view(), name="link"),
    path("<uuid:uuid>/attachments/", views.OfficeAttachmentAdd.as_view(), name="attach"),
    path(
        "<uuid:uuid>/attachments/<uuid:attachment>/",
        views.OfficeAttachmentDownload.as_view(),
        name="attachment",
    ),
]
