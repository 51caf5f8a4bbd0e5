"""Addresses of groups, below /working-groups/."""

from django.urls import path

from apps.working_groups.views import calling
from apps.working_groups.views import group as views

app_name = "working_groups"

urlpatterns = [
    path("", views.GroupList.as_view(), name="list"),
    path("new/", views.GroupNew.as_view(), name="new"),
    path("export/", views.GroupExport.as_view(), name="export"),
    path("preview/", views.GroupAudiencePreview.as_view(), name="preview"),
    path("share/", views.GroupShareMany.as_view(), name="share-many"),
    path("<uuid:uuid>/", views.GroupDetail.as_view(), name="detail"),
    path("<uuid:uuid>/edit/<slug:step>/", views.GroupEdit.as_view(), name="edit"),
    path("<uuid:uuid>/transitions/<slug:name>/", views.GroupTransition.as_view(), name="transition"),
    path("<uuid:uuid>/call/", calling.GroupCall.as_view(), name="call"),
    path("<uuid:uuid>/call/preview/", calling.GroupCallPreview.as_view(), name="call-preview"),
    path("<uuid:uuid>/series/", calling.GroupSeries.as_view(), name="series"),
    path("<uuid:uuid>/series/<uuid:row>/", calling.GroupSeries.as_view(), name="series-change"),
    path("<uuid:uuid>/series/<uuid:row>/stop/", calling.GroupSeriesStop.as_view(), name="series-stop"),
    path("<uuid:uuid>/history/", views.GroupHistory.as_view(), name="history"),
    path("<uuid:uuid>/share/", views.GroupShare.as_view(), name="share"),
    path("<uuid:uuid>/reads/", views.GroupReads.as_view(), name="reads"),
    path("<uuid:uuid>/still/", views.GroupStill.as_view(), name="still"),
    path("<uuid:uuid>/print/", views.GroupPrint.as_view(), name="print"),
    path("<uuid:uuid>/pdf/", views.GroupPdf.as_view(), name="pdf"),
    path("<uuid:uuid>/comments/", views.GroupCommentAdd.as_view(), name="comment"),
    path("<uuid:uuid>/links/", views.GroupLinkAdd.as_view(), name="link"),
    path("<uuid:uuid>/attachments/", views.GroupAttachmentAdd.as_view(), name="attach"),
    path(
        "<uuid:uuid>/attachments/<uuid:attachment>/",
        views.GroupAttachmentDownload.as_view(),
        name="attachment",
    ),
]
