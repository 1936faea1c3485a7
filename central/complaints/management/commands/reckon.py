"""`sigap-central manage reckon`: sets every complaint's deadlines from its history, or with --check compares them."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from central.complaints import deadlines
from central.complaints.models import Complaint
from central.service.policies import in_force

# A reminder that was due and is not any more after writing it is no fault.
COMPARED = tuple(field for field in deadlines.FIELDS if field != "next_step")


class Command(BaseCommand):
    """For complaints from before there was a clock, and to be sure of the others. One transaction for each."""

    help = "Set the deadlines of all complaints from their histories (--check: only say which differ)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--check."""
        parser.add_argument("--check", action="store_true", help="change nothing, fail when one differs")

    def handle(self, *_args: Any, check: bool, **_options: Any) -> None:
        """In order of opening."""
        seen, different = 0, 0
        for pk in Complaint.objects.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=1000):
            seen += 1
            if number := _reckoned(pk, save=not check):
                different += 1
                self.stdout.write(f"{number}: deadlines {'differ' if check else 'set'}")
        if check and different:
            raise CommandError(f"{different} of {seen} complaints differ; run: sigap-central manage reckon")
        self.stdout.write(f"{seen} complaints, {different} {'differ' if check else 'set'}")


@transaction.atomic
def _reckoned(pk: int, *, save: bool) -> str:
    """The number of a complaint whose deadlines were not what its history says; else empty."""
    complaint = Complaint.objects.select_for_update().get(pk=pk)
    before = [getattr(complaint, field) for field in COMPARED]
    if complaint.completion_due is None and complaint.service is None:
        service = in_force(complaint.opened)[complaint.kind]
        complaint.service = service if service.pk else None
    deadlines.reckon(complaint, timezone.now())
    if [getattr(complaint, field) for field in COMPARED] == before:
        return ""
    if save:
        complaint.save(update_fields=["service", *deadlines.FIELDS])
    return complaint.number
