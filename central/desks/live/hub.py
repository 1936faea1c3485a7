"""One thread reads the change feed and hands every change to all who listen.

A listener costs a queue, not a thread and not a database connection.
"""

import asyncio
import threading
from concurrent.futures import Future
from dataclasses import dataclass
from types import TracebackType
from typing import Self

import structlog
from django.db import Error as DatabaseError
from django.db import close_old_connections, connections

from central.feed.models import Change
from central.feed.reading import FeedReader

log = structlog.get_logger()

POLL_S = 0.4
AFTER_ERROR_S = 2.0
LINGER_S = 30.0
"""The poller goes on for so long after the last listener left: pages reload, tabs change."""
QUEUE_LENGTH = 200


@dataclass(frozen=True, slots=True)
class Signal:
    """Something changed. `RESET` says: too much to tell, look at everything again."""

    id: int
    topic: str
    ref: str
    what: str

    @classmethod
    def of(cls, change: Change) -> Self:
        """The signal of a row of the feed."""
        return cls(change.id, change.topic, change.ref, change.what)


RESET = Signal(0, "reset", "", "")
END = Signal(0, "end", "", "")


class Listener:
    """One browser's queue, used in the event loop that made it."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[Signal] = asyncio.Queue(QUEUE_LENGTH + 1)

    async def next(self, timeout_s: float) -> Signal | None:
        """The next signal, None when none came in time."""
        try:
            return await asyncio.wait_for(self._queue.get(), timeout_s)
        except TimeoutError:
            return None

    def offer(self, signals: list[Signal]) -> None:
        """Called by the poller's thread."""
        try:
            self._loop.call_soon_threadsafe(self._put, signals)
        except RuntimeError:
            log.info("live.listener_gone", reason="its event loop has ended")

    def _put(self, signals: list[Signal]) -> None:
        if self._queue.qsize() + len(signals) > QUEUE_LENGTH:
            # A browser that cannot keep up is told once to look at everything, instead of growing a queue for it.
            while not self._queue.empty():
                self._queue.get_nowait()
            signals = [END] if END in signals else [RESET]
        for signal in signals:
            self._queue.put_nowait(signal)


class Hub:
    """All listeners of this process and the one poller that serves them."""

    def __init__(self) -> None:
        self._lock = threading.RLock()  # close() may come from a signal handler that interrupts add()
        self._listeners: set[Listener] = set()
        self._wake = threading.Event()
        self._ready: Future[None] | None = None
        self._closed = False

    def join(self) -> "Membership":
        """An asynchronous context manager that listens. After `async with` has entered, no later change is missed."""
        return Membership(self, Listener())

    def add(self, listener: Listener) -> Future[None]:
        """Registers a listener and starts the poller if none runs; the result is done when it reads."""
        with self._lock:
            self._listeners.add(listener)
            if self._closed:
                listener.offer([END])
            if self._ready is None:
                self._ready = Future()
                self._wake.clear()
                threading.Thread(target=self._run, args=(self._ready,), name="feed-poller", daemon=True).start()
            return self._ready

    def remove(self, listener: Listener) -> None:
        """Forgets a listener."""
        with self._lock:
            self._listeners.discard(listener)

    def close(self) -> None:
        """Ends every stream, so that a server that stops need not wait for browsers to go away."""
        with self._lock:
            self._closed = True
            self._wake.set()
            for listener in self._listeners:
                listener.offer([END])

    def _run(self, ready: "Future[None]") -> None:
        reader: FeedReader | None = None
        alone_s = 0.0
        try:
            while True:
                pause_s = POLL_S
                try:
                    close_old_connections()
                    if reader is None:
                        reader = FeedReader()
                        ready.set_result(None)
                    self._hand_out([Signal.of(change) for change in reader.poll()])
                except DatabaseError as error:
                    # The pages stay open: they get what they missed when the database is back.
                    log.warning("live.feed_unreadable", error=str(error), retry_in_s=AFTER_ERROR_S)
                    pause_s = AFTER_ERROR_S
                self._wake.wait(pause_s)
                alone_s = 0.0 if self._listeners else alone_s + pause_s
                if self._may_stop(alone_s):
                    return
        except BaseException as error:
            self._forget(ready, error)
            raise
        finally:
            connections.close_all()

    def _hand_out(self, signals: list[Signal]) -> None:
        if not signals:
            return
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            listener.offer(signals)

    def _forget(self, ready: "Future[None]", error: BaseException) -> None:
        """The poller dies of a defect: whoever listens is sent away and comes back to a new one."""
        with self._lock:
            self._ready = None
            for listener in self._listeners:
                listener.offer([END])
        if not ready.done():
            ready.set_exception(error)

    def _may_stop(self, alone_s: float) -> bool:
        with self._lock:
            if not self._closed and (self._listeners or alone_s < LINGER_S):
                return False
            self._ready = None
            return True


class Membership:
    """A listener that is registered for as long as the context lasts."""

    def __init__(self, hub: Hub, listener: Listener) -> None:
        self._hub = hub
        self._listener = listener

    async def __aenter__(self) -> Listener:
        ready = self._hub.add(self._listener)
        try:
            # Shielded: others wait for the same future, and one browser that leaves must not cancel it for them.
            await asyncio.shield(asyncio.wrap_future(ready))
        except BaseException:
            self._hub.remove(self._listener)
            raise
        return self._listener

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hub.remove(self._listener)


HUB = Hub()
"""This process's hub."""
