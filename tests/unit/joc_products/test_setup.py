"""Templates on the set-up pages: edited by administrators, refused with a word where a section could reach nobody."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.joc_products.models import ProductTemplate, TemplateSection
from apps.mission.models import Mission, Organisation, Position
from apps.mission.vocabulary import Role
from tests.factories.joc import template_of
from tests.factories.staff import Staff


@pytest.fixture
def admin(staff: Staff, client: Client) -> Client:
    staff.post("adm", "support", Role.ADMIN)
    User.objects.filter(pk=staff.people["adm"].pk).update(is_staff=True)
    client.force_login(User.objects.get(pk=staff.people["adm"].pk))
    return client


def sent(template: ProductTemplate, **changes: Any) -> dict[str, Any]:
    rows = list(template.sections.all())
    data: dict[str, Any] = {
        "kind": template.kind, "name": template.name, "release_hour": template.release_hour, "incident_hours": 6,
        "contributions_hours": template.contributions_hours, "contributions_open": "on", "is_active": "on",
        "sections-TOTAL_FORMS": len(rows), "sections-INITIAL_FORMS": len(rows),
    }  # fmt: skip
    for number, row in enumerate(rows):
        data |= {
            f"sections-{number}-id": row.pk, f"sections-{number}-template": template.pk,
            f"sections-{number}-number": row.number, f"sections-{number}-heading": row.heading,
            f"sections-{number}-position": row.position_id or "",
        }  # fmt: skip
    return data | changes


def test_an_administrator_says_who_is_asked_and_by_when(staff: Staff, admin: Client) -> None:
    template = template_of(staff)
    address = reverse("admin:joc_products_producttemplate_change", args=[template.pk])
    page = admin.get(address).content.decode()
    assert "Highlights" in page
    changes = {"release_hour": 7, "sections-0-position": staff.positions["unit"].pk}
    assert admin.post(address, sent(template, **changes)).status_code == 302
    template.refresh_from_db()
    assert template.release_hour == 7
    assert template.sections.get(heading="Highlights").position == staff.positions["unit"]


def test_a_position_that_reads_no_records_is_refused_at_its_field(staff: Staff, admin: Client) -> None:
    template = template_of(staff)
    address = reverse("admin:joc_products_producttemplate_change", args=[template.pk])
    for post in ("aud", "adm"):
        answer = admin.post(address, sent(template, **{"sections-0-position": staff.positions[post].pk}))
        assert answer.status_code == 200
        assert "no role in which it reads records" in answer.content.decode()
    assert template.sections.get(heading="Highlights").position is None


def test_another_missions_position_and_hour_twenty_four_are_refused(staff: Staff) -> None:
    other = Mission.objects.create(code="elsewhere", name="Elsewhere")
    far = Organisation.objects.create(mission=other, name="Far", org_type="437", side="humanitarian")
    position = Position.objects.create(mission=other, organisation=far, title="Far")
    template = template_of(staff)
    with pytest.raises(ValidationError) as refused:
        TemplateSection(template=template, heading="X", position=position).full_clean()
    assert "position" in refused.value.message_dict
    template.release_hour = 24
    with pytest.raises(ValidationError) as refused:
        template.full_clean()
    assert "release_hour" in refused.value.message_dict


def test_contributions_to_a_report_on_an_incident_are_due_after_it(staff: Staff) -> None:
    template = template_of(staff, kind="flash")
    template.incident_hours = template.contributions_hours = 2
    with pytest.raises(ValidationError) as refused:
        template.full_clean()
    assert "contributions_hours" in refused.value.message_dict


def test_nobody_else_edits_templates(staff: Staff, client: Client) -> None:
    template = template_of(staff)
    client.force_login(staff.people["joc"])
    answer = client.get(reverse("admin:joc_products_producttemplate_change", args=[template.pk]))
    assert answer.status_code in (302, 403, 404)
