"""From the stream's own clock to the time of day."""

from edge.cameras.packets import EncodedPacket

# A stamp behind the one before it, or so much further ahead than the wait explains: the stream's clock was set anew.
JUMP_S = 3.0
_BUCKET_S = 5.0
_REORDERING_S = 1.0


class StreamClock:
    """Places packets on one continuous time line and learns what time of day its zero is.

    A packet cannot arrive before its picture was taken, so the offset from stream time to time of day is the smallest
    difference between arrival and presentation time of the last 5 to 10 seconds. That ignores the network's jitter,
    follows a camera clock that runs a little wrong, and recovers when the box's own clock is set. Distances between
    pictures always remain those of the camera's clock, which speeds are computed from.

    Args:
        start_time: the time of day of stream time 0 (offline: nothing is learned), in seconds since the Unix epoch;
            None learns it from arrivals.
    """

    def __init__(self, start_time: float | None = None) -> None:
        self._start_time = start_time
        self._shift_s = 0.0
        self._last_stamp_s: float | None = None
        self._last_reorders = False
        self._last_step_s = 0.0
        self._last_position_s = 0.0
        self._last_arrival = 0.0
        self._bucket_end = 0.0
        self._bucket_min: float | None = None
        self._previous_min: float | None = None

    @property
    def offset(self) -> float:
        """Add this to a position to have the time of day."""
        if self._start_time is not None:
            return self._start_time
        minima = [value for value in (self._bucket_min, self._previous_min) if value is not None]
        return min(minima, default=0.0)

    def place(self, packet: EncodedPacket, arrival: float | None) -> float:
        """The packet's presentation time in seconds on the continuous time line.

        `arrival` is the time of day at which it was received.

        Raises:
            ValueError: no arrival, and no start time to do without.
        """
        if arrival is None:
            if self._start_time is None:
                raise ValueError("a live stream's packets need their time of arrival")
            arrival = self._last_arrival
        stamp = packet.dts_s if packet.dts_s is not None else packet.pts_s
        if stamp is None:  # it belongs to the packet before it; at the start of a stream it is the start
            position_s = self._last_position_s
        else:
            self._absorb_jump(stamp, arrival, reorders=packet.dts_s is None)
            position_s = (packet.pts_s if packet.pts_s is not None else stamp) + self._shift_s
        self._learn(position_s, arrival)
        self._last_position_s, self._last_arrival = position_s, arrival
        return position_s

    def _absorb_jump(self, stamp_s: float, arrival: float, *, reorders: bool) -> None:
        """Keep the time line continuous, and remember the stamp."""
        last_s, self._last_stamp_s = self._last_stamp_s, stamp_s
        either_reorders, self._last_reorders = reorders or self._last_reorders, reorders
        if last_s is None:
            return
        waited_s = max(arrival - self._last_arrival, 0.0)
        step_s = stamp_s - last_s
        # Without decoding times (libav often leaves out the first ones) presentation times go back and forth.
        behind = step_s < (-_REORDERING_S if either_reorders else 0.0)
        ahead = self._start_time is None and step_s > waited_s + JUMP_S
        if behind or ahead:
            self._shift_s += max(waited_s, self._last_step_s) - step_s
        elif step_s > 0:
            self._last_step_s = step_s

    def _learn(self, position_s: float, arrival: float) -> None:
        difference = arrival - position_s
        starts = self._bucket_min is None or not self._bucket_end - 2 * _BUCKET_S <= arrival < self._bucket_end
        if starts or self._bucket_min is None:
            self._previous_min, self._bucket_min = self._bucket_min, difference
            self._bucket_end = arrival + _BUCKET_S
        else:
            self._bucket_min = min(self._bucket_min, difference)
