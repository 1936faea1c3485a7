"""The folder of evidence on the box: one file each, named by its sha256."""

import re
from pathlib import Path

from contract.ids import sha256_of
from edge.durable_file import PARTIAL, sync_folder, write_durably

_NAME = re.compile(r"[0-9a-f]{64}")


class EvidenceDamagedError(RuntimeError):
    """A file is gone, or no longer what its name says."""


class EvidenceStore:
    """Files in one folder (0700), each readable by the box alone (0600). What they mean stands in the outbox."""

    def __init__(self, folder: Path) -> None:
        """Raises OSError when the folder cannot be made."""
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def put(self, content: bytes) -> str:
        """Writes the content, on the disk when this returns, and gives its sha256.

        Raises:
            OSError: the disk is full or cannot be written.
        """
        sha256 = sha256_of(content)
        write_durably(self._folder / sha256, content)
        return sha256

    def read(self, sha256: str) -> bytes:
        """Raises EvidenceDamagedError when the file is gone or its bytes are not the ones that were put."""
        try:
            content = (self._folder / sha256).read_bytes()
        except OSError as error:
            raise EvidenceDamagedError(
                f"evidence {sha256[:12]}… in {self._folder} cannot be read: {error.strerror}"
            ) from error
        if sha256_of(content) != sha256:
            raise EvidenceDamagedError(
                f"evidence {sha256[:12]}… in {self._folder} has changed since it was written; check the disk"
            )
        return content

    def delete(self, sha256: str) -> None:
        """Deletes the file; one that is gone already is fine."""
        (self._folder / sha256).unlink(missing_ok=True)

    def names(self) -> frozenset[str]:
        """The sha256 of every file."""
        return frozenset(path.name for path in self._folder.iterdir() if _NAME.fullmatch(path.name))

    def keep_only(self, wanted: frozenset[str]) -> int:
        """Deletes what a crash left behind: files nobody refers to and half-written ones. Returns how many."""
        strays = [self._folder / name for name in self.names() - wanted]
        strays += self._folder.glob(f"*{PARTIAL}")
        for path in strays:
            path.unlink(missing_ok=True)
        if strays:
            sync_folder(self._folder)
        return len(strays)
