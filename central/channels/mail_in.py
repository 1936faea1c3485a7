"""E-mail in: one letter at a time, from a pipe of the mail server or out of a mailbox (see `mailbox`)."""

import os
from datetime import datetime

import structlog

from central.channels.hearing import hear
from central.channels.letter import NotForUs, Ours, heard_in
from central.evidence.store import EvidenceStore
from central.reports.limits import TooMany
from central.reports.models import Report

log = structlog.get_logger()


def take_letter(raw: bytes, now: datetime, store: EvidenceStore) -> Report | None:
    """The report it was, if it was one. What is not for us is dropped with a line in the log: an answer to a machine
    is answered by it.

    Raises (anything else): not this time; whoever hands the letter in keeps it and comes again.
    """
    try:
        return hear(heard_in(raw, Ours(os.environ.get("SIGAP_MAIL_FROM", ""))), now, store)
    except NotForUs as reason:
        log.info("letter dropped", reason=str(reason))
    except TooMany as reason:
        log.warning("letter dropped", reason=str(reason))
    return None
