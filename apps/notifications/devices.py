"""The browsers that take push messages for a person: adding, listing, removing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext as _

from apps.notifications import outbound, push
from apps.notifications.models import PushDevice
from apps.records import clock
from apps.records.actors import Actor

#: A person's newest devices; older ones are forgotten.
DEVICES_MOST = 5
_ENDPOINT_MOST = 1000
# What a browser says of itself -> its name. Most say several names; the first that is found is its own.
_BROWSERS = {
    "Edg/": "Edge", "EdgA/": "Edge", "OPR/": "Opera", "SamsungBrowser/": "Samsung Internet", "Firefox/": "Firefox",
    "Chrome/": "Chrome", "Safari/": "Safari",
}  # fmt: skip
_SYSTEMS = {
    "Android": "Android", "iPhone": "iPhone", "iPad": "iPad", "Windows": "Windows", "CrOS": "ChromeOS",
    "Mac OS": "macOS", "Linux": "Linux",
}  # fmt: skip


@dataclass(frozen=True)
class Listed:
    """A device as its person sees it; by `mark` a browser finds itself in the list."""

    device: PushDevice
    mark: str


def push_context(request: HttpRequest) -> dict[str, Any]:
    """What `notifications/_push.html` needs: the portal's key and the person's devices; nothing where push is off."""
    if not push.enabled() or not request.user.is_authenticated:
        return {"push": None}
    devices = PushDevice.objects.filter(person_id=request.user.pk)
    listed = [Listed(device, hashlib.sha256(device.endpoint.encode()).hexdigest()[:16]) for device in devices]
    return {"push": {"key": push.public_key(), "devices": listed}}


def device_add(actor: Actor, *, endpoint: str, key: str, secret: str, agent: str = "") -> PushDevice:
    """Send the person's push messages to this browser, and nobody else's who used it before.

    `endpoint`, `key` and `secret` are of the browser's subscription; `agent` is what it calls itself. ValidationError
    for what no browser would give. Whether the endpoint may be reached is asked each time something is sent.
    """
    assert actor.user_id is not None
    if len(endpoint) > _ENDPOINT_MOST or not outbound.is_well_formed(endpoint):
        raise ValidationError({"endpoint": _("This is no address of a push service.")})
    try:
        push.browser_key(key)
        fits = len(push.bytes_of(secret)) == 16
    except ValueError:
        fits = False
    if not fits:
        raise ValidationError({"key": _("These are no keys of a push subscription.")})
    device, _made = PushDevice.objects.update_or_create(
        endpoint=endpoint,
        defaults={
            "person_id": actor.user_id, "key": key.rstrip("="), "secret": secret.rstrip("="),
            "name": device_name(agent), "added_at": clock.now(),
        },
    )  # fmt: skip
    kept = PushDevice.objects.filter(person_id=actor.user_id).values_list("pk", flat=True)[:DEVICES_MOST]
    PushDevice.objects.filter(person_id=actor.user_id).exclude(pk__in=list(kept)).delete()
    return device


def device_remove(actor: Actor, *, uuid: UUID) -> bool:
    """Send nothing more to one of the person's own devices; whether there was such a one."""
    removed, _by_model = PushDevice.objects.filter(person_id=actor.user_id, uuid=uuid).delete()
    return bool(removed)


def device_name(agent: str) -> str:
    """By which name a person knows the browser again."""
    browser = next((name for sign, name in _BROWSERS.items() if sign in agent), "")
    system = next((name for sign, name in _SYSTEMS.items() if sign in agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("Unknown browser")
