"""Addresses of push messages, among those of this room."""

from django.urls import path

from apps.notifications.views import push

urlpatterns = [
    path("notifications/push/add/", push.DeviceAdd.as_view(), name="push-add"),
    path("notifications/push/<uuid:device>/remove/", push.DeviceRemove.as_view(), name="push-remove"),
    path("notifications/<uuid:told>/push/", push.PushText.as_view(), name="push-text"),
]
