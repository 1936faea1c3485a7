"""The relay as it runs: threads that deliver what waits."""

import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta

import structlog
from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from central.forwarding.mirroring import mirror
from central.forwarding.sending import CrmCarrier, forward
from central.hooks.carrier import Hooks
from central.hooks.publishing import Publisher
from central.outbox import mail
from central.outbox.carriers import Carrier
from central.outbox.delivering import deliver_next
from central.outbox.errands import Errand, Errands
from central.outbox.models import Channel
from central.outbox.webhook import Webhooks

IDLE_S = 1.0
AFTER_FAILURE_S = 5.0

log = structlog.get_logger()


def carriers() -> dict[str, Carrier]:
    """Those this centre has; without a mail server e-mails wait in the outbox.

    Raises:
        central.outbox.mail.MailError: the mail server's settings do not hold.
    """
    found: dict[str, Carrier] = {Channel.WEBHOOK: Webhooks(settings.WEBHOOK_SECRET), Channel.CRM: CrmCarrier()}
    if (server := mail.from_environment()) is not None:
        found[Channel.EMAIL] = server
    return found


def carriers_for_strangers() -> dict[str, Carrier]:
    """Those to addresses that programs chose: in a thread of their own, so that none of them delays a reminder."""
    return {Channel.HOOK: Hooks()}


def errands() -> list[Errand]:
    """What is to be done regularly where messages are delivered."""
    five_seconds = timedelta(seconds=5)
    return [Errand(Publisher(), timedelta(seconds=1)), Errand(forward, five_seconds), Errand(mirror, five_seconds)]


class Relay:
    """Start it, and stop it; what was being delivered is finished first."""

    def __init__(
        self,
        carriers: Mapping[str, Carrier],
        errands: Sequence[Errand] = (),
        strangers: Mapping[str, Carrier] | None = None,
        clock: Callable[[], datetime] = timezone.now,
    ) -> None:
        self._errands = Errands(errands, clock)
        self._clock = clock
        self._stopping = threading.Event()
        self._threads = [
            threading.Thread(target=self._run, args=(each,), name="outbox-relay")
            for each in (carriers, strangers)
            if each is not None
        ]

    def start(self) -> None:
        """Returns at once."""
        for thread in self._threads:
            thread.start()
        self._errands.start()

    def stop(self) -> None:
        """Waits for the delivery that is under way."""
        self._stopping.set()
        self._errands.stop()
        for thread in self._threads:
            thread.join()

    def wait(self) -> None:
        """Blocks until stopped from another thread or by a signal's exception."""
        self._stopping.wait()

    def _run(self, carriers: Mapping[str, Carrier]) -> None:
        while not self._stopping.is_set():
            close_old_connections()
            try:
                pause_s = 0.0 if deliver_next(carriers, self._clock()) else IDLE_S
            except Exception:
                # The database is away, or there is a defect: either must be seen, neither may end the relay.
                log.exception("relay failed; trying again")
                pause_s = AFTER_FAILURE_S
            self._stopping.wait(pause_s)
        close_old_connections()
