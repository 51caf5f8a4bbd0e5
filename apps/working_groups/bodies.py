"""Groups as readers: how they are named, and who may name them when sharing."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from apps.need_to_know.principals import Named, PrincipalKind, register_kind
from apps.working_groups.models import Body


def _names(groups: Iterable[int]) -> Named:
    """Names of those whose record the actor reads; of the others none."""
    found: Named = {}
    for body in Body.objects.filter(group_id__in=list(groups)).select_related("record"):
        title = body.record.title
        if body.part == Body.Part.MEMBERS:
            title = _now("%(group)s (members alone)") % {"group": title}
        found[body.group_id] = (title, None)
    return found


register_kind(
    PrincipalKind("group", _("working group"), Body, _names, searched=("record__title", "record__reference"))
)
