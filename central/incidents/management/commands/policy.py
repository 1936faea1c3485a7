"""`sigap-central manage policy KIND… --hold 20 --active-for 5`: shows or changes when incidents count and end."""

from argparse import ArgumentParser, BooleanOptionalAction
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from central.administration.recording import record_at_the_terminal, snapshot
from central.incidents.kinds import Kind
from central.incidents.models import Policy

FIELDS = (
    "mode",
    "min_confidence",
    "min_severity",
    "active_for_s",
    "hold_s",
    "reopen_s",
    "join_m",
    "unknown_after_s",
    "asks_in_doubt",
)


class Command(BaseCommand):
    """Without options it only shows the row."""

    help = "Show or change the policy of kinds of incidents."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """One KIND or several, and one option for each field."""
        parser.add_argument("kind", nargs="+", choices=Kind.values)
        parser.add_argument("--mode", choices=Policy.Mode.values)
        parser.add_argument("--min-confidence", type=float)
        parser.add_argument("--min-severity", type=int)
        parser.add_argument("--active-for", dest="active_for_s", type=int, help="seconds")
        parser.add_argument("--hold", dest="hold_s", type=int, help="seconds")
        parser.add_argument("--reopen", dest="reopen_s", type=int, help="seconds")
        parser.add_argument("--join", dest="join_m", type=int, help="metres")
        parser.add_argument("--unknown-after", dest="unknown_after_s", type=int, help="seconds")
        parser.add_argument("--asks-in-doubt", action=BooleanOptionalAction, help="the doubtful wait for an operator")

    @transaction.atomic
    def handle(self, *_args: Any, kind: list[str], **options: Any) -> None:
        """Validates before it saves; all or none."""
        for one in kind:
            self._handle(one, options)

    def _handle(self, kind: str, options: dict[str, Any]) -> None:
        stood = Policy.objects.filter(kind=kind).first()
        before = None if stood is None else snapshot(stood)
        policy = stood or Policy(kind=kind)
        for field in FIELDS:
            if options[field] is not None:
                setattr(policy, field, options[field])
        try:
            policy.full_clean(validate_unique=False)
        except ValidationError as error:
            raise CommandError(f"policy {kind}: {error.message_dict}") from error
        policy.save()
        record_at_the_terminal("kind", kind, before, policy)
        self.stdout.write(f"{kind}: " + ", ".join(f"{field} {getattr(policy, field)}" for field in FIELDS))
