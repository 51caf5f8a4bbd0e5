"""Addresses of lessons, below /lessons/."""

from django.urls import path

from apps.lessons import views

app_name = "lessons"

urlpatterns = [
    path("", views.LessonList.as_view(), name="list"),
    path("new/", views.LessonNew.as_view(), name="new"),
    path("export/", views.LessonExport.as_view(), name="export"),
    path("preview/", views.LessonAudiencePreview.as_view(), name="preview"),
    path("share/", views.LessonShareMany.as_view(), name="share-many"),
    path("<uuid:uuid>/", views.LessonDetail.as_view(), name="detail"),
    path("<uuid:uuid>/edit/<slug:step>/", views.LessonEdit.as_view(), name="edit"),
    path(
        "<uuid:uuid>/transitions/<slug:name>/",
        views.LessonTransition.as_view(),
        name="transition",
    ),
    path("<uuid:uuid>/history/", views.LessonHistory.as_view(), name="history"),
    path("<uuid:uuid>/share/", views.LessonShare.as_view(), name="share"),
    path("<uuid:uuid>/reads/", views.LessonReads.as_view(), name="reads"),
    path("<uuid:uuid>/still/", views.LessonStill.as_view(), name="still"),
    path("<uuid:uuid>/print/", views.LessonPrint.as_view(), name="print"),
    path("<uuid:uuid>/pdf/", views.LessonPdf.as_view(), name="pdf"),
    path("<uuid:uuid>/comments/", views.LessonCommentAdd.as_view(), name="comment"),
    path("<uuid:uuid>/links/", views.LessonLinkAdd.as_view(), name="link"),
    path("<uuid:uuid>/attachments/", views.LessonAttachmentAdd.as_view(), name="attach"),
    path(
        "<uuid:uuid>/attachments/<uuid:attachment>/",
        views.LessonAttachmentDownload.as_view(),
        name="attachment",
    ),
]
