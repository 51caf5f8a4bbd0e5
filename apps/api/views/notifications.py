"""What the caller is told, how, and what they follow: one's own and nobody else's."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from apps.api.codes import CodeField
from apps.api.idempotency import Written, once
from apps.api.operations import Operation, query
from apps.api.paging import paged_serializer
from apps.api.serializers import Moment
from apps.api.views.attached import StrictSerializer
from apps.api.views.base import Endpoint
from apps.api.views.newest import NewestFirst, place_parameter
from apps.mission.models import Area, Organisation
from apps.notifications import inbox, subscriptions
from apps.notifications.models.preferences import HOURS, WEEKDAYS
from apps.notifications.preferences import CHOSEN, frequency_for
from apps.notifications.services import (
    notification_read,
    notifications_read,
    preference_of,
    preference_save,
    subscription_end,
    subscription_set,
)
from apps.notifications.vocabulary import Frequency, Kind, Reason
from apps.records.models import Record
from apps.records.registry import all_types

UNREAD, REASON = "unread", "reason"


class NotificationSerializer(serializers.Serializer[Any]):
    """Something you were told. Of what you may not read any more: `id`, `at`, `read`, and `available` false."""

    id = serializers.UUIDField(source="uuid")
    at = Moment()
    read = serializers.BooleanField(source="is_read")
    available = serializers.BooleanField()
    reason = serializers.ChoiceField(choices=Reason.choices, required=False)
    headline = serializers.CharField(required=False, help_text=_("what happened, in your language"))
    why = serializers.CharField(required=False, help_text=_("why you are told"))
    reference = serializers.CharField(required=False)
    title = serializers.CharField(required=False)
    url = serializers.CharField(required=False, help_text=_("address of the page it leads to"))
    state = serializers.CharField(source="state_code", required=False, allow_null=True)
    due_at = Moment(required=False, allow_null=True)

    def to_representation(self, instance: Any) -> Any:
        """Nothing more than its date of what may not be read any more."""
        said = super().to_representation(instance)
        kept = ("id", "at", "read", "available")
        return said if instance.available else {name: said[name] for name in kept}


class Notifications(NewestFirst):
    """One's own notifications."""

    row, known = NotificationSerializer, (UNREAD, REASON)

    def operations(self) -> dict[str, Operation]:
        """List."""
        unread = query(UNREAD, _("“true”: only what is unread."), choices=["true", "false"])
        reason = query(REASON, _("Why you were told; of what you may still read."), choices=Reason.values)
        return {
            "GET": Operation(
                "notifications", _("List what you were told, the newest first"),
                paged_serializer(NotificationSerializer), parameters=[unread, reason, place_parameter()],
                problems=("invalid",),
            )
        }  # fmt: skip

    def get(self, request: Request) -> Response:
        """A page of them."""
        return self.page(request, self.narrowed(request._request.GET))

    def narrowed(self, given: Any) -> Any:
        """The rows under the filters. ValidationError by parameter."""
        rows, errors = inbox.own(self.actor), {}
        unread, reason = given.get(UNREAD, ""), given.get(REASON, "")
        if unread not in ("", "true", "false"):
            errors[UNREAD] = [_now("This is “true” or “false”.")]
        if reason and reason not in Reason.values:
            errors[REASON] = [_now("One of: %(names)s.") % {"names": ", ".join(Reason.values)}]
        if errors:
            raise ValidationError(errors)
        if reason:
            rows = inbox.with_reasons(rows, frozenset({Reason(reason)}))
        return rows.filter(read_at=None) if unread == "true" else rows

    def shown_rows(self, rows: list[Any]) -> Any:
        """As the caller may see them now."""
        return super().shown_rows(inbox.shown(self.actor, rows))


class NotificationRead(Endpoint):
    """Marking one as read."""

    def operations(self) -> dict[str, Operation]:
        """Mark."""
        return {
            "POST": Operation(
                "notification_read", _("Mark a notification as read"), NotificationSerializer, writes=True,
                problems=("missing",),
            )
        }  # fmt: skip

    @once("shown")
    def post(self, request: Request, told: UUID) -> Written:
        """Mark it."""
        notification_read(self.actor, notification=inbox.own(self.actor).get(uuid=told))
        return Written(200, told)

    def shown(self, request: Request, subject: UUID, told: UUID) -> Response:
        """As it is now."""
        (entry,) = inbox.shown(self.actor, [inbox.own(self.actor).get(uuid=told)])
        return Response(NotificationSerializer(entry).data)


