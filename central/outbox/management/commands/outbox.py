"""`sigap-central manage outbox`: what waits, what could not be delivered, and trying that again."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from central.outbox.models import Outgoing


class Command(BaseCommand):
    """Dead letters stay until somebody has mended the cause."""

    help = "Show what waits in the outbox and what could not be delivered (--retry: try that again)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--retry."""
        parser.add_argument("--retry", action="store_true", help="put undeliverable messages back")

    def handle(self, *_args: Any, retry: bool, **_options: Any) -> None:
        """Addresses are shown, contents are not."""
        dead = Outgoing.objects.filter(state=Outgoing.State.DEAD)
        if retry:
            count = dead.update(state=Outgoing.State.WAITING, attempts=0, finished=None, next_attempt=timezone.now())
            self.stdout.write(f"{count} messages will be tried again")
            return
        for message in dead.order_by("-finished")[:100]:
            self.stdout.write(f"{message.key} → {message.address}: {message.error}")
        waiting = Outgoing.objects.filter(state=Outgoing.State.WAITING)
        self.stdout.write(f"{waiting.count()} waiting, {dead.count()} undeliverable")
