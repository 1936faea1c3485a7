"""Where evidence lies: bytes under their sha256. A folder by default; whatever can put, open and delete will do."""

import io
import os
import tempfile
from functools import cache
from pathlib import Path
from typing import BinaryIO, Protocol

from django.conf import settings


class EvidenceStore(Protocol):
    """Content-addressed: a name never changes its content, so writing twice is writing once."""

    def put(self, sha256: str, content: bytes) -> None:
        """Durable when it returns; whole or not there at all, whatever happens meanwhile."""
        ...

    def open(self, sha256: str) -> BinaryIO:
        """For reading.

        Raises:
            FileNotFoundError: nothing has this name.
        """
        ...

    def delete(self, sha256: str) -> None:
        """Nothing happens if it is not there."""
        ...


class FolderStore:
    """Files in 256 sub-folders of one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, sha256: str, content: bytes) -> None:
        """Temporary file, fsync, rename, fsync of the folder."""
        target = self._path(sha256)
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=target.parent, prefix=".")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            Path(draft).replace(target)
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise
        _sync_folder(target.parent)

    def open(self, sha256: str) -> BinaryIO:
        """Plain file."""
        return self._path(sha256).open("rb")

    def delete(self, sha256: str) -> None:
        """Unlinks."""
        self._path(sha256).unlink(missing_ok=True)

    def _path(self, sha256: str) -> Path:
        if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
            raise FileNotFoundError(f"evidence {sha256[:80]!r}: not a sha256")
        return self._folder / sha256[:2] / sha256


class MemoryStore:
    """For tests."""

    def __init__(self) -> None:
        self._content: dict[str, bytes] = {}

    def put(self, sha256: str, content: bytes) -> None:
        """Keeps it."""
        self._content[sha256] = content

    def open(self, sha256: str) -> BinaryIO:
        """Reads from memory."""
        if sha256 not in self._content:
            raise FileNotFoundError(f"evidence {sha256[:80]!r}: not here")
        return io.BytesIO(self._content[sha256])

    def delete(self, sha256: str) -> None:
        """Forgets it."""
        self._content.pop(sha256, None)


@cache
def store() -> EvidenceStore:
    """The one the settings name."""
    return FolderStore(Path(settings.EVIDENCE_FOLDER))


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
