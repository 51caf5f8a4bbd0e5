"""What the people of the demo mission were told of its past: told by the relay, and read long ago but for the last days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from apps.mission.models import Holding, Mission
from apps.need_to_know.acting import acting_as
from apps.notifications.models import Notification
from apps.notifications.relay import relay_drain
from apps.records.actors import NoActor

NEW = timedelta(days=2)
_SECONDS = 600.0


def tell_all(missions: Iterable[Mission], now: datetime) -> int:
    """Tell everything that happened; how many events. What happened before the last days was read at the time.

    Mail goes out only for what still needs somebody, as after any long stop.
    """
    told = relay_drain(_SECONDS)
    for mission in missions:
        held = Holding.objects.current().filter(position__mission=mission).select_related("person")
        for person in {holding.person_id: holding.person for holding in held}.values():
            try:
                with acting_as(person, mission):
                    Notification.objects.filter(at__lt=now - NEW, read_at=None).update(read_at=now - NEW)
            except NoActor:
                continue
    return told
