"""Addresses of this room: /access/, /audit/ and /protocol/."""

from django.urls import path

from apps.access.views import asking, auditing, deciding, emergencies, protocol

app_name = "access"

urlpatterns = [
    path("access/", asking.Mine.as_view(), name="mine"),
    path("access/ask/", asking.Ask.as_view(), name="ask"),
    path("access/asked/<uuid:asked>/", asking.Asked.as_view(), name="asked"),
    path("access/asked/<uuid:asked>/withdraw/", asking.Withdraw.as_view(), name="withdraw"),
    path("access/requests/", deciding.ToDecide.as_view(), name="deciding"),
    path("access/requests/<uuid:asked>/", deciding.Decide.as_view(), name="decide"),
    path("access/emergency/", emergencies.Emergency.as_view(), name="emergency"),
    path("access/emergency/<uuid:use>/", emergencies.Review.as_view(), name="review"),
    path("audit/", auditing.Reads.as_view(), name="audit"),
    path("audit/export/", auditing.ReadsExport.as_view(), name="audit-export"),
    path("audit/emergencies/", auditing.Emergencies.as_view(), name="audit-emergencies"),
    path("audit/requests/", auditing.Requests.as_view(), name="audit-requests"),
    path("audit/chains/", auditing.Chains.as_view(), name="audit-chains"),
    path("protocol/", protocol.Protocol.as_view(), name="protocol"),
    path("protocol/<uuid:protocol>/", protocol.Protocol.as_view(), name="protocol-version"),
]
