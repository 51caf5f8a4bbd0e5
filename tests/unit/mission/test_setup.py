"""The set-up pages: who gets in, what they see of which mission, and the closed ways to more rights."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from django.contrib.admin.models import LogEntry
from django.core import mail
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.mission import clocked
from apps.mission.models import (
    Area,
    Compartment,
    DecisionAuthority,
    Holding,
    LeadTime,
    Mission,
    Organisation,
    Position,
    Sector,
)
from apps.mission.setup import site
from apps.mission.vocabulary import Capacity, RequestKind, Role
from apps.records.models import Record

pytestmark = pytest.mark.django_db


class Place:
    """A mission with an organisation, an administrator's position and an officer's, and people in both."""

    def __init__(self, code: str) -> None:
        self.mission = Mission.objects.create(code=code, name=f"Mission {code}", time_zone="Africa/Juba")
        self.organisation = Organisation.objects.create(
            mission=self.mission, name=f"HQ {code}", org_type="component", side="mission_civil"
        )
        self.desk = self.position("Administrator", Role.ADMIN)
        self.post = self.position("CIMIC officer", Role.CIMIC)
        self.admin = self.person("admin", self.desk, is_staff=True)
        self.officer = self.person("officer", self.post)
        self.client = Client()
        self.client.force_login(self.admin, backend="allauth.account.auth_backends.AuthenticationBackend")

    def position(self, title: str, *roles: Role) -> Position:
        made = Position.objects.create(mission=self.mission, title=title, organisation=self.organisation)
        for role in roles:
            made.roles.create(role=role)
        return made

    def person(self, name: str, position: Position, **fields: object) -> User:
        address = f"{name}@{self.mission.code}.example"
        person = User.objects.create_user(address, None, name=f"{name} of {self.mission.code}", **fields)
        Holding.objects.create(position=position, person=person)
        return person


@pytest.fixture
def here() -> Place:
    return Place("here")


@pytest.fixture
def there() -> Place:
    return Place("there")


def change(thing: object) -> str:
    meta = thing._meta  # type: ignore[attr-defined]
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[thing.pk])  # type: ignore[attr-defined]


def test_every_page_opens(here: Place) -> None:
    assert here.client.get(reverse("admin:index")).status_code == 200
    for model in site._registry:
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        assert here.client.get(reverse(f"admin:{name}_changelist")).status_code == 200, name
        expected = 403 if model is Mission else 200
        assert here.client.get(reverse(f"admin:{name}_add")).status_code == expected, name
    for thing in (here.mission, here.organisation, here.desk, here.post, here.officer):
        assert here.client.get(change(thing)).status_code == 200


def test_only_structure_and_people_are_registered() -> None:
    beside = {
        model.__name__ for model in site._registry if model._meta.app_label not in {"accounts", "mission"}
    }
    # Structure of upper rooms.
    assert beside <= {
        "InformationDesk", "LiaisonRule", "LeadRule", "PlanRule", "ProjectRule", "ProjectCriterion", "ProductTemplate",
        "ClockRule", "DefaultFrequency", "Webhook",
    }  # fmt: skip
    assert not [model for model in site._registry if issubclass(model, Record)]


def test_who_gets_in(here: Place, client: Client) -> None:
    index = reverse("admin:index")
    answer = client.get(index)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/?next=")
    client.force_login(here.officer, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(index).status_code == 403
    User.objects.filter(pk=here.officer.pk).update(is_staff=True)
    assert client.get(index).status_code == 403, "staff without the administrator's role"


def test_rights_end_with_the_holding(here: Place) -> None:
    Holding.objects.filter(person=here.admin).update(
        starts=timezone.now() - timedelta(days=2), until=timezone.now() - timedelta(seconds=1)
    )
    assert here.client.get(reverse("admin:index")).status_code == 403


@pytest.mark.parametrize("name", ["login", "logout", "password_change", "view_on_site"])
def test_doors_of_the_stock_admin_are_closed(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(f"admin:{name}", args=["1", "1"] if name == "view_on_site" else [])


def test_another_mission_does_not_exist(here: Place, there: Place) -> None:
    Area.objects.create(mission=there.mission, pcode="TD01", name="Theirs", level=1)
    for thing in (there.mission, there.organisation, there.post, there.officer):
        answer = here.client.get(change(thing))
        assert answer.status_code == 302, "the admin's answer to what is not there"
        assert answer["Location"] == reverse("admin:index")
    for model in site._registry:
        page = here.client.get(reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"))
        assert "there" not in page.content.decode().replace("other", ""), model


def test_a_mission_says_who_announces_what(here: Place) -> None:
    form = here.client.get(change(here.mission)).content.decode()
    assert re.findall(r'name="broadcast_roles" value="(\w+)"[^>]* checked', form) == [
        "CMC",
        "JOC",
        "SEC",
        "DEC",
    ]
    assert 'name="notice_roles" value="AUD"' not in form
    sent = {
        "name": "Mission here", "time_zone": "Africa/Juba", "auto_close_days": 14, "emergency_validation_hours": 24,
        "notice_roles": ["CIM", "CLU"], "broadcast_roles": ["JOC"], "broadcast_hours": 12,
    }  # fmt: skip
    assert here.client.post(change(here.mission), sent | {"broadcast_hours": 169}).status_code == 200
    assert here.client.post(change(here.mission), sent).status_code == 302
    here.mission.refresh_from_db()
    assert set(here.mission.notice_roles) == {"CIM", "CLU"}
    assert (here.mission.broadcast_roles, here.mission.broadcast_hours) == (["JOC"], 12)


def test_pickers_offer_nothing_of_another_mission(here: Place, there: Place) -> None:
    for field, model in (("organisation", "position"), ("reports_to", "position"), ("person", "holding")):
        answer = here.client.get(
            reverse("admin:autocomplete"), {"app_label": "mission", "model_name": model, "field_name": field}
        )
        assert answer.status_code == 200
        assert "there" not in answer.content.decode()
    assert "Mission there" not in here.client.get(reverse("admin:mission_sector_add")).content.decode()


def test_nothing_is_saved_across_missions(here: Place, there: Place) -> None:
    form = {"mission": there.mission.pk, "code": "FSC", "name": "Food"}
    page = here.client.post(reverse("admin:mission_sector_add"), form)
    assert "mission" in page.context["adminform"].form.errors
    assert not Sector.objects.exists()
    authority = {"mission": here.mission.pk, "kind": RequestKind.LIFT, "position": there.post.pk}
    here.client.post(reverse("admin:mission_decisionauthority_add"), authority)
    assert not DecisionAuthority.objects.exists()


def test_an_administrator_of_two_missions_cannot_mix_them(here: Place, there: Place) -> None:
    Holding.objects.create(position=there.desk, person=here.admin)
    there.post.roles.create(role=Role.DECIDER)
    authority = {"mission": here.mission.pk, "kind": RequestKind.LIFT, "position": there.post.pk}
    page = here.client.post(reverse("admin:mission_decisionauthority_add"), authority)
    assert "This belongs to another mission." in page.content.decode()
    assert not DecisionAuthority.objects.exists()


def test_a_decider_needs_the_role(here: Place) -> None:
    authority = {"mission": here.mission.pk, "kind": RequestKind.LIFT, "position": here.post.pk}
    page = here.client.post(reverse("admin:mission_decisionauthority_add"), authority)
    assert "does not hold the role" in page.content.decode()
    here.post.roles.create(role=Role.DECIDER)
    assert here.client.post(reverse("admin:mission_decisionauthority_add"), authority).status_code == 302
    assert DecisionAuthority.objects.get().position == here.post


def position_form(position: Position, **more: object) -> dict[str, object]:
    return {
        "title": position.title, "organisation": position.organisation_id, "clearance": 0, "is_active": "on",
        "roles-TOTAL_FORMS": 0, "roles-INITIAL_FORMS": 0, "holdings-TOTAL_FORMS": 0, "holdings-INITIAL_FORMS": 0,
        **more,
    }  # fmt: skip


def holding_row(person: User, **more: object) -> dict[str, object]:
    row = {"id": "", "person": person.pk, "capacity": Capacity.SUBSTITUTE, "starts_0": "2026-01-02",
           "starts_1": "08:00", **more}  # fmt: skip
    return {"holdings-TOTAL_FORMS": 1, **{f"holdings-0-{key}": value for key, value in row.items()}}


def test_a_substitute_is_put_in_with_dates(here: Place) -> None:
    other = here.position("Deputy")
    person = here.person("deputy", other)
    form = position_form(here.post, **holding_row(person, until_0="2026-02-01", until_1="08:00"))
    assert here.client.post(change(here.post), form).status_code == 302
    holding = Holding.objects.get(position=here.post, person=person)
    assert holding.capacity == Capacity.SUBSTITUTE
    assert holding.until is not None


def test_nobody_puts_themselves_in_a_position(here: Place) -> None:
    page = here.client.post(change(here.post), position_form(here.post, **holding_row(here.admin)))
    assert "Another administrator must put you" in page.content.decode()
    assert not Holding.objects.filter(position=here.post, person=here.admin).exists()


def test_nobody_changes_a_position_they_are_in(here: Place) -> None:
    form = position_form(here.desk, clearance=2, **{"roles-TOTAL_FORMS": 1, "roles-0-role": Role.CIMIC})
    assert here.client.post(change(here.desk), form).status_code == 403
    here.desk.refresh_from_db()
    assert here.desk.clearance == 0
    assert not here.desk.roles.filter(role=Role.CIMIC).exists()


def test_nothing_is_deleted(here: Place) -> None:
    for thing in (here.organisation, here.post, here.officer, here.mission):
        meta = thing._meta
        address = reverse(f"admin:{meta.app_label}_{meta.model_name}_delete", args=[thing.pk])
        assert here.client.post(address, {"post": "yes"}).status_code == 403
    assert Position.objects.filter(pk=here.post.pk).exists()


def test_the_superuser_flag_and_the_password_cannot_be_sent(here: Place) -> None:
    form = {
        "name": "Officer",
        "email": "new@here.example",
        "is_active": "on",
        "is_superuser": "on",
        "password": "x",
    }
    here.client.post(change(here.officer), form)
    here.officer.refresh_from_db()
    assert here.officer.email == "new@here.example", "not yet signed in, so a slip can be mended"
    assert not here.officer.is_superuser
    assert not here.officer.has_usable_password()
    User.objects.filter(pk=here.officer.pk).update(last_login=timezone.now())
    here.client.post(change(here.officer), {**form, "email": "stolen@evil.example"})
    here.officer.refresh_from_db()
    assert here.officer.email == "new@here.example"


def test_a_person_of_two_missions_is_shown_and_not_edited(here: Place, there: Place) -> None:
    Holding.objects.create(position=there.post, person=here.officer)
    assert here.client.get(change(here.officer)).status_code == 200
    assert here.client.post(change(here.officer), {"name": "Changed"}).status_code == 403


def test_no_one_edits_their_own_account_here(here: Place) -> None:
    assert here.client.post(change(here.admin), {"name": "x"}).status_code == 403


def invitation(position: Position, email: str) -> dict[str, object]:
    return {
        "email": email, "name": "Nya Deng", "language": "en", "position": position.pk, "capacity": "holder",
        "starts_0": "2026-01-02", "starts_1": "08:00",
    }  # fmt: skip


def test_an_invited_person_sets_a_password_and_signs_in(
    here: Place, django_capture_on_commit_callbacks: object, client: Client
) -> None:
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        here.client.post(reverse("admin:accounts_user_add"), invitation(here.post, "nya@here.example"))
    (letter,) = mail.outbox
    assert letter.to == ["nya@here.example"]
    link = next(line for line in letter.body.splitlines() if "://" in line)
    page = client.get(link, follow=True)
    password = {"password1": "a password of mine", "password2": "a password of mine"}
    assert client.post(page.request["PATH_INFO"], password).status_code == 302
    signed_in = Client().post(
        "/accounts/login/", {"login": "nya@here.example", "password": "a password of mine"}
    )
    assert signed_in.status_code == 302
    person = User.objects.get(email="nya@here.example")
    assert person.time_zone == "Africa/Juba"
    assert not person.is_staff


def test_inviting_a_known_address_tells_nothing_and_changes_nothing(here: Place, there: Place) -> None:
    answers = []
    for email in ("officer@there.example", "unknown@there.example"):
        page = here.client.post(reverse("admin:accounts_user_add"), invitation(here.post, email), follow=True)
        answers.append([str(message).replace(email, "") for message in page.context["messages"]])
    assert answers[0] == answers[1]
    assert User.objects.get(email="officer@there.example").name == "officer of there"
    assert Holding.objects.filter(position=here.post, person=there.officer).exists()


def test_nobody_invites_themselves_or_into_another_mission(here: Place, there: Place) -> None:
    address = reverse("admin:accounts_user_add")
    assert here.client.post(address, invitation(here.post, "admin@here.example")).status_code == 422
    assert here.client.post(address, invitation(there.post, "x@here.example")).status_code == 422
    assert not User.objects.filter(email="x@here.example").exists()


def test_a_lead_time_is_set_for_a_state_that_exists(here: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    known = [clocked.ClockedState("letter", "sent", "Letter", "Sent")]
    monkeypatch.setattr(clocked, "_source", [lambda: known])
    form = {"mission": here.mission.pk, "clock": "letter:sent", "priority": "", "hours": 4}
    address = reverse("admin:mission_leadtime_add")
    assert here.client.post(address, form).status_code == 302
    made = LeadTime.objects.get()
    assert (made.record_type, made.state, made.priority, made.hours) == ("letter", "sent", None, 4)
    assert here.client.post(address, form).status_code == 200, "a second one for the same"
    assert here.client.post(address, {**form, "clock": "letter:burnt"}).status_code == 200
    assert LeadTime.objects.count() == 1
    assert "Letter: Sent" in here.client.get(reverse("admin:mission_leadtime_changelist")).content.decode()


def test_areas_are_imported_after_a_look_at_each_row(here: Place) -> None:
    address = reverse("admin:mission_area_import")
    table = io.BytesIO(b"P-code,Name\nSS01,Nord\nSS02,\n")
    table.name = "areas.csv"
    page = here.client.post(address, {"mission": here.mission.pk, "file": table})
    text = page.content.decode()
    assert "The name is missing." in text
    assert not Area.objects.exists()
    kept = {"kept": page.context["key"]}
    assert here.client.post(address, kept).status_code == 422
    assert not Area.objects.exists()
    assert here.client.post(address, {**kept, "valid_only": "on"}).status_code == 302
    assert list(Area.objects.values_list("pcode", "mission_id")) == [("SS01", here.mission.pk)]
    assert here.client.post(address, kept).status_code == 302, "a table is imported once"


def test_a_kept_table_is_its_owners_and_its_missions(here: Place, there: Place) -> None:
    address = reverse("admin:mission_area_import")
    table = io.BytesIO(b"P-code,Name\nSS01,Nord\n")
    table.name = "areas.csv"
    page = here.client.post(address, {"mission": here.mission.pk, "file": table})
    assert there.client.post(address, {"kept": page.context["key"]}).status_code == 302
    table.seek(0)
    assert here.client.post(address, {"mission": there.mission.pk, "file": table}).status_code == 422
    assert not Area.objects.exists()


def test_what_was_changed_is_kept_in_the_history(here: Place) -> None:
    here.client.post(
        reverse("admin:mission_compartment_add"), {"mission": here.mission.pk, "code": "med", "name": "M"}
    )
    assert Compartment.objects.count() == 1
    assert LogEntry.objects.get().user == here.admin
