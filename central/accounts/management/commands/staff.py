"""`sigap-central manage staff NAME --role operator`: makes a login, or changes its role and password."""

import getpass
import sys
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from central.accounts.models import Membership
from central.accounts.roles import AGENCY_ROLES, STAFF_ROLES, Role
from central.routing.models import Agency
from central.security import secrets


class Command(BaseCommand):
    """Reads the password from SIGAP_STAFF_PASSWORD(_FILE), else from the terminal or standard input."""

    help = "Make or change a login of the staff."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """NAME, --role, --agency."""
        parser.add_argument("name")
        parser.add_argument("--role", choices=[role.value for role in STAFF_ROLES], required=True)
        parser.add_argument("--agency", help="code of the officer's or head's agency, for example dishub")

    def handle(self, *_args: Any, name: str, role: str, agency: str | None, **_options: Any) -> None:
        """Idempotent."""
        password = _password(name)
        user_model = get_user_model()
        with transaction.atomic():
            user, made = user_model.objects.get_or_create(username=name)
            try:
                validate_password(password, user)
            except ValidationError as error:
                raise CommandError(f"password of {name}: {' '.join(error.messages)}") from error
            user.set_password(password)
            user.is_active = True
            user.save()
            user.groups.set([Group.objects.get_or_create(name=role)[0]])
            _set_agency(user, Role(role), agency)
        self.stdout.write(f"{name}: {'made' if made else 'changed'}, role {role}{f' at {agency}' if agency else ''}")


def _password(name: str) -> str:
    given = secrets.from_environment("SIGAP_STAFF_PASSWORD")
    if given is None:
        given = getpass.getpass(f"Password of {name}: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    if not given:
        raise CommandError("no password; give it in SIGAP_STAFF_PASSWORD or on standard input")
    return given


def _set_agency(user: Any, role: Role, code: str | None) -> None:
    if role not in AGENCY_ROLES:
        if code is not None:
            raise CommandError(f"--agency goes with --role officer or head, not with {role.value}")
        Membership.objects.filter(user=user).delete()
        return
    agency = Agency.objects.filter(code=code).first()
    if agency is None:
        known = ", ".join(Agency.objects.values_list("code", flat=True)) or "none; run `sigap-central manage seed`"
        raise CommandError(f"--agency {code}: an officer or head belongs to one of: {known}")
    Membership.objects.update_or_create(user=user, defaults={"agency": agency})
