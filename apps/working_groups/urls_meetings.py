"""Addresses of meetings, below /meetings/."""

from django.urls import path

from apps.working_groups.views import agenda, attendance, capture, minutes
from apps.working_groups.views import meeting as views

app_name = "meetings"

urlpatterns = [
    path("", views.MeetingList.as_view(), name="list"),
    path("new/", views.MeetingNew.as_view(), name="new"),
    path("export/", views.MeetingExport.as_view(), name="export"),
    path("preview/", views.MeetingAudiencePreview.as_view(), name="preview"),
    path("share/", views.MeetingShareMany.as_view(), name="share-many"),
    path("<uuid:uuid>/", views.MeetingDetail.as_view(), name="detail"),
    path("<uuid:uuid>/edit/<slug:step>/", views.MeetingEdit.as_view(), name="edit"),
    path("<uuid:uuid>/transitions/<slug:name>/", views.MeetingTransition.as_view(), name="transition"),
    path("<uuid:uuid>/history/", views.MeetingHistory.as_view(), name="history"),
    path("<uuid:uuid>/share/", views.MeetingShare.as_view(), name="share"),
    path("<uuid:uuid>/reads/", views.MeetingReads.as_view(), name="reads"),
    path("<uuid:uuid>/still/", views.MeetingStill.as_view(), name="still"),
    path("<uuid:uuid>/print/", views.MeetingPrint.as_view(), name="print"),
    path("<uuid:uuid>/pdf/", views.MeetingPdf.as_view(), name="pdf"),
    path("<uuid:uuid>/comments/", views.MeetingCommentAdd.as_view(), name="comment"),
    path("<uuid:uuid>/links/", views.MeetingLinkAdd.as_view(), name="link"),
    path("<uuid:uuid>/attachments/", views.MeetingAttachmentAdd.as_view(), name="attach"),
    path(
        "<uuid:uuid>/attachments/<uuid:attachment>/",
        views.MeetingAttachmentDownload.as_view(),
        name="attachment",
    ),
    path("<uuid:uuid>/attendance/", attendance.MeetingAttendance.as_view(), name="attendance"),
    path("<uuid:uuid>/minutes/", minutes.MeetingMinutes.as_view(), name="minutes"),
    path("<uuid:uuid>/minutes/state/", minutes.MinutesState.as_view(), name="minutes-state"),
    path("<uuid:uuid>/minutes/summary/", minutes.SummarySave.as_view(), name="summary"),
    path("<uuid:uuid>/items/<uuid:item>/minute/", minutes.MinuteSave.as_view(), name="minute"),
    path("<uuid:uuid>/agenda/", agenda.MeetingAgenda.as_view(), name="agenda"),
    path("<uuid:uuid>/agenda/<uuid:item>/", agenda.MeetingAgendaItem.as_view(), name="agenda-item"),
    path("<uuid:uuid>/decide/", capture.MeetingDecide.as_view(), name="decide"),
    path("<uuid:uuid>/assign/", capture.MeetingAssign.as_view(), name="assign"),
]
