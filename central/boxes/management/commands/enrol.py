"""`sigap-central manage enrol BOX PUBLIC_KEY`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from central.boxes.enrolment import EnrolmentError, enrol
from contract.evidence import EvidenceError


class Command(BaseCommand):
    """Makes a box known, so that its messages are taken."""

    help = "Enrol a box with the public key that `sigap-edge key` prints."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """BOX, PUBLIC_KEY, --site, --renew."""
        parser.add_argument("box")
        parser.add_argument("public_key")
        parser.add_argument("--site", default="")
        parser.add_argument("--renew", action="store_true", help="the box has a new key: its old one counts no longer")

    def handle(self, *_args: Any, box: str, public_key: str, site: str, renew: bool, **_options: Any) -> None:
        """Idempotent."""
        try:
            changed = enrol(box, public_key, timezone.now(), site=site, renew=renew)
        except (EnrolmentError, EvidenceError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{box}: {'enrolled' if changed else 'already enrolled'}")
