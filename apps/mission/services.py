"""What is done to people in positions. Structure itself is edited through forms."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from apps.accounts.models import User
from apps.accounts.services import invite
from apps.mission.models import Holding, Position
from apps.mission.vocabulary import Capacity


@transaction.atomic
def person_invite(
    request: HttpRequest,
    *,
    position: Position,
    email: str,
    name: str,
    language: str,
    starts: datetime,
    until: datetime | None = None,
    capacity: str = Capacity.HOLDER,
    edits_structure: bool = False,
) -> User:
    """Put somebody in a position, with an account and an invitation if they have none yet.

    For a known address the account stays as it is, whatever the other arguments say, and nothing tells so.
    Raises ValidationError for the inviting person's own address.
    """
    person = User.objects.filter(email__iexact=email).first()
    if person is not None and person.pk == request.user.pk:
        # SECURITY: an administrator reads no records; giving oneself a position would be the way around.
        raise ValidationError({"email": _("Another administrator must put you in a position.")})
    if person is None:
        person = User.objects.create_user(
            email, None, name=name, language=language, is_staff=edits_structure,
            time_zone=position.mission.time_zone,
        )  # fmt: skip
    holding = Holding(position=position, person=person, capacity=capacity, starts=starts, until=until)
    holding.full_clean()
    holding.save()
    invite(request, person)
    return person
