"""From the template to the deadline: who is asked, who writes what, and when."""

from __future__ import annotations

import time
from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from apps.joc_products.models import Contribution, Given, JocProduct, ProductTemplate
from apps.mission.models import Mission
from apps.need_to_know.acting import acting_as_clock
from apps.records.errors import Incomplete, NotPermitted, StaleRecord
from apps.records.transitions import transition
from apps.records.waiting import needs_me, waiting_for
from tests.factories.joc import ASKED, collecting, compiling, give, now, product_file, section, soon, take
from tests.factories.staff import Staff


def test_a_mission_begins_with_the_customary_templates(staff: Staff) -> None:
    mission = Mission.objects.create(code="fresh", name="Fresh")
    found = {t.kind: t for t in ProductTemplate.objects.filter(mission=mission)}
    assert set(found) == {"daily", "weekly", "monthly", "special_incident", "flash"}
    assert [s.heading for s in found["daily"].sections.all()][::8] == ["Highlights", "Outlook"]
    assert [s.heading for s in found["special_incident"].sections.all()] == [
        "What", "Where", "When", "Who is affected", "Action taken", "Further action", "Assessment",
    ]  # fmt: skip


def test_sections_kind_and_times_are_copied_from_the_template_at_filing(staff: Staff) -> None:
    product = product_file(staff)
    with staff.acting("joc"):
        rows = list(product.contributions.all())
    assert [(row.heading, row.position_id) for row in rows] == [
        (heading, staff.positions[post].pk if post else None) for heading, post in ASKED.items()
    ]
    assert product.kind == "daily"
    assert product.needed_by is not None
    assert product.contributions_due is not None
    assert product.period_to is not None
    assert product.needed_by - product.contributions_due == timedelta(hours=3)
    assert product.period_to - (product.period_from or product.period_to) == timedelta(days=1)
    ProductTemplate.objects.filter(pk=product.template_id).get().sections.all().delete()
    with staff.acting("joc"):
        assert product.contributions.count() == len(ASKED)


def test_nobody_is_asked_before_a_deadline_lies_ahead_and_somebody_is_named(staff: Staff) -> None:
    product = product_file(staff)
    with staff.acting("joc") as actor:
        mine = now(product)
        mine.contributions_due = mine.period_from
        mine.save()
        Contribution.objects.filter(product_id=product.pk).update(position=None)
        with pytest.raises(Incomplete) as refused:
            transition(actor, record=now(product), name="ask")
    assert set(refused.value.errors) == {"contributions_due", "asked"}


def test_a_position_that_may_not_read_the_label_is_not_asked(staff: Staff) -> None:
    staff.positions["joc"].clearance = 1
    staff.positions["joc"].save()
    product = product_file(staff, classification=1)
    with pytest.raises(Incomplete) as refused:
        take(staff, product, "joc", "ask")
    assert "may not read" in refused.value.errors["asked"][0]


def test_contributors_are_drawn_in_whatever_their_role_and_it_waits_for_them(staff: Staff) -> None:
    product = product_file(staff)
    with staff.acting("cmc"):
        assert not JocProduct.objects.filter(pk=product.pk).exists()
    take(staff, product, "joc", "ask")
    for post in ("cim", "cmc", "sec"):
        with staff.acting(post) as actor:
            (needed,) = [each for each in needs_me(actor) if each.record.pk == product.pk]
            assert needed.due_at == product.contributions_due
    with staff.acting("joc") as actor:
        assert not [each for each in needs_me(actor) if each.record.pk == product.pk]
        found = waiting_for(now(product))
        assert {post.title for each in found.awaited for post in each.posts} == {
            "Post cim", "Post cmc", "Post sec",
        }  # fmt: skip
        assert found.due_at == product.contributions_due


def test_a_contributor_writes_their_own_section_and_nothing_else(staff: Staff) -> None:
    product = collecting(staff)
    give(staff, product, "Military", "All quiet in the north")
    row = section(staff, product, "Military")
    assert (row.text, row.state, row.is_late) == ("All quiet in the north", "given", False)
    assert row.given_by_id == staff.people["cim"].pk
    other = section(staff, product, "Humanitarian")
    with pytest.raises(NotPermitted):
        take(staff, product, "cim", "contribute", section=str(other.uuid), text="Not mine")
    with staff.acting("cim"):
        assert Contribution.objects.filter(pk=other.pk).update(text="Not mine", state="given") == 0
        for changes in ({"heading": "Mine"}, {"position_id": staff.positions["unit"].pk}, {"is_open": False},
                        {"state": "missing"}, {"state": "nothing"}, {"text": ""}):  # fmt: skip
            with pytest.raises(DatabaseError), transaction.atomic():
                Contribution.objects.filter(pk=row.pk).update(**changes)
        assert JocProduct.objects.filter(pk=product.pk).update(title="Mine") == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            Contribution.objects.create(product_id=product.pk, heading="Another")
        assert Contribution.objects.filter(pk=row.pk).delete()[0] == 0


def test_who_gave_it_and_when_is_the_databases_word(staff: Staff) -> None:
    product = collecting(staff)
    with staff.acting("cim"):
        row = Contribution.objects.get(product_id=product.pk, heading="Military")
        Contribution.objects.filter(pk=row.pk).update(
            text="So it is", state="given", given_by_id=staff.people["cmc"].pk, given_at=soon(-48), is_late=True,
            version=77,
        )  # fmt: skip
        row.refresh_from_db()
    assert (row.given_by_id, row.is_late, row.version) == (staff.people["cim"].pk, False, 2)
    assert row.given_at is not None
    assert row.given_at > soon(-1)