class UnreadSerializer(serializers.Serializer[Any]):
    """How many are still unread; counted up to a hundred."""

    unread = serializers.IntegerField()


class NotificationsReadAll(Endpoint):
    """Marking all as read."""

    def operations(self) -> dict[str, Operation]:
        """Mark."""
        return {
            "POST": Operation(
                "notifications_read_all", _("Mark all notifications as read"), UnreadSerializer, writes=True,
                help=_("Emergencies stay unread until you open them, or mark them one by one."),
            )
        }  # fmt: skip

    @once("shown")
    def post(self, request: Request) -> Written:
        """Mark them."""
        notifications_read(self.actor, rows=inbox.own(self.actor))
        return Written(200)

    def shown(self, request: Request, subject: UUID | None) -> Response:
        """What is left."""
        return Response({"unread": inbox.head_of(self.actor).unread})


def _choice() -> serializers.ChoiceField:
    return serializers.ChoiceField(choices=Frequency.choices, allow_blank=True, required=False)


class InForceSerializer(serializers.Serializer[Any]):
    """How often mail goes out now: your choice, else what is usual for your positions."""

    needs_me = serializers.ChoiceField(choices=Frequency.choices)
    mentions = serializers.ChoiceField(choices=Frequency.choices)
    announcements = serializers.ChoiceField(choices=Frequency.choices)
    part = serializers.ChoiceField(choices=Frequency.choices)
    follow = serializers.ChoiceField(choices=Frequency.choices)


class PreferencesSerializer(StrictSerializer):
    """How you want to be told; an empty choice is what is usual for your positions. Times are of your own zone."""

    mentions, announcements, part, follow = _choice(), _choice(), _choice(), _choice()
    in_force = InForceSerializer(read_only=True)
    digest_hour = serializers.IntegerField(min_value=0, max_value=len(HOURS) - 1, required=False)
    digest_weekday = serializers.IntegerField(
        min_value=0, max_value=len(WEEKDAYS) - 1, required=False, help_text=_("0 is Monday")
    )
    quiet_from = serializers.TimeField(required=False, allow_null=True)
    quiet_until = serializers.TimeField(required=False, allow_null=True)
    away_from = Moment(required=False, allow_null=True)
    away_until = Moment(required=False, allow_null=True)


class NotificationPreferences(Endpoint):
    """How the caller is told."""

    def operations(self) -> dict[str, Operation]:
        """Read and change."""
        return {
            "GET": Operation("notification_preferences", _("Read how you are told"), PreferencesSerializer),
            "PATCH": Operation(
                "notification_preferences_edit", _("Change how you are told"), PreferencesSerializer,
                takes=PreferencesSerializer, writes=True,
                help=_("What needs you, and emergencies, always come at once."),
            ),
        }  # fmt: skip

    def get(self, request: Request) -> Response:
        """As they are."""
        return self.shown(request, None)

    @once("shown")
    def patch(self, request: Request) -> Written:
        """Change those that are named."""
        given = PreferencesSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        preference_save(self.actor, changes=given.validated_data)
        return Written(200)

    def shown(self, request: Request, subject: UUID | None) -> Response:
        """As they are now."""
        user: Any = self.actor.user
        preference: Any = preference_of(user)
        often = frequency_for([user.pk], self.actor.mission.pk)[user.pk]
        preference.in_force = {kind.value: often[kind].value for kind in (Kind.NEEDS_ME, *CHOSEN)}
        return Response(PreferencesSerializer(preference).data)


class FollowedRecordSerializer(serializers.Serializer[Any]):
    """A record that you follow or mute."""

    id = serializers.UUIDField()
    reference = serializers.CharField()
    title = serializers.CharField()
    url = serializers.CharField()


