"""`sigap-central manage crm dishub https://crm.example/open311/v2 --service jam=017`: complaints go on to a CRM."""

from argparse import ArgumentParser
from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from central.forwarding.models import Crm, Forwarded
from central.routing.models import Agency


class Command(BaseCommand):
    """Without arguments it lists them, with how things stand."""

    help = "List, add, change or stop the CRM (Open311) that an agency's complaints are forwarded to."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """AGENCY ENDPOINT and what the CRM needs."""
        parser.add_argument("agency", nargs="?", help="code of an agency")
        parser.add_argument("endpoint", nargs="?", help="https://…, as its discovery names it")
        parser.add_argument("--jurisdiction", help="its jurisdiction_id")
        parser.add_argument("--key-name", help="variable SIGAP_CRM_… that holds its api_key (or …_FILE, its file)")
        parser.add_argument("--service", action="append", default=[], metavar="KIND=CODE", help="repeat for each kind")
        parser.add_argument(
            "--note", action="append", default=[], metavar="STATUS:REGEX=MEANING", help="what its words mean"
        )
        parser.add_argument("--poll", type=int, help="seconds between two questions how things stand (300)")
        parser.add_argument("--stop", action="store_true", help="send nothing more, ask no more")

    def handle(self, *_args: Any, agency: str | None, endpoint: str | None, **options: Any) -> None:
        """Keeps what is not named as it is."""
        if agency is None:
            for crm in Crm.objects.order_by("pk"):
                self.stdout.write(_told(crm))
            return
        if not Agency.objects.filter(pk=agency).exists():
            known = ", ".join(Agency.objects.order_by("pk").values_list("pk", flat=True))
            raise CommandError(f"no agency {agency!r}; there are: {known}")
        crm = Crm.objects.filter(pk=agency).first() or Crm(agency_id=agency)
        crm.endpoint = (endpoint or crm.endpoint).rstrip("/")
        crm.active = not options["stop"]
        for name, value in (("jurisdiction", "jurisdiction"), ("key_name", "key_name"), ("poll_s", "poll")):
            if options[value] is not None:
                setattr(crm, name, options[value])
        if options["service"]:
            crm.services = dict(_split(each, "=") for each in options["service"])
        if options["note"]:
            crm.notes = [_rule(each) for each in options["note"]]
        try:
            crm.full_clean()
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        crm.save()
        self.stdout.write(_told(crm))


def _told(crm: Crm) -> str:
    counts = {
        state.value: Forwarded.objects.filter(crm=crm, state=state).count()
        for state in (Forwarded.State.WAITING, Forwarded.State.FOLLOWED, Forwarded.State.UNCLEAR)
    }
    how = ", ".join(f"{count} {state}" for state, count in counts.items())
    stopped = "" if crm.active else " (stopped)"
    return f"{crm}{stopped}: {how}{f'; {crm.error}' if crm.error else ''}"


def _split(text: str, sign: str) -> tuple[str, str]:
    before, found, after = text.rpartition(sign)
    if not found or not before or not after:
        raise CommandError(f"expected …{sign}…, got {text!r}")
    return before, after


def _rule(text: str) -> Iterable[str]:
    matched, meant = _split(text, "=")
    status, _colon, pattern = matched.partition(":")
    return [status, pattern, meant]
