"""The PDF of a file on an organisation: people and contacts for those alone who may know them."""

from __future__ import annotations

from django.test import Client
from django.utils import timezone

from apps.stakeholders.models import Contact, Person
from tests.factories.canary import canary
from tests.factories.paper import pdf_text
from tests.factories.staff import Staff
from tests.factories.stakeholders import stakeholder_registered


def test_i07_rows_that_not_every_reader_may_read_are_on_nobody_elses_paper(staff: Staff) -> None:
    filed = stakeholder_registered(staff, by="clu", stance="via_ocha", side="humanitarian")
    name, function = canary("Ada Deng"), canary("Duty officer")
    with staff.acting("clu"):
        person = Person(
            stakeholder=filed, name=name, consent="everybody", consent_on=timezone.localdate()
        )  # fmt: skip
        person.full_clean()
        person.save()
        Contact.objects.create(stakeholder=filed, function=function, phone="+1 555 0100")

    def paper(who: str) -> str:
        client = Client()
        client.force_login(staff.people[who], backend="allauth.account.auth_backends.AuthenticationBackend")
        answer = client.get(filed.record_type.url(filed, "pdf"))
        assert answer.status_code == 200
        return pdf_text(b"".join(answer.streaming_content))  # type: ignore[attr-defined]

    entitled, uniformed = paper("req_elsewhere"), paper("joc")
    assert filed.title in uniformed
    for hidden in (name, function, "+1 555 0100"):
        assert hidden in entitled
        assert hidden not in uniformed
