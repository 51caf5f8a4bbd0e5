"""A liaison officer with a mandate, and complete requests filed under it."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from apps.aid_requests.models import AidRequest, CargoLine, CivilianAlternative
from apps.mission.models import FilingMandate
from apps.mission.vocabulary import RequestKind, Role
from apps.records.services import record_file
from tests.factories.aid_requests import complete_values, take
from tests.factories.canary import canary
from tests.factories.staff import Staff


def mandate_give(
    staff: Staff, by: str = "lno", of: str = "ngo", *, starts: datetime | None = None, until: datetime | None = None
) -> FilingMandate:  # fmt: skip
    """A mandate of a post for an organisation, in force since yesterday unless told otherwise."""
    return FilingMandate.objects.create(
        mission=staff.mission, position=staff.positions[by], organisation=staff.organisations[of],
        starts=starts or timezone.now() - timedelta(days=1), until=until, agreed_with="Its director, in writing",
    )  # fmt: skip


def liaison_make(staff: Staff, *, of: str = "ngo") -> FilingMandate:
    """A liaison officer of the mission's civilian side, `lno`, who holds a mandate for an organisation."""
    staff.post("lno", "support", Role.CIMIC)
    return mandate_give(staff, of=of)


def filed_for(staff: Staff, *, by: str = "lno", of: str = "ngo", **changes: Any) -> AidRequest:
    """A complete draft, filed by a post for an organisation."""
    with staff.acting(by) as actor:
        request: AidRequest = record_file(
            actor, record=AidRequest(**complete_values(staff, RequestKind.MCDA, **changes)),
            position=staff.positions[by], originator=staff.organisations[of],
        )  # fmt: skip
        CargoLine.objects.create(
            request=request, item=canary("item"), quantity=Decimal("2"), weight_mt=Decimal("1")
        )
        CivilianAlternative.objects.create(
            request=request, option=staff.terms["alternative"], result="too_late", evidence=canary("evidence")
        )
    return request


def submitted(staff: Staff, **label: Any) -> AidRequest:
    """The same, submitted by the liaison officer."""
    return take(staff, filed_for(staff, **label), "lno", "submit")
