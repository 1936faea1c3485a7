"""`sigap-central manage contact dishub budi@dishub.example`: who is reminded of what is due."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from central.administration.recording import record_at_the_terminal, snapshot
from central.outbox.models import Channel, Contact
from central.outbox.webhook import receiver_key, shown
from central.routing.models import Agency

CITY = "city"


class Command(BaseCommand):
    """Without arguments it lists them."""

    help = "List, add, change or silence those who are reminded of complaints that are due."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """AGENCY ADDRESS, --level, --remove."""
        parser.add_argument("agency", nargs="?", help=f"code of an agency, or {CITY} for all of them")
        parser.add_argument("address", nargs="?", help="an e-mail address, or https://… for a webhook")
        parser.add_argument("--level", type=int, help="hears from this escalation level on (1; for the city 3)")
        parser.add_argument("--remove", action="store_true", help="write to this address no more")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Prints a webhook's key: its receiver needs it to check signatures."""
        if options["agency"] is None:
            for contact in Contact.objects.all():
                self.stdout.write(_told(contact))
            return
        if options["address"] is None:
            raise CommandError("an address is missing")
        contact = _found(options["agency"], options["address"])
        before = snapshot(contact) if contact.pk else None
        contact.active = not options["remove"]
        if options["level"] is not None:
            contact.level = options["level"]
        try:
            contact.full_clean()
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        contact.save()
        record_at_the_terminal("contact", contact.agency_id or CITY, before, contact)
        self.stdout.write(_told(contact))
        if contact.channel == Channel.WEBHOOK and contact.active:
            self.stdout.write(f"its key: {shown(receiver_key(settings.WEBHOOK_SECRET, contact.address))}")


def _found(code: str, address: str) -> Contact:
    agency = None
    if code != CITY:
        agency = Agency.objects.filter(pk=code).first()
        if agency is None:
            known = ", ".join(Agency.objects.order_by("pk").values_list("pk", flat=True))
            raise CommandError(f"no agency {code!r}; there are: {known}, {CITY}")
    channel = Channel.WEBHOOK if "://" in address else Channel.EMAIL
    level = 3 if agency is None else 1
    existing = Contact.objects.filter(agency=agency, address=address).first()
    return existing or Contact(agency=agency, channel=channel, address=address, level=level)


def _told(contact: Contact) -> str:
    silenced = "" if contact.active else " (silenced)"
    return f"{contact.agency_id or CITY}: {contact.channel} {contact.address} from level {contact.level}{silenced}"