def test_nothing_to_report_is_an_answer_and_when_all_has_come_it_waits_for_the_joc(staff: Staff) -> None:
    product = collecting(staff)
    give(staff, product, "Military")
    give(staff, product, "Humanitarian")
    row = section(staff, product, "Security")
    take(staff, product, "sec", "contribute", section=str(row.uuid), nothing=True)
    assert section(staff, product, "Security").state == "nothing"
    with staff.acting("joc") as actor:
        assert [each.record.pk for each in needs_me(actor)] == [product.pk]
    with staff.acting("sec") as actor:
        assert not needs_me(actor)


def test_two_contributors_at_once_do_not_meet_and_one_section_is_not_overwritten(staff: Staff) -> None:
    product = collecting(staff)
    seen = {post: section(staff, product, heading) for heading, post in ASKED.items() if post}
    give(staff, product, "Military")
    # The other one began before, and is not told that anything changed.
    take(staff, product, "cmc", "contribute", section=str(seen["cmc"].uuid), text="Mine", section_version=1)
    staff.also_holds("sec", "cim")
    with pytest.raises(StaleRecord):
        take(
            staff,
            product,
            "sec",
            "contribute",
            section=str(seen["cim"].uuid),
            text="Over it",
            section_version=1,
        )
    with pytest.raises(Incomplete):
        take(staff, product, "sec", "contribute", section=str(seen["cim"].uuid), text="Over it")


def test_the_clock_closes_the_collection_and_marks_what_has_not_come(staff: Staff) -> None:
    product = collecting(staff)
    give(staff, product, "Military")
    with staff.acting("joc"):
        assert now(product).auto_at == product.contributions_due
    take(staff, product, "joc", "extend", contributions_due=soon(0.0001))
    time.sleep(0.5)
    with acting_as_clock(product.pk) as actor:
        transition(actor, record=now(product), name="close_by_clock")
    with staff.acting("joc"):
        closed = now(product)
        states = dict(closed.contributions.values_list("heading", "state"))
    assert closed.state == "compiling"
    assert states == {
        "Highlights": "awaited", "Military": "given", "Humanitarian": "missing", "Security": "missing",
    }  # fmt: skip


def test_a_late_section_is_possible_until_the_joc_has_taken_it_up(staff: Staff) -> None:
    product = collecting(staff)
    take(staff, product, "joc", "extend", contributions_due=soon(0.0001))
    time.sleep(0.5)
    take(staff, product, "joc", "close")
    with staff.acting("cmc") as actor:
        assert [each.record.pk for each in needs_me(actor)] == [product.pk]
    give(staff, product, "Humanitarian")
    assert section(staff, product, "Humanitarian").is_late
    row = section(staff, product, "Security")
    take(
        staff,
        product,
        "joc",
        "edit",
        section=str(row.uuid),
        text="Nothing was received.",
        section_version=row.version,
    )
    with pytest.raises(NotPermitted):
        give(staff, product, "Security")
    with staff.acting("sec"), pytest.raises(DatabaseError), transaction.atomic():
        Contribution.objects.filter(pk=row.pk).update(text="After all", state="given")


def test_what_was_given_is_kept_for_the_joc_and_the_giver_when_it_is_edited(staff: Staff) -> None:
    product = collecting(staff)
    raw = give(staff, product, "Military")
    take(staff, product, "joc", "close")
    row = section(staff, product, "Military")
    take(staff, product, "joc", "edit", section=str(row.uuid), text="Shortened", section_version=row.version)
    seen = {}
    for post in ("joc", "cim", "cmc", "dec"):
        with staff.acting(post):
            seen[post] = list(Given.objects.filter(contribution_id=row.pk).values_list("text", flat=True))
    assert seen == {"joc": [raw], "cim": [raw], "cmc": [], "dec": []}
    edited = section(staff, product, "Military")
    assert (edited.text, edited.given_by_id, edited.edited_at is not None) == (
        "Shortened", staff.people["cim"].pk, True,
    )  # fmt: skip
    with staff.acting("cim"):
        assert Given.objects.all().delete()[0] == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            Given.objects.all().update(text="Otherwise")


def test_a_closed_collection_is_opened_again_by_a_new_deadline(staff: Staff) -> None:
    product = compiling(staff)
    assert section(staff, product, "Security").state == "missing"
    until = soon(5)
    opened = take(staff, product, "joc", "extend", contributions_due=until)
    assert (opened.state, opened.due_at, opened.auto_at) == ("collecting", until, until)
    assert section(staff, product, "Security").state == "awaited"


def test_another_position_is_asked_for_a_section_that_has_not_come(staff: Staff) -> None:
    product = collecting(staff)
    row = section(staff, product, "Security")
    take(staff, product, "joc", "ask_another", section=str(row.uuid), position=staff.positions["unit"])
    give(staff, product, "Security", by="unit")
    given = section(staff, product, "Military")
    give(staff, product, "Military")
    with pytest.raises(NotPermitted):
        take(staff, product, "joc", "ask_another", section=str(given.uuid), position=staff.positions["unit"])
    with pytest.raises(NotPermitted):
        take(staff, product, "cim", "ask_another", section=str(row.uuid), position=staff.positions["unit"])
