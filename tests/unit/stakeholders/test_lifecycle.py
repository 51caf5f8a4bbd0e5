"""A file's life: drafted, registered, dormant, merged; and who may do what."""

from __future__ import annotations

import pytest

from apps.records.errors import Incomplete, NotPermitted
from apps.stakeholders.models import Stakeholder
from tests.factories.staff import Staff
from tests.factories.stakeholders import now, stakeholder_file, stakeholder_registered, take


def test_a_file_is_drafted_and_put_on_the_register(staff: Staff) -> None:
    filed = stakeholder_file(staff)
    with staff.acting("req"):
        assert not Stakeholder.objects.exists()
    done = take(staff, filed, "cim", "register")
    assert done.state == "registered"
    with staff.acting("req"):
        assert now(filed).title == filed.title


def test_a_file_without_type_and_side_is_not_registered(staff: Staff) -> None:
    filed = stakeholder_file(staff, kind="", side="")
    with pytest.raises(Incomplete) as refused:
        take(staff, filed, "cim", "register")
    assert set(refused.value.errors) == {"kind", "side"}


def test_whoever_keeps_no_files_starts_none(staff: Staff) -> None:
    with pytest.raises(NotPermitted):
        stakeholder_file(staff, by="unit")


def test_only_its_keeper_rests_it(staff: Staff) -> None:
    filed = stakeholder_registered(staff)
    with pytest.raises(NotPermitted):
        take(staff, filed, "joc", "rest")
    assert take(staff, filed, "cim", "rest").state == "dormant"
    assert take(staff, filed, "cim", "resume").state == "registered"
