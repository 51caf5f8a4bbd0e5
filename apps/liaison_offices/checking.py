"""What forbids or discourages a link between two organisations that the actor reads both; pages and API ask here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from apps.liaison_offices import rules, selectors
from apps.liaison_offices.models import LiaisonLink
from apps.records.actors import Actor
from apps.stakeholders.models import Stakeholder


@dataclass
class Checked:
    """Field -> what forbids it; and the reason of the rule against it, where it may be saved all the same."""

    errors: dict[str, str] = field(default_factory=dict)
    warning: str = ""


def link_checked(
    actor: Actor, one: Stakeholder, other: Stakeholder, said: Mapping[str, Any], *, but: int | None = None
) -> Checked:
    """Whether two organisations may be linked so. `said`: mode, level, primary and area; `but`: the link itself."""
    found = Checked()
    if one.pk == other.pk:
        found.errors["b"] = _("This is the same organisation. Name another one.")
        return found
    primary, area, mode = said.get("primary"), said.get("area"), str(said.get("mode", ""))
    by_officer = primary is not None and bool(selectors.officers_of([primary.pk]))
    if refusal := rules.stance_refusal(one, other, mode, by_officer=by_officer):
        found.errors["mode"] = refusal
        return found
    rule = selectors.mission_rules(actor).between(one.side, other.side, area.pk if area else None)
    if rule is not None and mode in rule.barred:
        found.errors["mode"] = _("The mission bars this between these two sides: %(reason)s") % {
            "reason": rule.reason
        }
    elif rule is not None and mode in rule.discouraged:
        found.warning = rule.reason
    pair = Q(a=one, b=other) | Q(a=other, b=one)
    same = LiaisonLink.objects.filter(pair, level=said.get("level"), area=area, is_active=True)
    if same.exclude(pk__in=[] if but is None else [but]).exists():
        found.errors["level"] = _("These two are linked at this level already. Change that link.")
    return found
