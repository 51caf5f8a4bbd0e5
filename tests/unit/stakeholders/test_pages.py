"""Pages of a stakeholder: the brief, what forms refuse, relations, and proposals of names."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from apps.mission.models import Position
from apps.stakeholders.models import Caveat, Contact, Person, Relation, Stakeholder
from apps.stakeholders.record import StakeholderType
from tests.factories.staff import Staff
from tests.factories.stakeholders import now, stakeholder_file, stakeholder_registered


def client(staff: Staff, who: str) -> Client:
    made = Client()
    made.force_login(staff.people[who])
    return made


def page(staff: Staff, who: str, stakeholder: Stakeholder, name: str = "detail", **more: Any) -> Any:
    return client(staff, who).get(StakeholderType.url(stakeholder, name, **more))


def rows(key: str, *given: dict[str, Any]) -> dict[str, Any]:
    """The posted form of a table of rows."""
    data: dict[str, Any] = {f"{key}-TOTAL_FORMS": len(given), f"{key}-INITIAL_FORMS": 0}
    for number, row in enumerate(given):
        data |= {f"{key}-{number}-{name}": value for name, value in row.items()}
    return data


def save(staff: Staff, who: str, stakeholder: Stakeholder, step: str, data: dict[str, Any]) -> Any:
    with staff.acting(who):
        version = now(stakeholder).version
    address = StakeholderType.url(stakeholder, "edit", step=step)
    return client(staff, who).post(address, {"version": version, **data})


def test_the_page_says_how_it_is_engaged_and_whom_to_call_first(staff: Staff) -> None:
    filed = stakeholder_registered(staff, by="clu", stance="via_ocha")
    with staff.acting("clu"):
        Contact.objects.create(stakeholder=filed, function="Night desk", phone="555 0199")
        Contact.objects.create(stakeholder=filed, function="Day desk", phone="555 0100", is_first=True)
    told = page(staff, "req", filed).content.decode()
    brief = told[told.index('id="brief"') : told.index("</section>", told.index('id="brief"'))]
    assert "engaged through OCHA alone" in brief
    assert "555 0100" in brief
    assert "555 0199" not in brief
    barred = page(staff, "cim", filed).content.decode()
    assert "engaged through OCHA alone" in barred
    assert "555 01" not in barred


def test_whoever_may_not_handle_people_is_not_asked_for_them(staff: Staff) -> None:
    filed = stakeholder_file(staff, by="cim", side="humanitarian")
    told = page(staff, "cim", filed, "edit", step="contacts").content.decode()
    assert "contacts-TOTAL_FORMS" in told
    assert "people-TOTAL_FORMS" not in told
    data = rows("contacts", {"function": "Desk"}) | rows("people", {"name": "Ada", "consent": "everybody"})
    assert save(staff, "cim", filed, "contacts", data).status_code == 302
    with staff.acting("cim"):
        assert Contact.objects.filter(stakeholder=filed).count() == 1
        assert not Person.objects.exists()


def test_consent_is_asked_for_at_its_field_and_ends_after_a_year(staff: Staff) -> None:
    filed = stakeholder_file(staff, by="clu", side="humanitarian")
    wanted = {"name": "Ada Deng", "consent": "civilian"}
    refused = save(staff, "clu", filed, "contacts", rows("contacts") | rows("people", wanted))
    assert refused.status_code == 422
    assert "Say when they agreed." in refused.content.decode()
    assert "Ada Deng" in refused.content.decode(), "what was typed stays"
    wanted["consent_on"] = str(timezone.localdate())
    assert save(staff, "clu", filed, "contacts", rows("contacts") | rows("people", wanted)).status_code == 302
    with staff.acting("clu"):
        ada = Person.objects.get()
        assert (ada.consent_until - ada.consent_on).days == 365


def test_a_caveat_above_ones_clearance_is_refused_at_its_field(staff: Staff) -> None:
    filed = stakeholder_file(staff, by="cim", side="mission_military", kind="contingent")
    caveat = {"kind": "any", "reason": "Orders from home", "classification": "1"}
    refused = save(staff, "cim", filed, "mandate", rows("mandates") | rows("caveats", caveat))
    assert refused.status_code == 422
    assert "above your own clearance" in refused.content.decode()
    Position.objects.filter(pk=staff.positions["cim"].pk).update(clearance=1)
    assert save(staff, "cim", filed, "mandate", rows("mandates") | rows("caveats", caveat)).status_code == 302
    with staff.acting("cim"):
        assert Caveat.objects.get().reason == "Orders from home"


def test_the_stance_is_no_field_once_others_rely_on_it(staff: Staff) -> None:
    draft = stakeholder_file(staff, by="clu")
    assert 'name="stance"' in page(staff, "clu", draft, "edit", step="identity").content.decode()
    filed = stakeholder_registered(staff, by="clu")
    assert 'name="stance"' not in page(staff, "clu", filed, "edit", step="identity").content.decode()


def test_a_relation_is_named_by_a_part_of_the_name_and_taken_back(staff: Staff) -> None:
    filed, other = stakeholder_registered(staff, by="clu"), stakeholder_registered(staff, by="cim")
    asker, address = client(staff, "clu"), StakeholderType.url(filed, "relate")
    offered = asker.get("/stakeholders/like/", {"of": "target", "target": other.title[:9]}).content.decode()
    assert other.reference in offered
    answer = asker.post(address, {"kind": "funded_by", "target": f"{other.title} ({other.reference})"})
    assert answer.status_code == 302
    assert "is funded by" in page(staff, "req", filed).content.decode()
    assert "funds" in page(staff, "req", other).content.decode()
    back = {"remove": "funded_by", "target": str(other.uuid)}
    client(staff, "cim").post(StakeholderType.url(other, "relate"), {**back, "target": str(filed.uuid)})
    asker.post(address, {**back, "target": "nothing"})
    with staff.acting("clu"):
        assert Relation.objects.exists(), "the other end is not theirs to take back"
    asker.post(address, back)
    with staff.acting("clu"):
        assert not Relation.objects.exists()


@pytest.mark.parametrize("named", ["", "x", "No such organisation", "STK-2026-00000"])
def test_a_relation_to_nobody_is_refused_at_its_field(staff: Staff, named: str) -> None:
    filed = stakeholder_registered(staff, by="clu")
    answer = client(staff, "clu").post(
        StakeholderType.url(filed, "relate"), {"kind": "part_of", "target": named}
    )
    assert answer.status_code == 422


def test_a_hidden_organisation_is_named_like_a_missing_one(staff: Staff) -> None:
    filed, hidden = (
        stakeholder_registered(staff, by="clu"),
        stakeholder_registered(staff, by="cim", scope="private"),
    )
    asker, address = client(staff, "clu"), StakeholderType.url(filed, "relate")
    said = [
        asker.post(address, {"kind": "part_of", "target": named}).content.decode().replace(named, "*")
        for named in (hidden.reference, "STK-2026-0000x")
    ]
    marks = [text[text.index("<main") :] for text in said]
    assert "Choose the one" not in marks[0]
    assert all("No organisation" in text for text in marks)


def test_nobody_but_its_keeper_relates_it(staff: Staff) -> None:
    filed = stakeholder_registered(staff, by="clu")
    assert page(staff, "cim", filed, "relate").status_code == 403
    hidden = stakeholder_registered(staff, by="clu", scope="private")
    assert page(staff, "cim", hidden, "relate").status_code == 404
