"""Addresses of decisions, below /decisions/."""

from django.urls import path

from apps.working_groups.views import decision as views

app_name = "decisions"

urlpatterns = [
    path("", views.DecisionList.as_view(), name="list"),
    path("new/", views.DecisionNew.as_view(), name="new"),
    path("export/", views.DecisionExport.as_view(), name="export"),
    path("preview/", views.DecisionAudiencePreview.as_view(), name="preview"),
    path("share/", views.DecisionShareMany.as_view(), name="share-many"),
    path("<uuid:uuid>/", views.DecisionDetail.as_view(), name="detail"),
    path("<uuid:uuid>/edit/<slug:step>/", views.DecisionEdit.as_view(), name="edit"),
    path("<uuid:uuid>/transitions/<slug:name>/", views.DecisionTransition.as_view(), name="transition"),
    path("<uuid:uuid>/history/", views.DecisionHistory.as_view(), name="history"),
    path("<uuid:uuid>/share/", views.DecisionShare.as_view(), name="share"),
    path("<uuid:uuid>/reads/", views.DecisionReads.as_view(), name="reads"),
    path("<uuid:uuid>/still/", views.DecisionStill.as_view(), name="still"),
    path("<uuid:uuid>/print/", views.DecisionPrint.as_view(), name="print"),
    path("<uuid:uuid>/pdf/", views.DecisionPdf.as_view(), name="pdf"),
    path("<uuid:uuid>/comments/", views.DecisionCommentAdd.as_view(), name="comment"),
    path("<uuid:uuid>/links/", views.DecisionLinkAdd.as_view(), name="link"),
    path("<uuid:uuid>/attachments/", views.DecisionAttachmentAdd.as_view(), name="attach"),
    path(
        "<uuid:uuid>/attachments/<uuid:attachment>/",
        views.DecisionAttachmentDownload.as_view(),
        name="attachment",
    ),
]
