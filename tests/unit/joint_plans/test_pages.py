"""The pages of a plan, of its parts and of its versions, as people use them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from apps.joint_plans.models import Activity, Assumption, Contributor, JointPlan, Part
from apps.joint_plans.vocabulary import PartKind
from apps.mission.models import Position
from apps.pages.templatetags.portal import exact_day
from tests.factories.paper import pdf_text, squeezed
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


def test_asked_about_one_field_nobody_sets_another_back(staff: Staff, plan: JointPlan) -> None:
    """What the other changed alone is in the form that asks again, whatever kind of field it is; dates are in words."""
    with staff.acting("cim"):
        part = activity_make(staff, plan, title="Open the road", needs="One grader")
        other_lead = staff.positions["req"].organisation
    client = browser(staff, "cim")
    address = url(plan, f"parts/{part.uuid}/change/")
    first, second = base_of(client.get(address)), base_of(client.get(address))
    told: dict[str, Any] = {
        "title": "Open the northern road", "lead": str(other_lead.pk), "supports": [str(other_lead.pk)], "sector": "",
        "ends_on": f"{part.ends_on - timedelta(days=9):%Y-%m-%d}",
    }  # fmt: skip
    changed = fields_of(part, base=first, **told)
    del changed["may_hint"]
    assert client.post(address, changed).status_code == 302
    mine = fields_of(part, base=second, title="Open the southern road", needs="Two graders")
    mine["ends_on"] = f"{part.ends_on - timedelta(days=2):%Y-%m-%d}"
    asked = client.post(address, mine)
    assert asked.status_code == 409
    assert exact_day(part.ends_on - timedelta(days=9)) in text(asked), "what stands, in words"
    form = asked.context["form"]
    sent = {name: form[name].value() for name in form.fields}
    assert sent["title"] == "Open the southern road"
    assert (sent["lead"], sent["supports"]) == (str(other_lead.pk), [str(other_lead.pk)])
    assert not sent["may_hint"]
    sent = {name: value for name, value in sent.items() if value}
    assert client.post(address, sent).status_code == 302
    with staff.acting("cim"):
        now_is = Activity.objects.get(pk=part.pk)
    assert (now_is.title, now_is.needs) == ("Open the southern road", "Two graders")
    assert (now_is.lead_id, now_is.supports, now_is.sector_id) == (other_lead.pk, [other_lead.pk], None)
    assert not now_is.may_hint
    assert now_is.ends_on == part.ends_on - timedelta(days=2)


def test_two_days_that_do_not_go_together_are_asked_about(staff: Staff, plan: JointPlan) -> None:
    """Each day is sound where it was typed; together the end would lie before the beginning."""
    with staff.acting("cim"):
        part = activity_make(staff, plan)
    client = browser(staff, "cim")
    address = url(plan, f"parts/{part.uuid}/change/")
    first, second = base_of(client.get(address)), base_of(client.get(address))
    late, early = (f"{part.starts_on + timedelta(days=days):%Y-%m-%d}" for days in (60, 20))
    assert client.post(address, fields_of(part, base=first, starts_on=late)).status_code == 302
    asked = client.post(address, fields_of(part, base=second, ends_on=early, needs="Two graders"))
    assert asked.status_code == 409
    assert "the two do not go together" in text(asked)
    form = asked.context["form"]
    assert (form["starts_on"].value(), form["ends_on"].value()) == (late, early), "theirs, and what was typed"
    assert form["needs"].value() == "Two graders"
    with staff.acting("cim"):
        assert Activity.objects.get(pk=part.pk).ends_on == part.ends_on


def test_whoever_leads_an_activity_reads_it_whoever_set_which(staff: Staff, plan: JointPlan) -> None:
    with staff.acting("cim"):
        part = activity_make(staff, plan, lead=None)
    client = browser(staff, "cim")
    address = url(plan, f"parts/{part.uuid}/change/")
    first, second = base_of(client.get(address)), base_of(client.get(address))
    said = fields_of(part, lead="")
    assert client.post(address, said | {"base": first, "opens_to": "planners"}).status_code == 302
    lead = staff.organisations["contingent"]
    asked = client.post(address, said | {"base": second, "lead": str(lead.pk)})
    assert asked.status_code == 409
    assert "The organisation that leads it must read it." in text(asked)
    with staff.acting("cim"):
        assert Activity.objects.get(pk=part.pk).lead_id is None


@pytest.mark.parametrize("circulates", [False, True])
def test_what_was_typed_into_a_part_that_somebody_took_out_is_kept(staff: Staff, circulates: bool) -> None:
    plan = circulated(staff) if circulates else plan_file(staff)
    with staff.acting("cim"):
        part = Activity.objects.get(plan=plan)
    client = browser(staff, "cim")
    address = url(plan, f"parts/{part.uuid}/change/")
    base = base_of(client.get(address))
    assert client.post(address, {"remove": "1"}).status_code == 302
    said = fields_of(part, base=base, details="Words that took an hour", title="Open the road")
    asked = client.post(address, said)
    assert asked.status_code == 409
    assert "out of the plan meanwhile" in text(asked)
    assert "Words that took an hour" in text(asked)
    action = re.search(r'<form method="post" action="([^"]+parts/new/[^"]*)"', text(asked))
    assert action is not None
    assert client.post(action[1], said).status_code == 302
    with staff.acting("cim"):
        made = Activity.objects.get(plan=plan, is_removed=False)
    assert (made.title, made.details) == ("Open the road", "Words that took an hour")
    assert client.post(address, {"remove": "1"}).status_code == 302, (
        "it is out already, and that is what is wanted"
    )
    assert browser(staff, "req").post(address, said).status_code == 404


def test_what_was_typed_while_the_plan_was_agreed_is_kept(staff: Staff) -> None:
    plan = active(staff)
    with staff.acting("cim"):
        part = Activity.objects.get(plan=plan)
    client = browser(staff, "cim")
    said = fields_of(part, details="Words that took an hour")
    for rest in (f"parts/{part.uuid}/change/", "parts/new/?kind=activity"):
        asked = client.post(url(plan, rest), said)
        assert asked.status_code == 409
        assert "stays as it is" in text(asked)
        assert "Words that took an hour" in text(asked)
    with staff.acting("cim"):
        assert Activity.objects.get(plan=plan).details == part.details


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


def test_paper_holds_the_parts_under_the_label_of_the_highest(staff: Staff, plan: JointPlan) -> None:
    """Print and PDF have every part that the reader has, and no other; one that is labelled higher raises the sheet."""
    Position.objects.exclude(pk=staff.positions["req"].pk).update(clearance=1)
    with staff.acting("cim"):
        contingent = staff.organisations["contingent"].group_id
        secret = activity_make(
            staff, plan, title="Withdraw the guard", details="By night", opens_to="named", readers=[contingent],
            classification=1,
        )  # fmt: skip
        annex = part_make(staff, plan, PartKind.ANNEX, title="Map of the bridges")
    take(staff, plan, "cim", "circulate")
    member, reader = browser(staff, "unit"), browser(staff, "req")
    purpose = {"purpose": "For the convoy leader"}
    papers = {}
    for name, client in (("unit", member), ("req", reader)):
        sheet = client.post(url(plan, "print/"), purpose)
        document = client.post(url(plan, "pdf/"), purpose)
        papers[name] = [text(sheet), squeezed(pdf_text(b"".join(document.streaming_content)))]
    for said in (*papers["unit"], *papers["req"]):
        assert annex.code in said
    assert all(secret.code in said for said in papers["unit"])
    assert not any(secret.code in said for said in papers["req"])
    assert not any("Withdraw the guard" in said for said in papers["req"])
    assert "label-line confidential" in papers["unit"][0]
    assert "label-line confidential" not in papers["req"][0]
    assert "CONFIDENTIAL" in papers["unit"][1]
    assert "CONFIDENTIAL" not in papers["req"][1]


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
    for told in (fresh.title, fresh.details, gone.title, "mark the road"):
        assert told in shown, "what is new stands there in its own words"
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
