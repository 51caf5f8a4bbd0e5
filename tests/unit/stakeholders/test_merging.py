"""Two files of one organisation become one, and nobody reads more than before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from apps.need_to_know.grants import grant_give
from apps.records.errors import NotPermitted, RecordError
from apps.records.transitions import transition
from apps.stakeholders.models import Contact, Mandate, Presence, Relation, Stakeholder
from apps.stakeholders.relating import relation_add
from tests.factories.staff import Staff
from tests.factories.stakeholders import now, stakeholder_registered, take


def merge(staff: Staff, gone: Stakeholder, into: Stakeholder, by: str = "cim") -> Stakeholder:
    with staff.acting(by):
        target = now(into)
    return take(staff, gone, by, "merge", into=target)


def furnished(staff: Staff, **changes: Any) -> Stakeholder:
    filed = stakeholder_registered(staff, by="cim", **changes)
    with staff.acting("cim"):
        Contact.objects.create(stakeholder=filed, function="Duty officer")
        Mandate.objects.create(stakeholder=filed, text="May survey roads")
        Presence.objects.create(stakeholder=filed, area=staff.area, sector=staff.sector, activity="Wells")
    return filed


def test_everything_moves_to_the_record_that_stays(staff: Staff) -> None:
    gone, stays = furnished(staff, acronym="RH"), stakeholder_registered(staff, by="cim")
    other = stakeholder_registered(staff, by="clu")
    with staff.acting("cim") as actor:
        relation_add(actor, source=gone, target=other, kind="partner_of")
    assert merge(staff, gone, stays).state == "merged"
    with staff.acting("req"):
        kept = now(stays)
        for model in (Contact, Mandate, Presence):
            assert [row.stakeholder_id for row in model.objects.all()] == [stays.pk]
        assert {gone.title, "RH"} <= set(kept.names)
        related = set(Relation.objects.values_list("source_id", "target_id", "kind"))
        assert related == {(stays.pk, other.pk, "partner_of"), (gone.pk, stays.pk, "merged_into")}


def test_the_history_of_both_stays(staff: Staff) -> None:
    gone, stays = furnished(staff), stakeholder_registered(staff, by="cim")
    merge(staff, gone, stays)
    with staff.acting("cim"):
        assert now(gone).workflow_steps.filter(name="merge").exists()
        assert now(stays).version > stays.version


def test_one_that_is_not_theirs_is_not_merged_into(staff: Staff) -> None:
    gone, stays = furnished(staff), stakeholder_registered(staff, by="clu")
    with pytest.raises(ValidationError) as refused:
        merge(staff, gone, stays)
    assert "into" in refused.value.message_dict
    with pytest.raises(NotPermitted):
        take(staff, stays, "cim", "merge", into=gone)


@pytest.mark.parametrize("label", [{"scope": "private"}, {"sensitivity": 2}])
def test_nothing_moves_to_where_others_would_read_it(staff: Staff, label: dict[str, Any]) -> None:
    gone, stays = furnished(staff, **label), stakeholder_registered(staff, by="cim")
    with pytest.raises(ValidationError) as refused:
        merge(staff, gone, stays)
    assert "into" in refused.value.message_dict
    with staff.acting("cim"):
        assert Contact.objects.filter(stakeholder=gone).exists(), "nothing half-moved"
        assert now(gone).state == "registered"


def test_a_loan_of_the_record_that_stays_counts_as_a_reader(staff: Staff) -> None:
    gone = furnished(staff, scope="organisation")
    stays = stakeholder_registered(staff, by="cim", scope="organisation")
    with staff.acting("cim") as actor:
        until = timezone.now() + timedelta(days=1)
        grant_give(actor, record=now(stays), to=staff.people["req"], reason="for a day", until=until)
    with pytest.raises(ValidationError):
        merge(staff, gone, stays)


def test_one_under_another_stance_is_not_merged(staff: Staff) -> None:
    gone, stays = furnished(staff), stakeholder_registered(staff, by="cim", stance="listed")
    with pytest.raises(ValidationError):
        merge(staff, gone, stays)


def test_a_hidden_record_cannot_be_merged_into(staff: Staff) -> None:
    gone, hidden = furnished(staff), stakeholder_registered(staff, by="clu", scope="private")
    with staff.acting("cim") as actor:
        record, data = now(gone), {"into": Stakeholder(pk=hidden.pk)}
        with pytest.raises(ValidationError) as refused:
            transition(actor, record=record, name="merge", data=data)
    assert hidden.title not in str(refused.value)


def test_what_is_merged_is_not_merged_again(staff: Staff) -> None:
    gone, stays = furnished(staff), stakeholder_registered(staff, by="cim")
    merge(staff, gone, stays)
    with pytest.raises(RecordError):
        merge(staff, gone, stays)
