"""The looking loop: takes the camera that is due first, looks, and goes on to the next."""

import queue
import threading
import time
from collections.abc import Callable, Mapping

import structlog

from edge.attention.schedule import Schedule

log = structlog.get_logger(__name__)

NO_NEWER_PICTURE_S = 0.25
"""A camera that had nothing new is asked again after so long."""
BROKEN_LOOK_S = 5.0
"""After a look that broke, so that one camera's bad luck does not eat the others' time."""
IDLE_S = 1.0

TakeLook = Callable[[], float | None]
"""Looks at one camera; returns after how many seconds it wants the next look, None where there was no newer picture."""


class AttentionLoop:
    """Runs until stopped, in the thread that calls `run`.

    Args:
        looks: camera id → how to look at it.
        on_failure: called with the camera's id and the error of a look that broke.
    """

    def __init__(
        self,
        looks: Mapping[str, TakeLook],
        on_failure: Callable[[str, Exception], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._looks = looks
        self._on_failure = on_failure
        self._clock = clock
        self._stopping = False
        self._woken = threading.Event()
        self._errands: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self.schedule = Schedule(looks, clock())

    def run(self) -> None:
        """Looks until `stop`."""
        while True:
            self._woken.clear()
            self._run_errands()
            if self._stopping:
                return
            due = self.schedule.next()
            wait_s = IDLE_S if due is None else due.at - self._clock()
            if wait_s > 0 and self._woken.wait(wait_s):
                continue
            if due is not None and self._clock() >= due.at:
                self.look(due.camera)

    def between(self, errand: Callable[[], None]) -> None:
        """Has this done soon, between two looks and on their thread; may be called from any. Its errors are its own."""
        self._errands.put(errand)
        self._woken.set()

    def hasten(self, camera: str) -> None:
        """Has a camera looked at next; may be called from any thread."""
        self.between(lambda: self.schedule.hasten(camera, self._clock()))

    def look(self, camera: str) -> None:
        """One look at one camera. What breaks stays with this camera."""
        try:
            after_s = self._looks[camera]()
        except Exception as error:
            log.exception("look broke", camera=camera)
            self._on_failure(camera, error)
            self.schedule.postpone(camera, self._clock(), BROKEN_LOOK_S)
            return
        if after_s is None:
            self.schedule.postpone(camera, self._clock(), NO_NEWER_PICTURE_S)
        else:
            self.schedule.looked(camera, self._clock(), after_s)

    def stop(self) -> None:
        """Ends `run` after the look under way."""
        self._stopping = True
        self._woken.set()

    def _run_errands(self) -> None:
        while not self._errands.empty():
            try:
                self._errands.get_nowait()()
            except Exception:
                log.exception("an errand between two looks broke")
