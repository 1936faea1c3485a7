"""Who works in the city: logins without passwords (`sigap-central manage staff NAME` gives one)."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.contrib.auth.models import Group, User

from central.accounts.models import Membership
from central.accounts.roles import Role
from central.routing.models import Agency

OFFICERS = 5
OPERATORS = 5

Person = tuple[int | None, str]
"""Primary key and name; no key: nobody, but the system."""


@dataclass(frozen=True, slots=True)
class Staff:
    """By agency, and those of the whole city."""

    officers: Mapping[str, tuple[Person, ...]]
    operators: tuple[Person, ...]


def hire() -> Staff:
    """Makes those who are not there yet."""
    operators = tuple(_person(f"operator-{turn}", Role.OPERATOR) for turn in range(1, OPERATORS + 1))
    officers = {
        agency.pk: tuple(
            _person(f"{agency.pk}-{turn}", Role.OFFICER if turn > 1 else Role.HEAD, agency)
            for turn in range(1, OFFICERS + 1)
        )
        for agency in Agency.objects.order_by("pk")
    }
    return Staff(officers, operators)


def _person(name: str, role: Role, agency: Agency | None = None) -> Person:
    user, new = User.objects.get_or_create(username=name)
    if new:
        user.set_unusable_password()
        user.save()
        user.groups.add(Group.objects.get_or_create(name=role.value)[0])
        if agency is not None:
            Membership.objects.create(user=user, agency=agency)
    return user.pk, name
