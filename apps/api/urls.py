"""Addresses of the API. Those of record types are made from the registry: a new type has them all at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.urls import URLPattern, URLResolver, include, path, re_path

from apps.announcements.record import AnnouncementType
from apps.api.apart import children_apart
from apps.api.views.access import AccessDecision, AccessRequests, AccessToDecide, AccessWithdrawal
from apps.api.views.announcements import Acknowledgements, CapMessage
from apps.api.views.apart import RowApart, RowsApartAll
from apps.api.views.asked import Asked, AskedAnswer, AskedOne
from apps.api.views.attached import AttachmentContent, Attachments, Links, Timeline
from apps.api.views.comments import Comments
from apps.api.views.emergencies import Emergencies, EmergenciesToReview, EmergencyReview
from apps.api.views.joc import ProductCorrection, ProductNext
from apps.api.views.liaison import LiaisonMatrix, LinkOne, Named, WhoToCall
from apps.api.views.liaison import Links as LiaisonLinks
from apps.api.views.notifications import (
    NotificationPreferences,
    NotificationRead,
    Notifications,
    NotificationsReadAll,
    SubscriptionOne,
    Subscriptions,
)
from apps.api.views.oversight import AuditReads, Protocol
from apps.api.views.part_resources import PartResourceRelease, PartResources
from apps.api.views.plan_parts import PartMove, PartOutcome, PartProgress, PartReadings
from apps.api.views.plans import PlanDifference, PlanVersionOne, PlanVersions
from apps.api.views.presence import PresenceAll, PresenceOverlaps, PresenceRow, PresenceRows
from apps.api.views.presence_points import PresencePoints
from apps.api.views.reads import Reads
from apps.api.views.records import RecordOne, Records
from apps.api.views.reference import Nothing, Reference, Schema
from apps.api.views.resources import ResourceOne, ResourcesAll
from apps.api.views.search import RecordSearch
from apps.api.views.sharing import AudiencePreview, GrantHistory, Grants
from apps.api.views.sources import Sources
from apps.api.views.steps import Steps, StepTaken
from apps.api.views.structure import STRUCTURE, Entrance, Me
from apps.joc_products.record import JocProductType
from apps.joint_plans.record import JointPlanType
from apps.liaison_offices.record import EngagementType, LiaisonOfficeType
from apps.records.registry import Child, RecordType, all_types
from apps.releases.record import ReleaseType
from apps.stakeholders.record import StakeholderType

app_name = "api"


def type_urls(record_type: type[RecordType]) -> list[URLPattern]:
    """The addresses of one record type."""

    def of(view: Any) -> Any:
        return view.as_view(record_type=record_type)

    return [
        path("", of(Records), name="list"),
        path("<uuid:uuid>/", of(RecordOne), name="detail"),
        path("<uuid:uuid>/transitions/", of(Steps), name="transitions"),
        path("<uuid:uuid>/transitions/<slug:name>/", of(StepTaken), name="transition"),
        path("<uuid:uuid>/grants/", of(Grants), name="grants"),
        path("<uuid:uuid>/grants/history/", of(GrantHistory), name="grant-history"),
        path("<uuid:uuid>/reads/", of(Reads), name="reads"),
        path("<uuid:uuid>/audience-preview/", of(AudiencePreview), name="audience-preview"),
        path("<uuid:uuid>/comments/", of(Comments), name="comments"),
        path("<uuid:uuid>/attachments/", of(Attachments), name="attachments"),
        path("<uuid:uuid>/attachments/<uuid:attachment>/", of(AttachmentContent), name="attachment"),
        path("<uuid:uuid>/links/", of(Links), name="links"),
        path("<uuid:uuid>/timeline/", of(Timeline), name="timeline"),
        *([path("<uuid:uuid>/sources/", of(Sources), name="sources")] if record_type is ReleaseType else []),
        *(announcement_urls(of) if record_type is AnnouncementType else []),
        *([path("<uuid:uuid>/hosts/", of(Named), name="named")] if record_type is LiaisonOfficeType else []),
        *(
            [path("<uuid:uuid>/counterparts/", of(Named), name="named")]
            if record_type is EngagementType
            else []
        ),
        *(stakeholder_urls(of) if record_type is StakeholderType else []),
        *(product_urls(of) if record_type is JocProductType else []),
        *(plan_urls(of) if record_type is JointPlanType else []),
        *(address for child in children_apart(record_type) for address in apart_urls(record_type, child)),
    ]


def apart_urls(record_type: type[RecordType], child: Child) -> list[URLPattern]:
    """The addresses of a child table whose rows stand apart from the record."""
    rows = f"<uuid:uuid>/{child.key.replace('_', '-')}/"
    return [
        path(rows, RowsApartAll.as_view(record_type=record_type, key=child.key), name=child.key),
        path(f"{rows}<uuid:item>/", RowApart.as_view(record_type=record_type, key=child.key), name=f"{child.key}-one"),
    ]  # fmt: skip


def announcement_urls(of: Callable[[Any], Any]) -> list[URLPattern]:
    """What announcements have beside that."""
    return [
        path("<uuid:uuid>/acknowledgements/", of(Acknowledgements), name="acknowledgements"),
        path("<uuid:uuid>/cap/", of(CapMessage), name="cap"),
    ]


def product_urls(of: Callable[[Any], Any]) -> list[URLPattern]:
    """What JOC products have beside that."""
    return [
        path("<uuid:uuid>/next/", of(ProductNext), name="next"),
        path("<uuid:uuid>/correction/", of(ProductCorrection), name="correction"),
    ]


def plan_urls(of: Callable[[Any], Any]) -> list[URLPattern]:
    """What joint plans have beside that and their parts."""
    return [
        path("<uuid:uuid>/versions/", of(PlanVersions), name="versions"),
        path("<uuid:uuid>/versions/<int:number>/", of(PlanVersionOne), name="version"),
        path("<uuid:uuid>/versions/<int:number>/difference/", of(PlanDifference), name="difference"),
        path("<uuid:uuid>/parts/<uuid:item>/progress/", of(PartProgress), name="parts-progress"),
        path("<uuid:uuid>/parts/<uuid:item>/outcome/", of(PartOutcome), name="parts-outcome"),
        path("<uuid:uuid>/parts/<uuid:item>/move/", of(PartMove), name="parts-move"),
        path("<uuid:uuid>/parts/<uuid:item>/readings/", of(PartReadings), name="parts-readings"),
        path("<uuid:uuid>/parts/<uuid:item>/resources/", of(PartResources), name="parts-resources"),
        path(
            "<uuid:uuid>/parts/<uuid:item>/resources/<uuid:promise>/release/",
            of(PartResourceRelease),
            name="parts-resources-release",
        ),
    ]


def stakeholder_urls(of: Callable[[Any], Any]) -> list[URLPattern]:
    """What stakeholders have beside that."""
    return [
        path("<uuid:uuid>/presence/", of(PresenceRows), name="presence"),
        path("<uuid:uuid>/presence/<uuid:row>/", of(PresenceRow), name="presence-row"),
    ]


urlpatterns: list[URLPattern | URLResolver] = [
    path("", Entrance.as_view(), name="index"),
    path("me/", Me.as_view(), name="me"),
    path("search/", RecordSearch.as_view(), name="search"),
    path("access-requests/", AccessRequests.as_view(), name="access-requests"),
    path("access-requests/to-decide/", AccessToDecide.as_view(), name="access-to-decide"),
    path("access-requests/<uuid:asked>/decision/", AccessDecision.as_view(), name="access-decision"),
    path("access-requests/<uuid:asked>/withdrawal/", AccessWithdrawal.as_view(), name="access-withdrawal"),
    path("emergency-accesses/", Emergencies.as_view(), name="emergency-accesses"),
    path("emergency-accesses/to-review/", EmergenciesToReview.as_view(), name="emergencies-to-review"),
    path("emergency-accesses/<uuid:use>/review/", EmergencyReview.as_view(), name="emergency-review"),
    path("notifications/", Notifications.as_view(), name="notifications"),
    path("notifications/read-all/", NotificationsReadAll.as_view(), name="notifications-read-all"),
    path("notifications/preferences/", NotificationPreferences.as_view(), name="notification-preferences"),
    path("notifications/<uuid:told>/read/", NotificationRead.as_view(), name="notification-read"),
    path("subscriptions/", Subscriptions.as_view(), name="subscriptions"),
    path("subscriptions/<slug:subscription>/", SubscriptionOne.as_view(), name="subscription"),
    path("audit/reads/", AuditReads.as_view(), name="audit-reads"),
    path("presence/", PresenceAll.as_view(), name="presence"),
    path("presence/overlaps/", PresenceOverlaps.as_view(), name="presence-overlaps"),
    path("presence.geojson", PresencePoints.as_view(), name="presence-points"),
    path("protocol/", Protocol.as_view(), name="protocol"),
    path("liaison-links/", LiaisonLinks.as_view(), name="liaison-links"),
    path("liaison-links/<uuid:pair>/", LinkOne.as_view(), name="liaison-link"),
    path("liaison-matrix/", LiaisonMatrix.as_view(), name="liaison-matrix"),
    path("resources/", ResourcesAll.as_view(), name="resources"),
    path("resources/<uuid:resource>/", ResourceOne.as_view(), name="resource"),
    path("resources/asked/", Asked.as_view(), name="resources-asked"),
    path("resources/asked/<uuid:promise>/", AskedOne.as_view(), name="resource-asked"),
    path("resources/asked/<uuid:promise>/answer/", AskedAnswer.as_view(), name="resource-answer"),
    path("who-to-call/", WhoToCall.as_view(), name="who-to-call"),
    path("schema/", Schema.as_view(), name="schema"),
    path("docs/", Reference.as_view(), name="reference"),
    *(path(f"{name}/", view.as_view(), name=name) for name, view in STRUCTURE.items()),
    *(path(f"{t.plural}/", include((type_urls(t), app_name), namespace=t.key)) for t in all_types()),
    # WHY: a line break in an address must not lead past this to the pages' answer.
    re_path(r"^[\s\S]*\Z", Nothing.as_view(), name="nothing"),
]
