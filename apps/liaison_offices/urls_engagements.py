"""Addresses of engagements, below /engagements/."""

from django.urls import path

from apps.liaison_offices.views import engagement as views
from apps.liaison_offices.views.becoming import FollowUpBecomes

app_name = "engagements"

urlpatterns = [
    path("", views.EngagementList.as_view(), name="list"),
    path("new/", views.EngagementNew.as_view(), name="new"),
    path("export/", views.EngagementExport.as_view(), name="export"),
    path("preview/", views.EngagementAudiencePreview.as_view(), name="preview"),
    path("share/", views.EngagementShareMany.as_view(), name="share-many"),
    path("<uuid:uuid>/", views.EngagementDetail.as_view(), name="detail"),
    path("<uuid:uuid>/edit/<slug:step>/", views.EngagementEdit.as_view(), name="edit"),
    path("<uuid:uuid>/transitions/<slug:name>/", views.EngagementTransition.as_view(), name="transition"),
    path("<uuid:uuid>/counterparts/", views.EngagementCounterparts.as_view(), name="name"),
    path("<uuid:uuid>/follow-ups/<uuid:row>/action-point/", FollowUpBecomes.as_view(), name="action-point"),
    path("<uuid:uuid>/history/", views.EngagementHistory.as_view(), name="history"),
    path("<uuid:uuid>/share/", views.EngagementShare.as_view(), name="share"),
    path("<uuid:uuid>/reads/", views.EngagementReads.as_view(), name="reads"),
    path("<uuid:uuid>/still/", views.EngagementStill.as_view(), name="still"),
    path("<uuid:uuid>/print/", views.EngagementPrint.as_view(), name="print"),
    path("<uuid:uuid>/pdf/", views.EngagementPdf.as_view(), name="pdf"),
    path("<uuid:uuid>/comments/", views.EngagementCommentAdd.as_view(), name="comment"),
    path("<uuid:uuid>/links/", views.EngagementLinkAdd.as_view(), name="link"),
    path("<uuid:uuid>/attachments/", views.EngagementAttachmentAdd.as_view(), name="attach"),
    path(
        "<uuid:uuid>/attachments/<uuid:attachment>/",
        views.EngagementAttachmentDownload.as_view(),
        name="attachment",
    ),
]
