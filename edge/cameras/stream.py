"""Where packets come from: the protocol that sessions speak, and an in-memory stream for tests."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from edge.cameras.faults import CameraError
from edge.cameras.packets import EncodedPacket, StreamFormat


class PacketStream(Protocol):
    """One connection to one source: opened once, iterated once, closed by the thread that opened it."""

    def open(self) -> StreamFormat:
        """Connect and learn the format.

        Raises:
            CameraError: why it cannot be had.
        """

    def __iter__(self) -> Iterator[EncodedPacket]:
        """The packets as they arrive. A stream that ends, ends the iteration.

        Raises:
            CameraError: the source went silent or bad.
        """

    def close(self) -> None:
        """Let go; harmless when closed or never opened."""


class MemoryStream:
    """Plays given packets, then ends as told."""

    def __init__(
        self,
        stream_format: StreamFormat,
        packets: Sequence[EncodedPacket],
        *,
        refuses: CameraError | None = None,
        breaks: CameraError | None = None,
    ) -> None:
        """`refuses` is raised by `open`, `breaks` after the last packet in place of a normal end."""
        self._format = stream_format
        self._packets = packets
        self._refuses = refuses
        self._breaks = breaks
        self._open = False

    def open(self) -> StreamFormat:
        """The format, or the error told to the constructor."""
        if self._refuses:
            raise self._refuses
        self._open = True
        return self._format

    def __iter__(self) -> Iterator[EncodedPacket]:
        for packet in self._packets:
            if not self._open:
                return
            yield packet
        if self._breaks:
            raise self._breaks

    def close(self) -> None:
        """End an iteration that is under way."""
        self._open = False
