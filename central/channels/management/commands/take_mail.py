"""`sigap-central manage take_mail < letter`: what a mail server's pipe runs for each letter to the city."""

import sys
from typing import Any

import structlog
from django.core.management.base import BaseCommand
from django.utils import timezone

from central.channels.letter import MAX_BYTES
from central.channels.mail_in import take_letter
from central.evidence.store import store

TRY_AGAIN = 75
"""EX_TEMPFAIL of sysexits.h: the mail server keeps the letter."""

log = structlog.get_logger()


class Command(BaseCommand):
    """Postfix: `sigap unix - n n - - pipe user=sigap argv=/opt/sigap/bin/sigap-central manage take_mail`."""

    help = "Take one letter from standard input as a citizen's report."

    def handle(self, *_args: Any, **_options: Any) -> None:
        """Exit status 75 asks the mail server to come again."""
        try:
            take_letter(sys.stdin.buffer.read(MAX_BYTES + 1), timezone.now(), store())
        except Exception as error:
            log.exception("letter not taken; the mail server keeps it")
            raise SystemExit(TRY_AGAIN) from error
