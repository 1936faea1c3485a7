"""A version of `desired` as it comes: checked beside the looks, taken over between two of them, kept, and told.

What takes long (reading, checking, loading networks) is done on a thread of its own; the newest version waiting wins.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from contract.desired import DesiredError, Fault, Refusal, read_desired
from edge.config.desired import decided
from edge.config.document import Configuration
from edge.desired_store import DesiredStore
from edge.networks import Networks, networks_for
from models.card import ModelError

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Decision:
    """A configuration that was checked, with all that it needs.

    Attributes:
        payload: of the version it follows; empty where it is the box's file alone.
    """

    configuration: Configuration
    networks: Networks
    payload: bytes = b""


def decide(payload: bytes, own: Configuration, running: Decision | None) -> Decision:
    """What a version comes to.

    Args:
        payload: as it came.
        own: the box's file.
        running: what is in force; its networks are used again where they are the same.

    Raises:
        DesiredError: with everything that does not hold.
    """
    desired = read_desired(payload)
    configuration = decided(own, desired)
    try:
        if running is None:
            return Decision(configuration, networks_for(configuration), payload)
        return Decision(configuration, networks_for(configuration, running.configuration, running.networks), payload)
    except ModelError as error:
        raise DesiredError(desired.version, [Fault.at(("models",), str(error))]) from error


def first_decision(own: Configuration, store: DesiredStore) -> tuple[Decision, Refusal | None]:
    """What a box begins with: the version in force when it stopped, else the one before, else its file alone.

    Returns:
        The decision, and why the newest one kept was not taken, where it was not.

    Raises:
        ModelError: not even the box's own file has networks that can be used.
    """
    refusal: Refusal | None = None
    for payload in store.payloads():
        try:
            return decide(payload, own, None), refusal
        except DesiredError as error:
            log.warning("a version that was in force no longer holds", faults=str(error))
            refusal = refusal or error.refusal
    return Decision(own, networks_for(own)), refusal


class Changes:
    """Hears versions on the uplink's thread and brings those that hold to the one that looks.

    Args:
        own: the box's file.
        running: what is in force at any moment.
        take_over: hands a decision to the looking thread.
        refuse: told why a version is not taken.
        again: told that the version in force came once more.
    """

    def __init__(
        self,
        own: Configuration,
        running: Callable[[], Decision],
        *,
        take_over: Callable[[Decision], None],
        refuse: Callable[[Refusal], None],
        again: Callable[[], None],
    ) -> None:
        self._own = own
        self._running = running
        self._take_over = take_over
        self._refuse = refuse
        self._again = again
        self._newest: bytes | None = None
        self._come = threading.Condition()
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="desired", daemon=True)

    def start(self) -> None:
        """Begins to check what comes."""
        self._thread.start()

    def stop(self) -> None:
        """Ends after the version being checked; one that waits comes again when the box is back."""
        with self._come:
            self._stopping = True
            self._come.notify()

    def hear(self, payload: bytes) -> None:
        """A version as it came; returns at once."""
        with self._come:
            self._newest = payload
            self._come.notify()

    def _run(self) -> None:
        while True:
            with self._come:
                self._come.wait_for(lambda: self._stopping or self._newest is not None)
                if self._stopping or self._newest is None:
                    return
                payload, self._newest = self._newest, None
            self.consider(payload)

    def consider(self, payload: bytes) -> None:
        """Checks a version and brings it on; on whatever thread."""
        running = self._running()
        if payload == running.payload:
            self._again()
            return
        try:
            decision = decide(payload, self._own, running)
        except DesiredError as error:
            log.warning("desired refused; going on with what is in force", faults=str(error))
            self._refuse(error.refusal)
        except Exception as error:  # a defect must not cost the box its other versions
            log.exception("desired could not be checked")
            self._refuse(Refusal(faults=(Fault.at((), f"the box could not check it: {error!r}"),)))
        else:
            self._take_over(decision)
