"""Checks that the portal runs at start-up, beyond Django's own.

SECURITY: row-level security does not bind a superuser, an owner of the tables, or a role with BYPASSRLS. A
portal that signs in as one of them would show everything to everybody, so it must not start.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.checks import Error, Tags, register
from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError, connections

_ROLE = """
SELECT rolsuper, rolbypassrls,
       EXISTS (SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
               WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
                 AND pg_has_role(current_user, c.relowner, 'MEMBER')),
       EXISTS (SELECT FROM pg_roles other
               WHERE (other.rolsuper OR other.rolbypassrls) AND other.rolname <> current_user
                 AND pg_has_role(current_user, other.oid, 'MEMBER'))
FROM pg_roles WHERE rolname = current_user
"""


def role_problems(alias: str = "default") -> list[Error]:
    """What is wrong with the role that this process signs in as; nothing if the row rule binds it."""
    with connections[alias].cursor() as cursor:
        cursor.execute(_ROLE)
        superuser, bypasses, owns, borrows = cursor.fetchone()
    found = {
        "portal.E001": (superuser, "is a superuser"),
        "portal.E002": (bypasses, "has BYPASSRLS"),
        "portal.E003": (owns, "owns the portal's tables"),
        "portal.E004": (borrows, "is a member of a role that is a superuser or has BYPASSRLS"),
    }
    return [
        Error(
            f"The portal's database role {what}, so row-level security would not bind it.",
            hint="Sign in as portal_app: see DATABASE_URL.",
            id=name,
        )
        for name, (wrong, what) in found.items()
        if wrong
    ]


@register(Tags.database)
def check_role(*, databases: Sequence[str] | None = None, **_: Any) -> list[Error]:
    """Refuse a database role that the row rule does not bind."""
    return [problem for alias in databases or [] for problem in role_problems(alias)]


def refuse_unbound_role() -> None:
    """Raise if this process signs in as a role that the row rule does not bind.

    A database that is away is no reason to refuse: `/readyz` asks again once it is back.
    """
    try:
        problems = role_problems()
    except OperationalError:
        return
    finally:
        connections["default"].close()
    if problems:
        raise ImproperlyConfigured(" ".join(str(problem.msg) for problem in problems))
