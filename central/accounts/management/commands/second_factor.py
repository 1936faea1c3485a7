"""`sigap-central manage second_factor NAME --reset`: for an administrator who has lost telephone and backup codes."""

from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from central.accounts import logins, second_factor


class Command(BaseCommand):
    """Without options it only says how things stand."""

    help = "Show or reset the second step of a login."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """NAME, --reset."""
        parser.add_argument("name")
        parser.add_argument("--reset", action="store_true", help="forget telephone and backup codes, end all logins")

    def handle(self, *_args: Any, name: str, reset: bool, **_options: Any) -> None:
        """A login whose role needs the second step enrols a telephone the next time."""
        user = User.objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"no login {name!r}")
        if reset:
            second_factor.reset(user)
            logins.end_all(user, timezone.now())
        enrolled = "telephone enrolled" if second_factor.has_one(user) else "no telephone"
        needed = "required" if second_factor.is_required(user) else "not required"
        self.stdout.write(f"{name}: {enrolled}, {second_factor.backup_codes_left(user)} backup codes; {needed}")
