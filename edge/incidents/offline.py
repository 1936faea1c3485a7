"""Offline: a camera that sends no picture. Told from time passing, not from a look."""

from contract.kinds import CameraFault, IncidentKind
from edge.attention.wish import Wish
from edge.incidents.camera_fault import UPDATE_EVERY_S
from edge.incidents.lifecycle import Timing
from edge.incidents.rule import Silence, States
from edge.incidents.verdict import Verdict
from edge.perception.observation import Observation

AGAIN_S = 15.0
"""While an offline episode is open, a shorter silence says nothing."""


class OfflineRule:
    """One camera's silences."""

    kind = IncidentKind.CAMERA_FAULT
    about = (CameraFault.OFFLINE.value,)

    def __init__(self, after_s: float = 60.0, hold_s: float = 60.0) -> None:
        """Begins to listen.

        Args:
            after_s: so long a silence is an outage.
            hold_s: so long must pictures come again before the episode closes.
        """
        self._after_s = after_s
        self._hold_s = hold_s

    @property
    def timing(self) -> Timing:
        """How fast its episodes open and close."""
        return Timing(self._after_s, self._hold_s, update_every_s=UPDATE_EVERY_S)

    def judge(self, observation: Observation, states: States) -> dict[str, Verdict]:  # noqa: ARG002 — any look will do
        """A look is a sign of life."""
        return {self.about[0]: Verdict(False, 1, 0.95, "The camera sends pictures")}

    def hear(self, silence: Silence, states: States) -> dict[str, Verdict]:
        """What a silence says; nothing while it is short."""
        is_open = states[self.about[0]].open
        if silence.seconds < (min(AGAIN_S, self._after_s) if is_open else self._after_s):
            return {}
        reason = f"No picture for {_duration(silence.seconds)}: {silence.reason}"[:500]
        return {self.about[0]: Verdict(True, 3, 0.95, reason, began=silence.time - silence.seconds)}

    def wish(self, now: float, states: States) -> Wish | None:  # noqa: ARG002 — it has none
        """None: any look will do."""
        return None


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} min"
