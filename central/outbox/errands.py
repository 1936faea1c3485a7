"""What a relay does beside delivering: regular errands in a thread of their own, so that none delays a message."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from django.db import close_old_connections
from django.utils import timezone

STEP_S = 1.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Errand:
    """Something to do every so often."""

    do: Callable[[datetime], object]
    every: timedelta


class Errands:
    """Start them, and stop them; what is under way is finished first."""

    def __init__(self, errands: Sequence[Errand], clock: Callable[[], datetime] = timezone.now) -> None:
        self._errands = errands
        self._clock = clock
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="outbox-errands")

    def start(self) -> None:
        """Returns at once."""
        self._thread.start()

    def stop(self) -> None:
        """Waits for the errand that is under way."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        due = [self._clock() for _ in self._errands]
        while not self._stopping.wait(STEP_S):
            for index, errand in enumerate(self._errands):
                now = self._clock()
                if due[index] <= now and not self._stopping.is_set():
                    self._do(errand, now)
                    due[index] = now + errand.every

    def _do(self, errand: Errand, now: datetime) -> None:
        close_old_connections()
        try:
            errand.do(now)
        except Exception:
            # The database is away, or there is a defect: either must be seen, neither may end the others.
            log.exception("errand failed; trying again", errand=getattr(errand.do, "__name__", "?"))
        close_old_connections()
