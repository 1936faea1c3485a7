"""The states of a camera, the table of legal transitions, and the word for each on the wire."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Literal

from edge.cameras.faults import Fault

WireState = Literal["streaming", "stalled", "faulty", "disabled"]


class CameraState(StrEnum):
    """What a camera's session is doing."""

    CONNECTING = "connecting"
    STREAMING = "streaming"
    STALLED = "stalled"
    BACKOFF = "backoff"
    DISABLED = "disabled"


TRANSITIONS: Mapping[CameraState, frozenset[CameraState]] = MappingProxyType(
    {
        # connected and a keyframe came; or not; or switched off meanwhile
        CameraState.CONNECTING: frozenset({CameraState.STREAMING, CameraState.BACKOFF, CameraState.DISABLED}),
        # went silent; ended or turned to garbage
        CameraState.STREAMING: frozenset({CameraState.STALLED, CameraState.BACKOFF, CameraState.DISABLED}),
        # came back by itself; given up
        CameraState.STALLED: frozenset({CameraState.STREAMING, CameraState.BACKOFF, CameraState.DISABLED}),
        # the wait is over
        CameraState.BACKOFF: frozenset({CameraState.CONNECTING, CameraState.DISABLED}),
        # switched on
        CameraState.DISABLED: frozenset({CameraState.CONNECTING}),
    }
)


class IllegalTransitionError(RuntimeError):
    """The program tried a transition that the table does not have: a defect of ours, never of a camera."""


@dataclass(frozen=True, slots=True)
class CameraStatus:
    """A camera's state with its history as far as anybody asks for it.

    Attributes:
        since: when it entered `state`; seconds since the Unix epoch.
        reason: one sentence for an operator, free of credentials.
        fault: what was wrong last; kept while connecting again, None once streaming.
        wire: the word on the wire.
        wire_since: when that word last changed.
    """

    state: CameraState
    since: float
    reason: str
    fault: Fault | None
    wire: WireState
    wire_since: float

    @classmethod
    def initial(cls, now: float, *, enabled: bool = True) -> "CameraStatus":
        """A camera that nobody has tried yet."""
        if enabled:
            return cls(CameraState.CONNECTING, now, "connecting for the first time", None, "stalled", now)
        return cls(CameraState.DISABLED, now, "disabled in the configuration", None, "disabled", now)

    def to(self, state: CameraState, now: float, reason: str, fault: Fault | None = None) -> "CameraStatus":
        """The status after a transition.

        Raises:
            IllegalTransitionError: the table does not have it.
        """
        if state not in TRANSITIONS[self.state]:
            raise IllegalTransitionError(f"a camera cannot go from {self.state} to {state} ({reason})")
        if fault is None and state is CameraState.CONNECTING:
            fault = self.fault
        wire = wire_state(state, fault)
        return CameraStatus(state, now, reason, fault, wire, self.wire_since if wire == self.wire else now)


def wire_state(state: CameraState, fault: Fault | None) -> WireState:
    """The centre knows four words; a camera that connects again after a fault is faulty until it streams."""
    match state:
        case CameraState.STREAMING:
            return "streaming"
        case CameraState.DISABLED:
            return "disabled"
        case CameraState.STALLED:
            return "stalled"
        case CameraState.CONNECTING | CameraState.BACKOFF:
            return "faulty" if fault else "stalled"
