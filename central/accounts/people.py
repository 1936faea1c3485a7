"""Making, changing and disabling logins; every change is written down by whoever calls this."""

from dataclasses import dataclass

from django.contrib.auth.models import Group, User
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from central.accounts import second_factor
from central.accounts.models import Membership
from central.accounts.roles import AGENCY_ROLES, STAFF_ROLES, Role
from central.routing.models import Agency


class NotPossible(ValueError):  # noqa: N818 — what it is
    """A change that would leave nobody to change it back, or that makes no sense."""


@dataclass(frozen=True, slots=True)
class Person:
    """A login as an administrator sets it."""

    email: str
    role: Role
    agency: Agency | None
    active: bool = True


def make(name: str, person: Person) -> User:
    """A login without a password: its owner sets one by a link.

    Raises:
        NotPossible: a role and an agency that do not go together.
    """
    with transaction.atomic():
        user = User(username=name)
        user.set_unusable_password()
        _set(user, person)
    return user


def change(user: User, person: Person, *, by: User) -> None:
    """Role, agency, address, whether it may log in.

    Raises:
        NotPossible: as `make`; or an administrator takes the own role or login away.
    """
    if user == by and (not person.active or (person.role is not Role.ADMIN and role_of(user) is Role.ADMIN)):
        raise NotPossible("own")
    with transaction.atomic():
        _set(user, person)


def role_of(user: User) -> Role | None:
    """The role that is set, whether or not the login is active."""
    if user.is_superuser:
        return Role.ADMIN
    names = {group.name for group in user.groups.all()}
    return next((role for role in STAFF_ROLES if role.value in names), None)


def state_of(user: User) -> dict[str, object]:
    """What the record of changes keeps of a login."""
    membership = Membership.objects.filter(user=user).first()
    return {
        "email": user.email,
        "role": str(role_of(user) or ""),
        "agency": membership.agency_id if membership is not None else "",
        "active": user.is_active,
        "second_factor": second_factor.has_one(user),
    }


def password_path(user: User) -> str:
    """Path of a page on which its owner sets a password: once, within a day, and only until the next login."""
    return reverse(
        "set-password",
        args=[urlsafe_base64_encode(force_bytes(user.pk)), default_token_generator.make_token(user)],
    )


def _set(user: User, person: Person) -> None:
    if (person.role in AGENCY_ROLES) != (person.agency is not None):
        raise NotPossible("agency")
    user.email, user.is_active = person.email, person.active
    user.is_superuser = False
    user.save()
    user.groups.set([Group.objects.get_or_create(name=person.role.value)[0]])
    if person.agency is None:
        Membership.objects.filter(user=user).delete()
    else:
        Membership.objects.update_or_create(user=user, defaults={"agency": person.agency})
