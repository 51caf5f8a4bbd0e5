"""Rules over what Django knows: migrations, registered admin pages, tasks, keys in addresses."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import call_command
from django.urls import get_resolver

from apps.records.registry import all_types
from cimic_portal.celery import app as celery
from tests.cast.rows import models_under_records


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def _sites() -> list[Any]:
    """Every admin site that an address leads to."""
    from django.contrib.admin import AdminSite
    from django.contrib.admin.sites import all_sites

    return [site for site in all_sites if isinstance(site, AdminSite)]


def test_no_admin_page_knows_a_record() -> None:
    """Autocomplete, history and the delete confirmation of the admin pass the row rule's pages by."""
    known = {model for site in _sites() for model in site._registry}
    assert known & set(models_under_records()) == set()


# What people call it by, below a record that is named by its UUID: a version of a plan; every reader has the list.
CALLED_BY_NUMBER = "<uuid:uuid>/versions/<int:number>/"


def test_records_are_named_by_uuid_in_every_address() -> None:
    """No sequential number of a record or of anything under it stands in an address."""
    found: list[str] = []

    def walk(patterns: list[Any], route: str) -> None:
        for pattern in patterns:
            whole = route + str(pattern.pattern)
            if hasattr(pattern, "url_patterns"):
                if getattr(pattern, "app_name", "") != "admin":
                    walk(pattern.url_patterns, whole)
            elif "<int:" in whole.replace(CALLED_BY_NUMBER, ""):
                found.append(whole)

    walk(get_resolver().url_patterns, "")
    assert found == []


def test_every_type_has_its_surfaces() -> None:
    from apps.records.checks import record_types_are_whole

    assert record_types_are_whole(None) == []
    assert all_types()


def test_tasks_take_ids_alone() -> None:
    """JSON in and out, so that no object travels with what it says; and late acknowledgement, so that none is lost."""
    assert celery.conf.task_serializer == "json"
    assert list(celery.conf.accept_content) == ["json"]
    assert celery.conf.task_acks_late is True
