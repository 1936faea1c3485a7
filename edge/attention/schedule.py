"""The order of looks: earliest due first.

A camera's next look is due its cadence after its last one, so a box that cannot keep up serves every camera late by the
same share rather than some not at all (earliest deadline first; Liu and Layland 1973). How late is the stretch.
"""

from collections.abc import Iterable
from dataclasses import dataclass

STRETCH_SMOOTHING = 0.1
"""Weight of the newest look in the running mean."""


@dataclass(frozen=True, slots=True)
class Due:
    """A look that a camera waits for."""

    camera: str
    at: float
    asked: float
    """Seconds since its last look at which it wanted the next."""


class Schedule:
    """Who is due when. Times are seconds of one monotonic clock; not thread-safe: one loop owns it."""

    def __init__(self, cameras: Iterable[str], now: float) -> None:
        self._last = dict.fromkeys(cameras, now)
        self._due = {camera: Due(camera, now, 0.0) for camera in self._last}
        self.stretch = 1.0
        """Actual interval over the one asked for, running mean; 1 = in time."""

    def next(self) -> Due | None:
        """The look that is due first, due or not yet; None without cameras. Ties go by the longest wait."""
        return min(self._due.values(), key=lambda due: (due.at, self._last[due.camera]), default=None)

    def looked(self, camera: str, now: float, after_s: float) -> None:
        """Notes a look and when the camera wants the next one."""
        due = self._due[camera]
        if due.asked > 0:
            ratio = max(1.0, (now - self._last[camera]) / due.asked)
            self.stretch += STRETCH_SMOOTHING * (ratio - self.stretch)
        self._last[camera] = now
        self._due[camera] = Due(camera, now + after_s, after_s)

    def postpone(self, camera: str, now: float, after_s: float) -> None:
        """Asks again later: the camera had no newer picture, so this was no look."""
        self._due[camera] = Due(camera, now + after_s, self._due[camera].asked)

    def hasten(self, camera: str, now: float) -> None:
        """Somebody waits for this camera: it is due now. What is not known is passed over."""
        due = self._due.get(camera)
        if due is not None and due.at > now:
            self._due[camera] = Due(camera, now, due.asked)
