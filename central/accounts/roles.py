"""Who acts: a role, a name, and for officers the agency."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.contrib.auth.models import AnonymousUser, User


class Role(StrEnum):
    """A role is a Django group of the same name; superusers are administrators."""

    SYSTEM = "system"
    ADMIN = "admin"
    OPERATOR = "operator"
    HEAD = "head"
    OFFICER = "officer"
    AUDITOR = "auditor"
    PUBLIC = "public"


STAFF_ROLES = (Role.ADMIN, Role.OPERATOR, Role.HEAD, Role.OFFICER, Role.AUDITOR)
AGENCY_ROLES = frozenset({Role.HEAD, Role.OFFICER})
"""Those who act for one agency, and see its complaints only."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something to a complaint."""

    role: Role
    name: str
    agency: str | None = None
    """Code of the officer's or head's agency."""
    user: User | None = None


SYSTEM = Actor(role=Role.SYSTEM, name="system")
NOBODY = Actor(role=Role.PUBLIC, name="")


def actor_of(user: User | AnonymousUser | Any) -> Actor:
    """The actor behind a logged-in user; NOBODY for anybody else."""
    if not user.is_authenticated or not user.is_active:
        return NOBODY
    if user.is_superuser:
        return Actor(role=Role.ADMIN, name=user.get_username(), user=user)
    groups = set(user.groups.values_list("name", flat=True))
    role = next((role for role in STAFF_ROLES if role.value in groups), None)
    if role is None:
        return NOBODY
    membership = getattr(user, "membership", None) if role in AGENCY_ROLES else None
    if role in AGENCY_ROLES and membership is None:
        return NOBODY
    agency = membership.agency_id if membership is not None else None
    return Actor(role=role, name=user.get_username(), agency=agency, user=user)
