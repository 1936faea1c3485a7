"""`sigap-central manage read_mail`: reads the city's mailbox again and again."""

import time
from argparse import ArgumentParser
from typing import Any

import structlog
from django.core.management.base import BaseCommand, CommandError
from django.db import close_old_connections
from django.utils import timezone

from central.channels.mail_in import take_letter
from central.channels.mailbox import Mailbox, MailboxAway, MailboxError, from_environment
from central.evidence.store import store
from central.security.secrets import SecretError

log = structlog.get_logger()


class Command(BaseCommand):
    """One process for one mailbox. A letter read twice is one report all the same."""

    help = "Read citizens' letters from the mailbox that SIGAP_IMAP_URL names."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """--once, --every."""
        parser.add_argument("--once", action="store_true", help="read what is there and end")
        parser.add_argument("--every", type=float, default=30.0, help="seconds between two looks (30)")

    def handle(self, *_args: Any, once: bool, every: float, **_options: Any) -> None:
        """A server that is away is asked again at the next look."""
        try:
            mailbox = from_environment()
        except (MailboxError, SecretError) as error:
            raise CommandError(str(error)) from error
        if mailbox is None:
            raise CommandError("no mailbox: set SIGAP_IMAP_URL")
        while True:
            try:
                _look(mailbox)
            except MailboxAway as error:
                if once:
                    raise CommandError(str(error)) from error
                log.warning("mailbox is away; looking again", reason=str(error), pause_s=every)
            if once:
                return
            time.sleep(every)
            close_old_connections()


def _look(mailbox: Mailbox) -> None:
    taken = mailbox.read(lambda raw: take_letter(raw, timezone.now(), store()))
    if taken:
        log.info("letters read", mailbox=str(mailbox), letters=taken)
