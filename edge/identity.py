"""The box's own key: Ed25519, made on first use, never leaving `state_dir`."""

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from contract.evidence import public_key_text
from edge.durable_file import write_durably

KEY_FILE = "box-key.pem"


class IdentityError(RuntimeError):
    """The key cannot be used as it lies there; the text says what to do."""


@dataclass(frozen=True, slots=True)
class BoxKey:
    """The key that signs what the box says it saw. Its private half appears in no repr and no log.

    Attributes:
        private: for signing.
        path: where it is kept (PEM, PKCS 8, mode 0600).
    """

    private: Ed25519PrivateKey = field(repr=False)
    path: Path

    @property
    def public_text(self) -> str:
        """The public half as the centre wants it at enrolment."""
        return public_key_text(self.private.public_key())

    @classmethod
    def load_or_create(cls, state_dir: Path) -> Self:
        """Reads the key of this box, or makes it if there is none yet.

        Raises:
            IdentityError: unreadable, not an Ed25519 key, open to other users, or the folder cannot be written.
        """
        path = state_dir / KEY_FILE
        try:
            if not path.is_symlink() and not path.exists():
                state_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
                write_durably(path, _to_pem(Ed25519PrivateKey.generate()))
            return cls(_read(path), path)
        except OSError as error:
            raise IdentityError(
                f"the box's key {path} cannot be read or made ({error.strerror}); let the user that runs sigap-edge "
                "read and write this folder"
            ) from error


def _to_pem(key: Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _read(path: Path) -> Ed25519PrivateKey:
    # Permissions are those of the file that is read, not of one put in its place a moment later.
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise IdentityError(f"the box's key {path} is not a plain file; put the key itself there")
        if status.st_mode & 0o077:
            raise IdentityError(
                f"other users may read the box's key {path} (mode {stat.S_IMODE(status.st_mode):04o}); if nobody "
                f"did: chmod 600 {path}; otherwise delete it and enrol the box again with the new one"
            )
        content = file.read()
    try:
        key = load_pem_private_key(content, password=None)
    except (ValueError, TypeError) as error:
        raise IdentityError(_remedy(path, "is damaged or encrypted")) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise IdentityError(_remedy(path, "is not an Ed25519 key"))
    return key


def _remedy(path: Path, what: str) -> str:
    return (
        f"the box's key {path} {what}; put the right one back, or move it away: sigap-edge then makes a new one, and "
        "the box must be enrolled again"
    )
