"""`sigap-central manage service KIND --completion 3d`: shows or changes what a kind of complaint is promised."""

from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from central.incidents.kinds import Kind
from central.service.durations import read
from central.service.models import HOUR_S, ServicePolicy, WorkCalendar
from central.service.policies import in_force, publish

WALL_CLOCK = "wall-clock"


def seconds(text: str) -> int:
    """30min, 6h, 7d → seconds.

    Raises:
        ArgumentTypeError: something else.
    """
    try:
        return read(text)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from error


class Command(BaseCommand):
    """Without options it only shows the version in force."""

    help = "Show what a kind of complaint is promised, or add a version for complaints opened from now on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """KIND and one option for each promise."""
        parser.add_argument("kind", choices=Kind.values)
        parser.add_argument("--first-response", type=seconds, metavar="TIME", help="for example 6h")
        parser.add_argument("--completion", type=seconds, metavar="TIME", help="for example 7d; a day is 24 hours")
        calendar = f"code of a work calendar, or {WALL_CLOCK}"
        parser.add_argument("--first-response-calendar", metavar="CODE", help=calendar)
        parser.add_argument("--completion-calendar", metavar="CODE", help=calendar)

    def handle(self, *_args: Any, kind: str, **options: Any) -> None:
        """Adds a version when an option asks for a change."""
        changes: dict[str, object] = {}
        for target in ("first_response", "completion"):
            if options[target] is not None:
                changes[f"{target}_s"] = options[target]
            if (code := options[f"{target}_calendar"]) is not None:
                changes[f"{target}_calendar"] = None if code == WALL_CLOCK else _calendar(code)
        now = timezone.now()
        try:
            row = publish(kind, changes, now) if changes else in_force(now)[kind]
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        self.stdout.write(_told(row))


def _calendar(code: str) -> WorkCalendar:
    found = WorkCalendar.objects.filter(code=code).order_by("-version").first()
    if found is None:
        known = sorted(set(WorkCalendar.objects.values_list("code", flat=True)))
        raise CommandError(f"no work calendar {code!r}; there are: {', '.join(known) or 'none'}")
    return found


def _told(row: ServicePolicy) -> str:
    return (
        f"{row}: first response {row.first_response_s / HOUR_S:g} h by {row.first_response_calendar or WALL_CLOCK}, "
        f"completion {row.completion_s / HOUR_S:g} h by {row.completion_calendar or WALL_CLOCK}"
    )
