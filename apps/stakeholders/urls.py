"""Addresses of stakeholders, below /stakeholders/."""

from django.urls import include, path

from apps.stakeholders.views import record as views

app_name = "stakeholders"

urlpatterns = [
    path("", views.StakeholderList.as_view(), name="list"),
    path("new/", views.StakeholderNew.as_view(), name="new"),
    path("like/", views.NamesLike.as_view(), name="like"),
    path("import/", include("apps.stakeholders.urls_import")),
    path("", include("apps.stakeholders.urls_presence")),
    path("export/", views.StakeholderExport.as_view(), name="export"),
    path("preview/", views.StakeholderAudiencePreview.as_view(), name="preview"),
    path("share/", views.StakeholderShareMany.as_view(), name="share-many"),
    path("<uuid:uuid>/", views.StakeholderDetail.as_view(), name="detail"),
    path("<uuid:uuid>/edit/<slug:step>/", views.StakeholderEdit.as_view(), name="edit"),
    path("<uuid:uuid>/transitions/<slug:name>/", views.StakeholderTransition.as_view(), name="transition"),
    path("<uuid:uuid>/relations/", views.RelationAdd.as_view(), name="relate"),
    path("<uuid:uuid>/history/", views.StakeholderHistory.as_view(), name="history"),
    path("<uuid:uuid>/share/", views.StakeholderShare.as_view(), name="share"),
    path("<uuid:uuid>/reads/", views.StakeholderReads.as_view(), name="reads"),
    path("<uuid:uuid>/still/", views.StakeholderStill.as_view(), name="still"),
    path("<uuid:uuid>/print/", views.StakeholderPrint.as_view(), name="print"),
    path("<uuid:uuid>/pdf/", views.StakeholderPdf.as_view(), name="pdf"),
    path("<uuid:uuid>/comments/", views.StakeholderCommentAdd.as_view(), name="comment"),
    path("<uuid:uuid>/links/", views.StakeholderLinkAdd.as_view(), name="link"),
    path("<uuid:uuid>/attachments/", views.StakeholderAttachmentAdd.as_view(), name="attach"),
    path(
        "<uuid:uuid>/attachments/<uuid:attachment>/",
        views.StakeholderAttachmentDownload.as_view(),
        name="attachment",
    ),
]
