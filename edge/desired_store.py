"""What the centre decided, kept over restarts: the version in force, and the one before it in case this one no longer
holds, for example after the box's file was changed.
"""

from pathlib import Path

from edge.durable_file import write_durably

NEWEST, BEFORE = "desired.json", "desired.before.json"


class DesiredStore:
    """Two files in the box's state folder."""

    def __init__(self, state_dir: Path) -> None:
        self._newest = state_dir / NEWEST
        self._before = state_dir / BEFORE

    def payloads(self) -> list[bytes]:
        """What is kept, the newest first."""
        return [path.read_bytes() for path in (self._newest, self._before) if path.is_file()]

    def keep(self, payload: bytes) -> None:
        """Keeps a version that was taken over.

        Raises:
            OSError: the disk is full or failing; what was kept is still there.
        """
        if self._newest.is_file() and (newest := self._newest.read_bytes()) != payload:
            write_durably(self._before, newest)
        write_durably(self._newest, payload)
