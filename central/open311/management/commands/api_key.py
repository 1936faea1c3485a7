"""`sigap-central manage api_key NAME`: makes the key with which another system may report."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from central.open311 import keys


class Command(BaseCommand):
    """Shows the key once; only its hash is kept."""

    help = "Make a key for reporting by Open311; again for the same NAME replaces it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """NAME, --per-minute, --revoke."""
        parser.add_argument("name", help="of the system that reports")
        parser.add_argument("--per-minute", type=int, default=keys.DEFAULT_PER_MINUTE, help="reports it may send")
        parser.add_argument("--revoke", action="store_true", help="its key counts no longer")

    def handle(self, *_args: Any, name: str, per_minute: int, revoke: bool, **_options: Any) -> None:
        """Prints the key alone, for scripts."""
        if not 0 < len(name) <= 60:
            raise CommandError("NAME: between 1 and 60 characters")
        if per_minute < 1:
            raise CommandError("--per-minute: at least 1; to lock a system out, --revoke its key")
        now = timezone.now()
        if not revoke:
            self.stdout.write(keys.make(name, now, per_minute))
        elif keys.revoke(name, now):
            self.stdout.write(f"{name}: revoked")
        else:
            raise CommandError(f"{name} has no key that counts")
