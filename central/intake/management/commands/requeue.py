"""`sigap-central manage requeue`: set-aside events are tried again, once their cause is mended."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction

from central.intake.models import Inbox, Quarantined


class Command(BaseCommand):
    """Those that still fail come back with a new reason."""

    help = "Try set-aside events again (after enrolling a key anew, or after an update)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--box."""
        parser.add_argument("--box", help="only this box's")

    @transaction.atomic
    def handle(self, *_args: Any, box: str | None, **_options: Any) -> None:
        """Says how many."""
        aside = Quarantined.objects.filter(inbox__isnull=False)
        if box:
            aside = aside.filter(box=box)
        rows = Inbox.objects.filter(pk__in=aside.values("inbox"), state=Inbox.State.QUARANTINED)
        count = rows.update(state=Inbox.State.PENDING)
        aside.delete()
        self.stdout.write(f"{count} events will be tried again")
