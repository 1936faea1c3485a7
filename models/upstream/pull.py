"""Fetch a file of somebody else's release, and keep it only if it is the one that was meant."""

import hashlib
import http.client
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from models.card import MAX_BYTES, ModelError
from models.upstream.registry import Entry

TIMEOUT_S = 30.0
CHUNK = 1 << 16


def pull(entry: Entry, folder: Path, mirror: str | None = None, sha256: str | None = None) -> tuple[Path, bool]:
    """The path of the file in `folder`, and whether it had to be fetched.

    Args:
        entry: what to fetch.
        folder: made if need be.
        mirror: a folder, or the URL of one, that holds the file under its own name; the release itself when left out.
        sha256: the sum, where the registry knows none; must agree where it knows one.

    Raises:
        ModelError: no sum is known, nothing answers, the file is too large, or it is not the one that was meant.
        OSError: the folder cannot be written.
    """
    expected = _expected(entry, sha256)
    path = folder / entry.file
    if path.is_file() and path.stat().st_size <= MAX_BYTES:
        if hashlib.sha256(path.read_bytes()).hexdigest() == expected:
            return path, False
        raise ModelError(f"{path} is there already and is another file: move it away, or give another folder")
    folder.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(path.name + ".part")
    source = _source(entry, mirror)
    try:
        _fetch(source, draft, entry.bytes or MAX_BYTES, expected)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path, True


def _expected(entry: Entry, sha256: str | None) -> str:
    given = sha256.lower() if sha256 else None
    if given and entry.sha256 and given != entry.sha256:
        raise ModelError(f"the registry knows {entry.file} by sha256 {entry.sha256}, not {given}: leave --sha256 out")
    if expected := entry.sha256 or given:
        return expected
    raise ModelError(f"no sum is known for {entry.file} ({entry.sha256_unknown}): give the one you trust with --sha256")


def _source(entry: Entry, mirror: str | None) -> str | Path:
    if mirror is None:
        return entry.url
    if mirror.startswith(("http://", "https://")):
        return f"{mirror.rstrip('/')}/{entry.file}"
    if "://" in mirror:
        raise ModelError(f"{mirror} is no mirror: give a folder, or a URL with http or https")
    return Path(mirror) / entry.file


def _fetch(source: str | Path, draft: Path, limit: int, expected: str) -> None:
    digest, size = hashlib.sha256(), 0
    with draft.open("wb") as kept:
        for chunk in _chunks(source):
            size += len(chunk)
            if size > limit:
                raise ModelError(f"{source} is larger than the {limit} bytes expected: it is another file; not kept")
            digest.update(chunk)
            kept.write(chunk)
    if digest.hexdigest() != expected:
        raise ModelError(
            f"{source} is not the file that was meant: {size} bytes, sha256 {digest.hexdigest()}, expected {expected}; "
            "not kept. Try another mirror (--mirror)"
        )


def _chunks(source: str | Path) -> Iterator[bytes]:
    try:
        if isinstance(source, Path):
            with source.open("rb") as file:
                while chunk := file.read(CHUNK):
                    yield chunk
            return
        # Only http and https come here, see `_source` and the pattern of `Entry.url`.
        with urllib.request.urlopen(source, timeout=TIMEOUT_S) as answer:  # noqa: S310
            while chunk := answer.read(CHUNK):
                yield chunk
    except FileNotFoundError as error:
        raise ModelError(f"{source} is missing: put the file there, or leave --mirror out") from error
    except (urllib.error.URLError, http.client.HTTPException, TimeoutError, ConnectionError) as error:
        raise ModelError(f"{source} does not give the file ({error}): check the network, or use --mirror") from error
