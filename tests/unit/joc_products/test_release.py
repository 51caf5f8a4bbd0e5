"""Compiling, the release decision, and what follows: corrections and the next one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from apps.joc_products.models import Contribution, Correction, JocProduct, ProductTemplate
from apps.joc_products.services import correction_file, next_file
from apps.mission.models import PositionRole
from apps.mission.vocabulary import Role
from apps.records.errors import DutyConflict, IllegalTransition, Incomplete, NotPermitted, StaleRecord
from apps.records.models import RecordLink, Step
from apps.records.registry import by_key
from apps.records.transitions import open_to
from apps.records.waiting import needs_me
from tests.factories.joc import (
    bring_to,
    collecting,
    compiling,
    give,
    now,
    product_file,
    released,
    section,
    take,
)
from tests.factories.staff import Staff


def offered(staff: Staff, product: JocProduct, post: str) -> set[str]:
    with staff.acting(post) as actor:
        return {offer.step.name for offer in open_to(actor, now(product))}


def test_a_section_that_is_needed_keeps_the_product_from_the_release_authority(staff: Staff) -> None:
    product = take(staff, collecting(staff), "joc", "close")
    with pytest.raises(Incomplete) as refused:
        take(staff, product, "joc", "submit")
    assert "Highlights" in refused.value.errors["contributions"][0]
    row = section(staff, product, "Highlights")
    take(staff, product, "joc", "edit", section=str(row.uuid), text="Quiet.", section_version=row.version)
    assert take(staff, product, "joc", "submit").state == "for_release"


def test_without_a_release_authority_nobody_releases(staff: Staff) -> None:
    product = compiling(staff)
    PositionRole.objects.filter(
        position__organisation=staff.organisations["force"], role=Role.RELEASE
    ).delete()
    with pytest.raises(Incomplete) as refused:
        take(staff, product, "joc", "submit")
    assert "release authority" in refused.value.errors["__all__"][0]
    assert "release" not in offered(staff, product, "dec")


def test_the_release_waits_for_the_release_authority_of_the_organisation_alone(staff: Staff) -> None:
    staff.post("rel_elsewhere", "agency", Role.RELEASE)
    product = take(staff, compiling(staff, scope="mission"), "joc", "submit")
    with staff.acting("rel") as actor:
        (needed,) = needs_me(actor)
        assert (needed.record.pk, needed.due_at) == (product.pk, product.needed_by)
    assert offered(staff, product, "rel") == {"release", "return"}
    for post in ("joc", "dec", "rel_elsewhere", "cim"):
        assert not offered(staff, product, post)
        with pytest.raises(NotPermitted):
            take(staff, product, post, "release")
    out = take(staff, product, "rel", "release")
    assert out.state == "released"


def test_whoever_compiled_it_releases_it_only_as_release_authority_and_under_their_own_word(
    staff: Staff,
) -> None:
    product = product_file(staff, by="both")
    for name in ("compile",):
        take(staff, product, "both", name)
    row = section(staff, product, "Highlights", by="both")
    take(staff, product, "both", "contribute", section=str(row.uuid), text="Quiet")
    take(staff, product, "both", "submit")
    assert offered(staff, product, "both") == {"release_own", "return"}
    with pytest.raises(NotPermitted):
        take(staff, product, "both", "release")
    # The database separates the two duties, whatever the application thinks.
    with staff.acting("both"), pytest.raises(DatabaseError), transaction.atomic():
        Step.objects.create(
            record_id=product.pk, name="release", from_state="for_release", to_state="released",
            position=staff.positions["both"],
        )  # fmt: skip
    assert DutyConflict.message
    assert take(staff, product, "both", "release_own").state == "released"


def test_it_is_returned_with_a_word_and_put_forward_again(staff: Staff) -> None:
    product = take(staff, compiling(staff), "joc", "submit")
    with pytest.raises(Incomplete):
        take(staff, product, "rel", "return")
    assert take(staff, product, "rel", "return", note="Check the numbers").state == "returned"
    with staff.acting("joc") as actor:
        assert [each.record.pk for each in needs_me(actor)] == [product.pk]
    row = section(staff, product, "Military")
    take(staff, product, "joc", "edit", section=str(row.uuid), text="Checked", section_version=row.version)
    with pytest.raises(StaleRecord):
        take(staff, product, "joc", "edit", section=str(row.uuid), text="Again", section_version=row.version)
    assert take(staff, product, "joc", "submit").state == "for_release"


def test_what_is_out_is_not_changed_in_silence(staff: Staff) -> None:
    product = released(staff)
    row = section(staff, product, "Military")
    for post in ("joc", "cim"):
        with staff.acting(post), pytest.raises(DatabaseError), transaction.atomic():
            Contribution.objects.filter(pk=row.pk).update(text="Otherwise")
    assert not offered(staff, product, "joc")
    assert offered(staff, product, "rel") == {"withdraw"}


def test_readers_are_told_of_a_release(staff: Staff) -> None:
    assert {"release", "release_own", "withdraw"} == by_key("joc_product").broadcasts
    assert by_key("joc_product").releasable


def test_a_correction_is_an_edition_of_its_own_and_replaces_the_old_one_when_it_is_released(
    staff: Staff,
) -> None:
    old = released(staff)
    with staff.acting("joc") as actor:
        newer = correction_file(actor, product=now(old))
        assert correction_file(actor, product=now(old)).pk == newer.pk
    said = section(staff, old, "Military").text
    row = section(staff, newer, "Military")
    assert (newer.edition, newer.state, row.text, row.state) == (2, "draft", said, "given")
    take(staff, newer, "joc", "compile")
    row = section(staff, newer, "Military")
    take(staff, newer, "joc", "edit", section=str(row.uuid), text="Corrected", section_version=row.version)
    take(staff, newer, "joc", "submit")
    with staff.acting("joc"):
        assert now(old).state == "released"
    assert "supersede" not in offered(staff, old, "rel")
    take(staff, newer, "rel", "release")
    with staff.acting("joc"):
        assert (now(old).state, now(newer).state) == ("superseded", "released")
        assert Contribution.objects.get(product_id=old.pk, heading="Military").text == said


def test_only_what_is_out_and_ones_own_is_corrected(staff: Staff) -> None:
    under_way = compiling(staff)
    with staff.acting("joc") as actor, pytest.raises(IllegalTransition):
        correction_file(actor, product=now(under_way))
    old = released(staff, scope="mission")
    staff.post("joc_elsewhere", "agency", Role.JOC)
    with staff.acting("joc_elsewhere") as actor, pytest.raises(NotPermitted):
        correction_file(actor, product=now(old))
    mine = product_file(staff, by="joc_elsewhere")
    with staff.acting("joc_elsewhere") as actor, pytest.raises(DatabaseError), transaction.atomic():
        Correction.objects.create(product=now(mine), corrected=now(old), author=actor.user)


def test_the_next_one_has_the_period_that_follows_and_asks_the_same_contributors(staff: Staff) -> None:
    old = released(staff, area=staff.area, sensitivity=2)
    with staff.acting("joc") as actor:
        newer = next_file(actor, product=now(old))
        assert next_file(actor, product=now(old)).pk == newer.pk
    assert newer.state == "collecting"
    assert (newer.period_from, newer.template_id, newer.area_id, newer.sensitivity) == (
        old.period_to, old.template_id, staff.area.pk, 2,
    )  # fmt: skip
    assert newer.needed_by == (old.needed_by or timezone.now()) + timedelta(days=1)
    with staff.acting("cim") as actor:
        assert [each.record.pk for each in needs_me(actor)] == [newer.pk]
    with staff.acting("joc"):
        assert RecordLink.objects.filter(source_id=newer.pk, target_id=old.pk, relation="follows").exists()


def test_after_a_pause_the_next_one_leaves_nothing_out(staff: Staff) -> None:
    long_ago = timezone.now() - timedelta(days=5)
    product = product_file(staff)
    with staff.acting("joc"):
        mine = now(product)
        mine.period_from, mine.period_to = long_ago - timedelta(days=1), long_ago
        mine.needed_by = long_ago + timedelta(hours=3)
        mine.contributions_due = long_ago
        mine.save()
    take(staff, product, "joc", "compile")
    give(staff, product, "Highlights")
    take(staff, product, "joc", "submit")
    take(staff, product, "rel", "release")
    with staff.acting("joc") as actor:
        newer = next_file(actor, product=now(product))
    assert newer.state == "collecting"
    assert newer.period_from == long_ago
    assert newer.contributions_due is not None
    assert newer.contributions_due > timezone.now()


def test_where_nobody_can_be_asked_the_next_one_stays_a_draft(staff: Staff) -> None:
    old = released(staff)
    ProductTemplate.objects.get(pk=old.template_id).sections.update(position=None)
    with staff.acting("joc") as actor:
        assert next_file(actor, product=now(old)).state == "draft"


def test_a_report_on_an_incident_has_no_next_one_and_counts_from_the_incident(staff: Staff) -> None:
    at = timezone.now() - timedelta(hours=1)
    product = product_file(staff, kind="special_incident", incident_at=at)
    assert (product.needed_by, product.contributions_due) == (
        at + timedelta(hours=6),
        at + timedelta(hours=3),
    )
    assert product.kind == "special_incident"
    take(staff, product, "joc", "compile")
    give(staff, product, "Highlights")
    take(staff, product, "joc", "submit")
    out = take(staff, product, "rel", "release")
    with staff.acting("joc") as actor, pytest.raises(IllegalTransition):
        next_file(actor, product=out)


def test_it_is_taken_back_with_a_reason(staff: Staff) -> None:
    product = bring_to(staff, "released")
    with pytest.raises(Incomplete):
        take(staff, product, "rel", "withdraw")
    assert take(staff, product, "rel", "withdraw", note="Wrong source").state == "withdrawn"
