"""Addresses of joint plans, below /joint-plans/."""

from django.urls import path

from apps.joint_plans import following, views
from apps.joint_plans.views import resources

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
    path(
        "<uuid:uuid>/parts/<uuid:item>/resources/", resources.PartResources.as_view(), name="part-resources"
    ),
    path("<uuid:uuid>/conflicts/", resources.PlanConflicts.as_view(), name="conflicts"),
    path("resources/", resources.Resources.as_view(), name="resources"),
    path("resources/new/", resources.ResourceNew.as_view(), name="resource-new"),
    path("resources/asked/", resources.AskedOfMine.as_view(), name="asked"),
    path("resources/asked/<uuid:item>/", resources.PromisePage.as_view(), name="promise"),
    path("resources/<uuid:item>/", resources.ResourceChange.as_view(), name="resource-change"),
    path("raise/action-point/", resources.ActivityActionPointNew.as_view(), name="raise-action-point"),
    path("raise/meeting/", resources.ActivityMeetingNew.as_view(), name="raise-meeting"),
    path("<uuid:uuid>/versions/", views.PlanVersions.as_view(), name="versions"),
    path("<uuid:uuid>/played-in/", views.PlayedIn.as_view(), name="play"),
    path("<uuid:uuid>/timeline/", views.PlanTimeline.as_view(), name="timeline"),
    path("<uuid:uuid>/timeline/print/", views.PlanTimelinePrint.as_view(), name="timeline-print"),
    path("<uuid:uuid>/timeline/export/", views.PlanTimelineExport.as_view(), name="timeline-export"),
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
    path("<uuid:uuid>/branch/", views.JointPlanFollow.as_view(relation=following.BRANCH), name="branch"),
    path("<uuid:uuid>/sequel/", views.JointPlanFollow.as_view(relation=following.SEQUEL), name="sequel"),
    path("<uuid:uuid>/comments/", views.JointPlanCommentAdd.as_view(), name="comment"),
    path("<uuid:uuid>/links/", views.JointPlanLinkAdd.as_view(), name="link"),
    path("<uuid:uuid>/attachments/", views.JointPlanAttachmentAdd.as_view(), name="attach"),
    path(
        "<uuid:uuid>/attachments/<uuid:attachment>/",
        views.JointPlanAttachmentDownload.as_view(),
        name="attachment",
    ),
]
