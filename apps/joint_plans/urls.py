"""Addresses of joint plans, below /joint-plans/."""

from django.urls import path

from apps.joint_plans import views

app_name = "joint_plans"

urlpatterns = [
    path("", views.JointPlanList.as_view(), name="list"),
    path("new/", views.JointPlanNew.as_view(), name="new"),
    path("export/", views.JointPlanExport.as_view(), name="export"),
    path("preview/", views.JointPlanAudiencePreview.as_view(), name="preview"),
    path("share/", views.JointPlanShareMany.as_view(), name="share-many"),
    path("<uuid:uuid>/", views.JointPlanDetail.as_view(), name="detail"),
    path("<uuid:uuid>/edit/<slug:step>/", views.JointPlanEdit.as_view(), name="edit"),
    path("<uuid:uuid>/transitions/<slug:name>/", views.JointPlanTransition.as_view(), name="transition"),
    path("<uuid:uuid>/parts/", views.PlanParts.as_view(), name="parts"),
    path("<uuid:uuid>/parts/new/", views.PartNew.as_view(), name="part-new"),
    path("<uuid:uuid>/parts/<uuid:item>/", views.PartPage.as_view(), name="part"),
    path("<uuid:uuid>/parts/<uuid:item>/change/", views.PartChange.as_view(), name="part-change"),
    path("<uuid:uuid>/versions/", views.PlanVersions.as_view(), name="versions"),
    path("<uuid:uuid>/project/criteria/", views.ProjectCriteria.as_view(), name="project-criteria"),
    path("<uuid:uuid>/project/duplication/", views.ProjectDuplication.as_view(), name="project-duplication"),
    path(
        "<uuid:uuid>/project/instalments/<uuid:item>/",
        views.ProjectInstalment.as_view(),
        name="project-instalment",
    ),
    path("<uuid:uuid>/project/visits/new/", views.ProjectVisit.as_view(), name="project-visit"),
    path("<uuid:uuid>/project/report/", views.ProjectReport.as_view(), name="project-report"),
    path("<uuid:uuid>/history/", views.JointPlanHistory.as_view(), name="history"),
    path("<uuid:uuid>/share/", views.JointPlanShare.as_view(), name="share"),
    path("<uuid:uuid>/reads/", views.JointPlanReads.as_view(), name="reads"),
    path("<uuid:uuid>/still/", views.JointPlanStill.as_view(), name="still"),
    path("<uuid:uuid>/print/", views.JointPlanPrint.as_view(), name="print"),
    path("<uuid:uuid>/pdf/", views.JointPlanPdf.as_view(), name="pdf"),
    path("<uuid:uuid>/comments/", views.JointPlanCommentAdd.as_view(), name="comment"),
    path("<uuid:uuid>/links/", views.JointPlanLinkAdd.as_view(), name="link"),
    path("<uuid:uuid>/attachments/", views.JointPlanAttachmentAdd.as_view(), name="attach"),
    path(
        "<uuid:uuid>/attachments/<uuid:attachment>/",
        views.JointPlanAttachmentDownload.as_view(),
        name="attachment",
    ),
]
