"""Addresses of this room: /notifications/ and /operations/."""

from django.urls import path

from apps.notifications import urls_push
from apps.notifications.views import calendars, following, inbox, operating, preferring, unsubscribing

app_name = "notifications"

urlpatterns = [
    path("notifications/", inbox.Inbox.as_view(), name="inbox"),
    path("notifications/head/", inbox.Head.as_view(), name="head"),
    path("notifications/read/", inbox.ReadAll.as_view(), name="read-all"),
    path("notifications/<uuid:told>/open/", inbox.Open.as_view(), name="open"),
    path("notifications/<uuid:told>/read/", inbox.Read.as_view(), name="read"),
    path("notifications/follow/<uuid:uuid>/", following.Follow.as_view(), name="follow"),
    path("notifications/preferences/", preferring.Preferences.as_view(), name="preferences"),
    path("notifications/followed/<slug:subscription>/", preferring.Unfollow.as_view(), name="unfollow"),
    path("notifications/unsubscribe/<str:token>/", unsubscribing.Unsubscribe.as_view(), name="unsubscribe"),
    path("notifications/calendars/", calendars.Calendars.as_view(), name="calendars"),
    path(
        "notifications/calendars/<uuid:device>/revoke/",
        calendars.CalendarRevoke.as_view(),
        name="calendar-revoke",
    ),
    path("operations/", operating.Operations.as_view(), name="operations"),
    path("operations/retry/", operating.Retry.as_view(), name="retry"),
    path("operations/bounced/", operating.ClearBounce.as_view(), name="bounced"),
    *urls_push.urlpatterns,
]
