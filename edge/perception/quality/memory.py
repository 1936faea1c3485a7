"""The usual views on the disk: a camera that was turned while the box was off is found turned when it is on again."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Protocol

import numpy as np
import structlog

from edge.durable_file import write_durably
from edge.perception.quality.usual import UsualView

log = structlog.get_logger(__name__)

FORMAT = "1"
"""Another number, another meaning of what is stored: older files are then forgotten."""


class ViewMemory(Protocol):
    """Where the usual views of one camera are kept."""

    def load(self) -> tuple[UsualView, ...]:
        """What was saved; nothing where there is nothing that still holds."""

    def save(self, views: Sequence[UsualView]) -> None:
        """Keeps these instead. A failure is not the camera's: it is logged."""


class NoMemory:
    """Forgets: for recordings and tests."""

    def load(self) -> tuple[UsualView, ...]:
        """Nothing."""
        return ()

    def save(self, views: Sequence[UsualView]) -> None:
        """Nothing happens."""


class FileMemory:
    """One file a camera, about 40 kB a view: edge directions and block means, from which no picture can be seen."""

    def __init__(self, path: Path, holds_for: str) -> None:
        """Names the file.

        Args:
            path: of the file.
            holds_for: what the view was set up for, for example a digest of the zones drawn on it: when it changes,
                somebody has accepted another view, and the old one is forgotten.
        """
        self._path = path
        self._holds_for = f"{FORMAT} {holds_for}"

    def load(self) -> tuple[UsualView, ...]:
        """See `ViewMemory`. A file that cannot be read is as good as none."""
        try:
            with np.load(io.BytesIO(self._path.read_bytes()), allow_pickle=False) as stored:
                if str(stored["holds_for"]) != self._holds_for:
                    return ()
                return tuple(_view(stored, number) for number in range(int(stored["views"])))
        except FileNotFoundError:
            return ()
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            log.warning("usual views cannot be read and are learned anew", file=str(self._path), problem=repr(error))
            return ()

    def save(self, views: Sequence[UsualView]) -> None:
        """See `ViewMemory`."""
        fields = {
            f"{name}_{number}": value for number, view in enumerate(views) for name, value in asdict(view).items()
        }
        content = io.BytesIO()
        np.savez_compressed(content, allow_pickle=False, holds_for=self._holds_for, views=len(views), **fields)
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_durably(self._path, content.getvalue())
        except OSError as error:
            log.warning("usual views cannot be saved", file=str(self._path), problem=str(error))


def _view(stored: "np.lib.npyio.NpzFile", number: int) -> UsualView:
    def of(name: str) -> np.ndarray:
        return np.asarray(stored[f"{name}_{number}"])

    return UsualView(
        looks=int(of("looks")),
        since=float(of("since")),
        time=float(of("time")),
        field=of("field"),
        gradient=of("gradient"),
        detail=of("detail"),
        light=of("light"),
        colour=float(of("colour")),
    )
