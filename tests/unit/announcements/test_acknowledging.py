"""Saying that one has read it: once for each edition, in one's own name, seen by oneself and the originator."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection
from django.db import transaction as database
from django.test.utils import CaptureQueriesContext

from apps.announcements import selectors
from apps.announcements.models import Acknowledgement
from apps.announcements.services import acknowledge
from apps.mission.models import Organisation
from apps.mission.vocabulary import EngagementStance
from apps.need_to_know.audience import audience_of
from apps.need_to_know.roll_call import Page, Roll
from apps.records.errors import IllegalTransition, NotPermitted, StaleRecord
from apps.records.models import Record
from apps.records.waiting import needs_me
from tests.factories.announcements import (
    bring_to,
    emergency_file,
    notice_file,
    now,
    read_it,
    take,
)
from tests.factories.staff import Staff

ALL = Page(most=500)


def roll(staff: Staff, announcement: Record, who: str = "joc", page: Page = ALL) -> Roll:
    """Who has read it, as somebody sees it."""
    with staff.acting(who) as actor:
        return selectors.read_by(actor, now(announcement), page)  # type: ignore[arg-type]


def test_a_second_time_changes_nothing(staff: Staff) -> None:
    announcement = take(staff, emergency_file(staff), "joc", "issue")
    with staff.acting("req") as actor:
        first = acknowledge(actor, record=now(announcement), edition=1)
        again = acknowledge(actor, record=now(announcement))
        assert (first.pk, first.at) == (again.pk, again.at)
        assert (first.person, first.position) == (staff.people["req"], staff.positions["req"])
        assert Acknowledgement.objects.count() == 1


def test_a_new_edition_is_read_anew(staff: Staff) -> None:
    announcement = take(staff, emergency_file(staff), "joc", "issue")
    read_it(staff, announcement, "req")
    with staff.acting("req"):
        shown = now(announcement)
    take(staff, announcement, "joc", "amend", message="Another")
    with staff.acting("req") as actor:
        # The page still shows the first edition: nobody says that they read what they have not seen.
        with pytest.raises(StaleRecord):
            acknowledge(actor, record=now(announcement), edition=1)
        assert selectors.acknowledgement_of(actor, now(announcement)) is None
        Acknowledgement.objects.filter(announcement_id=shown.pk).exists()
        assert acknowledge(actor, record=now(announcement), edition=2).edition == 2
        assert [a.edition for a in Acknowledgement.objects.order_by("edition")] == [1, 2]


def test_the_edition_that_was_loaded_is_the_one_that_is_meant(staff: Staff) -> None:
    announcement = take(staff, emergency_file(staff), "joc", "issue")
    with staff.acting("clu"):
        loaded = now(announcement)
    take(staff, announcement, "joc", "amend", message="Another")
    with staff.acting("clu") as actor:
        with pytest.raises(StaleRecord):
            acknowledge(actor, record=loaded)
        assert not Acknowledgement.objects.exists()


@pytest.mark.parametrize("state", ["draft", "cancelled"])
def test_what_is_not_in_force_is_not_acknowledged(staff: Staff, state: str) -> None:
    announcement = bring_to(staff, emergency_file(staff), state)
    with staff.acting("joc") as actor, pytest.raises(IllegalTransition):
        acknowledge(actor, record=now(announcement))


def test_a_notice_that_does_not_ask_takes_none(staff: Staff) -> None:
    announcement = take(staff, notice_file(staff), "joc", "issue")
    with staff.acting("req") as actor, pytest.raises(NotPermitted):
        acknowledge(actor, record=now(announcement))
    asked = take(staff, notice_file(staff, needs_acknowledgement=True), "joc", "issue")
    read_it(staff, asked, "req")


def test_the_database_writes_the_actors_own_name(staff: Staff) -> None:
    announcement = take(staff, emergency_file(staff), "joc", "issue")
    with staff.acting("req"):
        forged = Acknowledgement.objects.create(
            announcement=now(announcement), edition=1, person=staff.people["clu"],
            position=staff.positions["clu"],
        )  # fmt: skip
        forged.refresh_from_db()
        assert (forged.person, forged.position) == (staff.people["req"], None)
        for write in (
            lambda: Acknowledgement.objects.filter(pk=forged.pk).update(edition=1),
            lambda: Acknowledgement.objects.filter(pk=forged.pk).delete(),
            lambda: Acknowledgement.objects.create(
                announcement_id=announcement.pk, edition=2, person=staff.people["req"]
            ),
        ):
            with pytest.raises(DatabaseError), database.atomic():
                write()


def test_the_database_takes_none_of_what_is_hidden_or_not_in_force(staff: Staff) -> None:
    hidden = take(staff, emergency_file(staff, classification=1), "joc", "issue")
    draft = emergency_file(staff)
    codes = set()
    for who, key in (("req", hidden.pk), ("req", 10**9), ("sec", draft.pk)):
        with staff.acting(who), pytest.raises(DatabaseError) as caught, database.atomic():
            Acknowledgement.objects.create(announcement_id=key, edition=1, person=staff.people[who])
        codes.add((who, getattr(caught.value.__cause__, "pgcode", None)))
    assert {code for who, code in codes if who == "req"} == {"42501"}


def test_who_has_read_it_is_seen_by_oneself_and_by_the_originators_own_people(staff: Staff) -> None:
    announcement = take(staff, emergency_file(staff), "joc", "issue")
    read_it(staff, announcement, "req", "clu", "sec")
    seen = {}
    for who in ("req", "clu", "sec", "joc", "rel_force", "joc_night", "cmc", "aud"):
        with staff.acting(who):
            seen[who] = Acknowledgement.objects.filter(announcement_id=announcement.pk).count()
    assert seen == {
        "req": 1, "clu": 1, "sec": 1, "joc": 3, "rel_force": 3, "joc_night": 0, "cmc": 0, "aud": 0,
    }  # fmt: skip


def test_it_needs_me_until_i_have_read_it(staff: Staff) -> None:
    announcement = take(staff, emergency_file(staff), "joc", "issue")

    def waits(who: str) -> bool:
        with staff.acting(who) as actor:
            return announcement.pk in [needed.record.pk for needed in needs_me(actor)]

    assert waits("req")
    assert waits("unit")
    # Whoever wrote it has read it.
    assert not waits("joc")
    read_it(staff, announcement, "req")
    assert not waits("req")
    take(staff, announcement, "joc_night", "amend", message="Another")
    assert waits("req")
    assert waits("joc")
    take(staff, announcement, "joc", "cancel")
    assert not waits("req")


# ---------------------------------------------------------------- the roll
def test_the_roll_is_the_audience(staff: Staff) -> None:
    announcement = take(staff, emergency_file(staff), "joc", "issue")
    staff.also_holds("req", "clu")
    read_it(staff, announcement, "req", "sec")
    found = roll(staff, announcement)
    with staff.acting("joc"):
        readers = {r.user_id for r in audience_of(now(announcement)).readers}
    # Three have: two said so, and one wrote it.
    assert (found.done, found.missing) == (3, len(readers) - 3)
    names = [each.name for each in found.absent]
    assert len(names) == len(set(names)) == found.missing
    assert "Holder req" not in names
    assert "Holder joc" not in names
    assert "Holder aud" not in names
    by_name = {each.name: (each.done, each.missing) for each in found.organisations}
    assert by_name["Force Headquarters"] == (2, 5)
    assert by_name["Second House"] == (0, 1)


def test_whoever_stops_reading_it_is_counted_no_longer(staff: Staff) -> None:
    announcement = take(staff, emergency_file(staff), "joc", "issue")
    read_it(staff, announcement, "unit")
    before = roll(staff, announcement)
    staff.positions["unit"].holdings.all().delete()
    after = roll(staff, announcement)
    assert (after.done, after.missing) == (before.done - 1, before.missing)


def test_pages_hold_everybody_once_and_one_organisation_alone(staff: Staff) -> None:
    announcement = take(staff, emergency_file(staff), "joc", "issue")
    whole = roll(staff, announcement)
    names, place = [], None
    for _ in range(20):
        part = roll(staff, announcement, page=Page(most=3, after=place))
        names += [each.name for each in part.absent]
        assert (part.done, part.missing) == (whole.done, whole.missing)
        if not part.more:
            break
        place = part.absent[-1].place
    assert names == [each.name for each in whole.absent]
    ngo = staff.organisations["ngo"].uuid
    only = roll(staff, announcement, page=Page(organisation=ngo))
    assert [each.name for each in only.absent] == ["Holder req", "Holder req_colleague"]


def test_names_that_the_originator_may_not_know_are_counted(staff: Staff) -> None:
    """An organisation that is not to be listed is known to its own people and to CMCoord officers alone."""
    announcement = take(staff, emergency_file(staff), "joc", "issue")
    Organisation.objects.filter(pk=staff.organisations["other_ngo"].pk).update(
        engagement_stance=EngagementStance.UNLISTED
    )
    before = roll(staff, announcement)
    assert (before.unnamed_done, before.unnamed_missing) == (0, 1)
    assert "Second House" not in {each.name for each in before.organisations}
    assert "Holder req_elsewhere" not in {each.name for each in before.absent}
    read_it(staff, announcement, "req_elsewhere")
    after = roll(staff, announcement)
    assert (after.unnamed_done, after.unnamed_missing) == (1, 0)
    assert (after.done, after.missing) == (before.done + 1, before.missing - 1)
    by_cmcoord = take(staff, emergency_file(staff, by="cmc"), "cmc", "issue")
    assert "Second House" in {each.name for each in roll(staff, by_cmcoord, "cmc").organisations}
    # Somebody who also stands for an organisation that may be known is named there.
    staff.also_holds("req_elsewhere", "req")
    assert roll(staff, announcement).unnamed_done == 0


def test_the_roll_costs_one_query_and_one_for_names(staff: Staff) -> None:
    announcement = take(staff, emergency_file(staff), "joc", "issue")
    with staff.acting("joc") as actor:
        record = now(announcement)
        with CaptureQueriesContext(connection) as asked:
            selectors.read_by(actor, record, ALL)
    assert len(asked) == 2