class SubscriptionSerializer(serializers.Serializer[Any]):
    """Something that you follow or mute. Of what you may not know any more it is told only that it is there."""

    id = serializers.CharField(source="key")
    follows = serializers.ChoiceField(source="scope", choices=[(key, key) for key in subscriptions.SCOPES])
    muted = serializers.BooleanField()
    since = Moment()
    available = serializers.BooleanField()
    record = FollowedRecordSerializer(allow_null=True)
    record_type = serializers.CharField(allow_null=True)
    area = serializers.CharField(allow_null=True, help_text=_("P-code; all that lies in it counts"))
    organisation = serializers.CharField(allow_null=True, help_text=_("id of the organisation that files"))

    def to_representation(self, instance: Any) -> Any:
        """The code stands under what it is of."""
        said: dict[str, Any] = {
            "id": instance.key, "follows": instance.scope, "muted": instance.muted,
            "since": Moment().to_representation(instance.since), "available": instance.available,
            "record": None, "record_type": None, "area": None, "organisation": None,
        }  # fmt: skip
        if not instance.available:
            return said
        if instance.scope == "record":
            said["record"] = {
                "id": instance.code, "reference": instance.reference, "title": instance.name, "url": instance.url,
            }  # fmt: skip
        else:
            said["record_type" if instance.scope == "type" else instance.scope] = instance.code
        return said


class SubscriptionsSerializer(serializers.Serializer[Any]):
    """All that you follow or mute, the newest first."""

    results = SubscriptionSerializer(many=True)


class FollowSerializer(StrictSerializer):
    """What to follow or mute: a record, a type, an area with all in it, or what an organisation files; one of them."""

    record = serializers.UUIDField(required=False, help_text=_("id of a record that you can read"))
    record_type = serializers.ChoiceField(
        required=False, choices=[(declared.key, declared.label) for declared in all_types()]
    )
    area = CodeField(model=Area, required=False)
    organisation = CodeField(model=Organisation, required=False)
    muted = serializers.BooleanField(default=False)


class Subscriptions(Endpoint):
    """What the caller follows and mutes."""

    def operations(self) -> dict[str, Operation]:
        """List and add."""
        return {
            "GET": Operation("subscriptions", _("List what you follow and mute"), SubscriptionsSerializer),
            "POST": Operation(
                "follow", _("Follow or mute something"), SubscriptionsSerializer, 201, takes=FollowSerializer,
                writes=True, help=_("What needs you, mentions and emergencies cannot be muted."),
            ),
        }  # fmt: skip

    def get(self, request: Request) -> Response:
        """All of it."""
        return self.shown(request, None)

    @once("shown")
    def post(self, request: Request) -> Written:
        """Follow or mute it, in place of what was chosen for it before."""
        given = FollowSerializer(data=request.data, context=self.context)
        given.is_valid(raise_exception=True)
        values = dict(given.validated_data)
        muted = values.pop("muted")
        if len(values) != 1:
            raise ValidationError(
                _now("Name one thing: a record, a record type, an area or an organisation.")
            )
        ((name, value),) = values.items()
        subscription_set(self.actor, to=self.named(name, value), muted=muted)
        return Written(201)

    def named(self, name: str, value: Any) -> dict[str, Any]:
        """The field of a subscription that names it."""
        if name == "record":
            try:
                return {"record_id": Record.objects.get(uuid=value, mission=self.actor.mission).pk}
            except ObjectDoesNotExist:
                raise ValidationError({name: [_now("There is no such record that you can open.")]}) from None
        if name == "organisation":
            return {"group_id": value.group_id}
        return {"area_id": value.pk} if name == "area" else {name: value}

    def shown(self, request: Request, subject: UUID | None, **_names: Any) -> Response:
        """All of it, as it is now."""
        rows = subscriptions.followed(self.actor)
        return Response({"results": SubscriptionSerializer(rows, many=True).data})


class SubscriptionOne(Subscriptions):
    """One of them."""

    http_method_names = ["delete", "options"]

    def operations(self) -> dict[str, Operation]:
        """End it."""
        return {
            "DELETE": Operation(
                "unfollow", _("Neither follow nor mute it any more; what is left"), SubscriptionsSerializer,
                writes=True, problems=("missing",),
            )
        }  # fmt: skip

    @once("shown")
    def delete(self, request: Request, subscription: str) -> Written:
        """End it."""
        found = subscriptions.by_key(self.actor, subscription)
        if found is None:
            raise ObjectDoesNotExist
        subscription_end(self.actor, subscription=found)
        return Written(200)
