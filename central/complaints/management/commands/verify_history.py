"""`sigap-central manage verify_history`: is every complaint's chain whole?"""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from central.complaints.chain import faults_of
from central.complaints.models import Complaint


class Command(BaseCommand):
    """Exits non-zero and names every fault when a chain is broken."""

    help = "Check the hash chain of every complaint's history."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Reads everything once."""
        complaints, faults = 0, 0
        for complaint in Complaint.objects.order_by("pk").iterator(chunk_size=500):
            complaints += 1
            for fault in faults_of(complaint):
                faults += 1
                self.stderr.write(fault)
        if faults:
            raise CommandError(f"{faults} faults in {complaints} complaints: restore them from a backup and compare")
        self.stdout.write(f"{complaints} complaints, every chain is whole")
