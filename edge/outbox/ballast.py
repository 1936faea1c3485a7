"""Room on the disk that nobody else can take: a file of nothing, let go when the disk is full."""

import errno
import os
import shutil
import sqlite3
from pathlib import Path

import structlog

_log = structlog.get_logger(__name__)


class Ballast:
    """Holds the place of some thousand opened and closed events, whatever else fills the disk."""

    def __init__(self, path: Path, size_bytes: int) -> None:
        """Nothing is taken until `hold`."""
        self._path = path
        self._size = size_bytes

    def leaves_room(self, extra_bytes: int) -> bool:
        """Whether something that may be given up still fits beside twice the ballast."""
        return shutil.disk_usage(self._path.parent).free >= 2 * self._size + extra_bytes

    def hold(self) -> None:
        """Takes the room, if it is not held already and the disk has plenty."""
        if self._path.exists() or not self.leaves_room(2 * self._size):
            return
        with self._path.open("wb") as file:
            try:
                os.posix_fallocate(file.fileno(), 0, self._size)
            except OSError as error:
                self._path.unlink()
                if error.errno not in {errno.ENOSPC, errno.EDQUOT, errno.EOPNOTSUPP, errno.EINVAL}:
                    raise
                _log.warning("no room could be kept for a full disk", reason=error.strerror)

    def let_go(self) -> bool:
        """Frees the room; False when it was not held."""
        held = self._path.exists()
        self._path.unlink(missing_ok=True)
        return held


def is_full(error: sqlite3.Error) -> bool:
    """Whether SQLite failed because the disk is full."""
    code = getattr(error, "sqlite_errorcode", 0)
    return code in {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE}
