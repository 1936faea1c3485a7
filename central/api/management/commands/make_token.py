"""`sigap-central manage make_token NAME --owner USER --scope reports:write`: a program's key for the API."""

from argparse import ArgumentParser
from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from central.administration.recording import AT_THE_TERMINAL, write_down
from central.api import tokens
from central.api.models import DEFAULT_PER_MINUTE, Token
from central.api.scopes import Scope


class Command(BaseCommand):
    """Shows the token once; only its hash is kept."""

    help = "Make a token for /api/v1; again for the same NAME and owner replaces it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """NAME, --owner, --scope, --days, --per-minute, --revoke."""
        parser.add_argument("name", help="of the program that calls")
        parser.add_argument("--owner", required=True, help="login whose role decides what the token may see")
        parser.add_argument("--scope", action="append", default=[], choices=[scope.value for scope in Scope])
        parser.add_argument("--days", type=int, default=365, help="valid for so long; 0: until it is revoked")
        parser.add_argument("--per-minute", type=int, default=DEFAULT_PER_MINUTE, help="requests it may send")
        parser.add_argument("--revoke", action="store_true", help="it counts no longer")

    def handle(self, *_args: Any, name: str, owner: str, **options: Any) -> None:
        """Prints the token alone, for scripts."""
        if not 0 < len(name) <= 60:
            raise CommandError("NAME: between 1 and 60 characters")
        user = User.objects.filter(username=owner).first()
        if user is None:
            raise CommandError(f"--owner: nobody has the login {owner!r}; make it: sigap-central manage staff")
        now = timezone.now()
        if options["revoke"]:
            self._revoke(user, name)
            return
        if not options["scope"]:
            raise CommandError(f"--scope: at least one of {', '.join(Scope)}")
        if options["days"] < 0 or options["per_minute"] < 1:
            raise CommandError("--days: 0 or more; --per-minute: 1 or more")
        expires = now + timedelta(days=options["days"]) if options["days"] else None
        scopes = [Scope(value) for value in options["scope"]]
        with transaction.atomic():
            token = tokens.make(user, name, scopes, now, expires=expires, per_minute=options["per_minute"])
            made = Token.objects.get(owner=user, name=name, revoked__isnull=True)
            _record(made, "add", after=tokens.state_of(made))
        self.stdout.write(token)

    def _revoke(self, owner: User, name: str) -> None:
        found = Token.objects.filter(owner=owner, name=name, revoked__isnull=True).first()
        with transaction.atomic():
            if found is None or not tokens.revoke(found.pk, timezone.now()):
                raise CommandError(f"{owner.get_username()} has no token {name!r} that counts")
            _record(found, "revoke", before=tokens.state_of(found))
        self.stdout.write(f"{name}: revoked")


def _record(token: Token, action: str, **states: dict[str, Any]) -> None:
    subject = tokens.subject_of(token)
    write_down(AT_THE_TERMINAL, timezone.now(), topic="token", subject=subject, action=action, **states)
