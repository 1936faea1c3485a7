"""`sigap-central manage gateway sms https://sms.example/out`: who speaks for citizens' telephones."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.urls import reverse

from central.channels.models import Gateway
from central.outbox.webhook import receiver_key, shown


class Command(BaseCommand):
    """Without arguments it lists them."""

    help = "List, add, change or silence the gateways for short messages."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """NAME ADDRESS, --remove."""
        parser.add_argument("name", nargs="?", help="sms, whatsapp, …")
        parser.add_argument("address", nargs="?", help="https://… where it takes what goes to citizens")
        parser.add_argument("--remove", action="store_true", help="take nothing from it any more")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Prints the key for both directions, and the address to hand messages in at."""
        if options["name"] is None:
            for gateway in Gateway.objects.order_by("pk"):
                self.stdout.write(f"{gateway}{'' if gateway.active else ' (silenced)'}")
            return
        gateway = Gateway.objects.filter(pk=options["name"]).first() or Gateway(name=options["name"])
        gateway.address = options["address"] or gateway.address
        gateway.active = not options["remove"]
        try:
            gateway.full_clean(validate_unique=False)
        except ValidationError as error:
            raise CommandError("; ".join(error.messages)) from error
        gateway.save()
        self.stdout.write(f"{gateway}{'' if gateway.active else ' (silenced)'}")
        if gateway.active:
            self.stdout.write(f"hands in at: {settings.PAGES_URL}{reverse('gateway', args=[gateway.pk])}")
            self.stdout.write(f"its key: {shown(receiver_key(settings.WEBHOOK_SECRET, gateway.address))}")
