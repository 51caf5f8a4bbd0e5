"""Every address of the portal starts here. Pages are listed in the apps' own `urls`."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from apps.mission import setup
from apps.notifications.views.calendars import Feed
from apps.notifications.views.push import ServiceWorker
from cimic_portal import health

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    # WHY: a service worker serves what lies below its own address.
    path("sw.js", ServiceWorker.as_view(), name="service-worker"),
    path("calendar/<str:token>.ics", Feed.as_view(), name="calendar-feed"),
    path("accounts/", include("apps.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    path("api/v1/", include("apps.api.urls")),
    path("releases/", include("apps.releases.urls")),
    path("stakeholders/", include("apps.stakeholders.urls")),
    path("action-points/", include("apps.action_points.urls")),
    path("liaison-offices/", include("apps.liaison_offices.urls")),
    path("engagements/", include("apps.liaison_offices.urls_engagements")),
    path("working-groups/", include("apps.working_groups.urls")),
    path("meetings/", include("apps.working_groups.urls_meetings")),
    path("decisions/", include("apps.working_groups.urls_decisions")),
    path("joc-products/", include("apps.joc_products.urls")),
    path("lessons/", include("apps.lessons.urls")),
    path("joint-plans/", include("apps.joint_plans.urls")),
    path("announcements/", include("apps.announcements.urls")),
    path("aid-requests/", include("apps.aid_requests.urls")),
    path("information-requests/", include("apps.information_requests.urls")),
    path("setup/", setup.site.urls),
    path("", include("apps.access.urls")),
    path("", include("apps.notifications.urls")),
    path("", include("apps.desk.urls")),
    path("", include("apps.pages.urls")),
]

handler500 = "cimic_portal.errors.server_error"
