"""What a browser is asked to keep of the form of a part until it is saved, and what giving up does."""

from __future__ import annotations

import re
from typing import Any

from apps.joint_plans.models import Part
from tests.factories.plans import plan_file
from tests.factories.staff import Staff
from tests.unit.joint_plans.test_pages import browser, text, url

TYPED = {"title": "Never mind", "opens_to": "all", "classification": "0"}


def kept(page: Any) -> str:
    """The name under which it is kept; empty where it is not."""
    found = re.search(r'data-autosave="device" data-autosave-key="([^"]+)"', text(page))
    return found[1] if found else ""


def test_it_is_kept_by_part_and_person(staff: Staff) -> None:
    plan = plan_file(staff)
    with staff.acting("cim"):
        part = Part.objects.get(plan=plan, kind="activity")
    page = browser(staff, "cim").get(url(plan, f"parts/{part.uuid}/change/"))
    assert kept(page) == f"joint_plan_part:{part.uuid}:{staff.people['cim'].pk}"
    new, risk = (url(plan, f"parts/new/?kind={kind}") for kind in ("activity", "risk"))
    assert kept(browser(staff, "cim").get(new)) != kept(browser(staff, "cim").get(risk))


def test_the_next_new_part_is_another(staff: Staff) -> None:
    """Else what was just saved would be put back into the empty form."""
    plan, client = plan_file(staff), browser(staff, "cim")
    new = url(plan, "parts/new/?kind=risk")
    first = client.get(new)
    refused = client.post(new, TYPED | {"title": ""})
    assert refused.status_code == 422
    assert kept(refused) == kept(first) != ""
    saved = client.post(new, TYPED | {"another": "1", "likelihood": "1", "impact": "1"})
    assert saved.status_code == 302
    assert kept(client.get(saved["Location"])) not in ("", kept(first))


def test_a_form_that_asks_which_text_stands_is_not_kept(staff: Staff) -> None:
    plan, client = plan_file(staff), browser(staff, "cim")
    with staff.acting("cim"):
        part = Part.objects.get(plan=plan, kind="objective")
    change = url(plan, f"parts/{part.uuid}/change/")
    base = re.search(r'name="base" value="([^"]+)"', text(client.get(change)))
    assert base is not None
    with staff.acting("cim"):
        Part.objects.filter(pk=part.pk).update(title="What another one says")
    asked = client.post(change, TYPED | {"base": base[1]})
    assert asked.status_code == 409
    assert kept(asked) == ""


def test_giving_up_writes_nothing(staff: Staff) -> None:
    plan, client = plan_file(staff), browser(staff, "cim")
    with staff.acting("cim"):
        part = Part.objects.get(plan=plan, kind="activity")
    page = url(plan, f"parts/{part.uuid}/")
    left = client.post(f"{page}change/", TYPED | {"cancel": "1"})
    assert (left.status_code, left["Location"]) == (302, page)
    assert client.post(url(plan, "parts/new/?kind=risk"), TYPED | {"cancel": "1"}).status_code == 302
    with staff.acting("cim"):
        assert Part.objects.get(pk=part.pk).version == part.version
        assert not Part.objects.filter(plan=plan, kind="risk").exists()
        Part.objects.filter(pk=part.pk).update(is_removed=True)
    gone = client.post(f"{page}change/", {"cancel": "1"})
    assert (gone.status_code, gone["Location"]) == (302, url(plan))
