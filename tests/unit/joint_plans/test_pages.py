"""The pages of a plan, of its parts and of its versions, as people use them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from apps.joint_plans.models import Activity, Assumption, Contributor, JointPlan, Part
from apps.joint_plans.vocabulary import PartKind
from tests.factories.plans import (
    active,
    activity_make,
    answer,
    assumption_make,
    circulated,
    now,
    part_make,
    plan_file,
    take,
)
from tests.factories.staff import Staff


def browser(staff: Staff, name: str) -> Client:
    """A browser in which the holder of that post is signed in."""
    client = Client()
    client.force_login(staff.people[name], backend=settings.AUTHENTICATION_BACKENDS[0])
    return client


def url(plan: JointPlan, rest: str = "") -> str:
    return f"/joint-plans/{plan.uuid}/{rest}"


def text(answered: Any) -> str:
    return answered.content.decode()


def base_of(page: Any) -> str:
    found = re.search(r'name="base" value="([^"]+)"', text(page))
    assert found is not None
    return found[1]


def fields_of(part: Part, **changes: Any) -> dict[str, Any]:
    """What the form of an activity sends."""
    said: dict[str, Any] = {
        "title": part.title, "details": part.details, "opens_to": part.opens_to, "classification": "0",
    }  # fmt: skip
    if isinstance(part, Activity):
        said |= {
            "lead": str(part.lead_id), "area": str(part.area_id), "sector": str(part.sector_id),
            "starts_on": f"{part.starts_on:%Y-%m-%d}", "ends_on": f"{part.ends_on:%Y-%m-%d}", "needs": part.needs,
            "may_hint": "on",
        }  # fmt: skip
    return said | changes


@pytest.fixture
def plan(staff: Staff) -> JointPlan:
    return plan_file(staff)


def test_a_plan_is_written_part_by_part(staff: Staff, plan: JointPlan) -> None:
    client = browser(staff, "cim")
    for kind in PartKind:
        address = url(plan, f"parts/new/?kind={kind.value}")
        page = client.get(address)
        assert page.status_code == 200, kind
        refused = client.post(address, {"opens_to": "all", "classification": "0"})
        assert refused.status_code == 422, kind
        done = client.post(address, {"title": f"A {kind.value}", "opens_to": "all", "classification": "0"})
        assert done.status_code == 302, (kind, text(done))
    shown = text(client.get(url(plan)))
    assert all(f"A {kind.value}" in shown for kind in PartKind)
    for kind in PartKind:
        assert f"A {kind.value}" in text(client.get(url(plan, f"parts/?kind={kind.value}")))
        with staff.acting("cim"):
            part = Part.objects.get(plan=plan, title=f"A {kind.value}")
        for rest in (f"parts/{part.uuid}/", f"parts/{part.uuid}/change/"):
            assert client.get(url(plan, rest)).status_code == 200, (kind, rest)
    assert client.get(url(plan, "parts/new/?kind=nonsense")).status_code == 404


def test_two_who_change_one_part_do_not_overwrite_each_other(staff: Staff, plan: JointPlan) -> None:
    """Different fields, and different words of one text, are brought together; the same words are asked about."""
    with staff.acting("cim"):
        part = activity_make(staff, plan, title="Open the road", details="Clear mines. Lay gravel. Mark it.")
    one, two = browser(staff, "cim"), browser(staff, "cim")
    address = url(plan, f"parts/{part.uuid}/change/")
    first, second = base_of(one.get(address)), base_of(two.get(address))

    done = one.post(address, fields_of(part, base=first, details="Clear mines by hand. Lay gravel. Mark it."))
    assert done.status_code == 302
    said = fields_of(
        part, base=second, details="Clear mines. Lay gravel. Mark it in white.", needs="Two graders"
    )
    done = two.post(address, said, follow=True)
    assert "together with what somebody else changed" in text(done)
    with staff.acting("cim"):
        now_is = Activity.objects.get(pk=part.pk)
        assert now_is.details == "Clear mines by hand. Lay gravel. Mark it in white."
        assert now_is.needs == "Two graders"

    third, fourth = base_of(one.get(address)), base_of(two.get(address))
    assert one.post(address, fields_of(now_is, base=third, title="Open the northern road")).status_code == 302
    clash = two.post(address, fields_of(now_is, base=fourth, title="Open the southern road"))
    assert clash.status_code == 409
    assert "Open the northern road" in text(clash), "what stands now"
    assert 'value="Open the southern road"' in text(clash), "what was typed is kept"
    with staff.acting("cim"):
        assert Activity.objects.get(pk=part.pk).title == "Open the northern road"
    settled = two.post(address, fields_of(now_is, base=base_of(clash), title="Open the southern road"))
    assert settled.status_code == 302
    with staff.acting("cim"):
        assert Activity.objects.get(pk=part.pk).title == "Open the southern road"


def test_what_a_form_was_made_from_cannot_be_forged(staff: Staff, plan: JointPlan) -> None:
    with staff.acting("cim"):
        part = activity_make(staff, plan, title="Open the road")
    address = url(plan, f"parts/{part.uuid}/change/")
    done = browser(staff, "cim").post(address, fields_of(part, base="forged", title="Otherwise"))
    assert done.status_code == 409
    with staff.acting("cim"):
        assert Activity.objects.get(pk=part.pk).title == "Open the road"


def test_what_was_agreed_is_not_changed_on_a_page(staff: Staff) -> None:
    plan = active(staff)
    with staff.acting("cim"):
        part = Part.objects.filter(plan=plan).first()
    assert part is not None
    client = browser(staff, "cim")
    for rest in (f"parts/{part.uuid}/change/", "parts/new/?kind=risk"):
        answered = client.get(url(plan, rest))
        assert answered.status_code == 409
        assert "stays as it is" in text(answered)
    assert browser(staff, "req").get(url(plan, "parts/new/?kind=risk")).status_code == 403


def test_whoever_leads_an_activity_says_how_far_it_is(staff: Staff) -> None:
    plan = active(staff)
    with staff.acting("cim"):
        part = Activity.objects.get(plan=plan)
    address = url(plan, f"parts/{part.uuid}/")
    done = browser(staff, "unit").post(
        address, {"progress": "under_way", "report": "Half of it"}, follow=True
    )
    assert "Half of it" in text(done)
    assert browser(staff, "req").post(address, {"progress": "done"}).status_code == 403
    with staff.acting("cim"):
        told = Activity.objects.get(pk=part.pk)
        assert (told.progress, told.is_changed) == ("under_way", False), "nothing that was agreed has changed"


def test_an_assumption_rests_on_a_record_that_its_writer_reads(staff: Staff, plan: JointPlan) -> None:
    other = plan_file(staff, by="cmc", scope="mission", parts={})
    hidden = plan_file(staff, by="cmc", scope="private", parts={})
    client = browser(staff, "cim")
    address = url(plan, "parts/new/?kind=assumption")
    said = {"title": "The other plan goes on", "opens_to": "all", "classification": "0", "watch": "fails"}
    for reference in (hidden.reference, "PLN-2026-00000"):
        refused = client.post(address, said | {"reference": reference})
        assert refused.status_code == 422
        assert "There is no such record." in text(refused)
    assert client.post(address, said | {"reference": other.reference, "watch": ""}).status_code == 422
    assert client.post(address, said | {"reference": other.reference}).status_code == 302
    with staff.acting("cim"):
        made = Assumption.objects.get(plan=plan)
        assert (made.watched, made.breaks_in) == (other.uuid, ["withdrawn"])


def test_a_part_that_is_not_theirs_is_on_no_page_of_a_contributor(staff: Staff, plan: JointPlan) -> None:
    with staff.acting("cim"):
        contingent = staff.organisations["contingent"].group_id
        secret = activity_make(staff, plan, opens_to="named", readers=[contingent])
        inner = part_make(staff, plan, PartKind.RISK, opens_to="planners")
        assumption_make(staff, plan, opens_to="named", readers=[contingent])
    take(staff, plan, "cim", "circulate")
    reader, named = browser(staff, "req"), browser(staff, "unit")
    pages = ["", "parts/?kind=activity", "parts/?kind=risk", "versions/", "print/", "history/"]
    for rest in pages:
        shown = text(reader.get(url(plan, rest)))
        for part in (secret, inner):
            for told in (part.title, part.details, str(part.uuid)):
                assert told not in shown, rest
    assert secret.title in text(named.get(url(plan)))
    assert inner.title not in text(named.get(url(plan)))
    for part in (secret, inner):
        for rest in (f"parts/{part.uuid}/", f"parts/{part.uuid}/change/"):
            assert reader.get(url(plan, rest)).status_code == 404
            assert reader.post(url(plan, rest), {"progress": "done"}).status_code == 404


def test_versions_show_what_changed_in_words(staff: Staff) -> None:
    plan = circulated(staff)
    with staff.acting("cim"):
        part = Activity.objects.get(plan=plan)
        part.title, part.ends_on = "Clear and mark the road", plan.starts_on
        part.save()
        fresh = part_make(staff, plan, PartKind.RISK, title="Rain comes early")
        gone = Part.objects.get(plan=plan, kind="objective")
    client = browser(staff, "cim")
    assert client.post(url(plan, f"parts/{gone.uuid}/change/"), {"remove": "1"}).status_code == 302
    shown = text(client.get(url(plan, "versions/")))
    assert "From version 1 to the plan as it stands" in shown
    for told in (fresh.title, gone.title, "mark the road"):
        assert told in shown
    with staff.acting("cim"):
        part_make(staff, plan, PartKind.OBJECTIVE)
    take(staff, plan, "cim", "circulate_again", changes="The road comes first")
    shown = text(browser(staff, "req").get(url(plan, "versions/?from=1&to=2")))
    for told in ("The road comes first", gone.title):
        assert told in shown
    for query in ("?from=9&to=x", "?from=&to=", "?to=1", "?from=2&to=1"):
        assert client.get(url(plan, f"versions/{query}")).status_code == 200


def test_an_answer_is_given_on_the_page(staff: Staff) -> None:
    plan = circulated(staff)
    client = browser(staff, "req")
    address = url(plan, "transitions/answer/")
    page = client.get(address)
    assert page.status_code == 200
    with staff.acting("req"):
        row = Contributor.objects.get(plan=plan, position=staff.positions["req"])
    said = {"number": "1", "contributor": str(row.uuid), "answer": "non_concur", "comment": ""}
    assert client.post(address, said).status_code == 422
    done = client.post(address, said | {"comment": "The road is mined"}, follow=True)
    assert "Does not concur" in text(done)
    stale = client.post(address, said | {"number": "7", "comment": "Again"})
    assert stale.status_code == 409
    answer(staff, plan, "unit")
    with staff.acting("cim"):
        assert now(plan).edition == 1
    assert "Why it is put forward although not everybody concurs" in text(
        browser(staff, "cim").get(url(plan, "transitions/put_forward/"))
    )
