"""Secrets live in files of mode 0600 or in the environment, never in settings or logs."""

import os
import secrets
import tempfile
from pathlib import Path


class SecretError(RuntimeError):
    """A secret that is missing or that others can read."""


def from_environment(name: str) -> str | None:
    """The value of NAME, or the content of the file that NAME_FILE names.

    Raises:
        SecretError: the file cannot be read.
    """
    if name in os.environ:
        return os.environ[name]
    path = os.environ.get(f"{name}_FILE")
    if path is None:
        return None
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SecretError(f"{name}_FILE={path}: {error.strerror}; name a file this user can read") from error


def kept_in(path: Path) -> str:
    """The secret in the file, made on first use; safe when several processes start at once.

    Raises:
        SecretError: others than the owner can read the file.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists():
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # mode 0600
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(50))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)  # fails when another process was first: then its secret counts
        except FileExistsError:
            pass
        finally:
            Path(draft).unlink()
    if path.stat().st_mode & 0o077:
        raise SecretError(f"{path} can be read by others; run: chmod 600 {path}")
    return path.read_text(encoding="utf-8").strip()
