"""The dry memory on the disk: a box that was restarted in a flood still knows its roads as they look when dry."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol, Self

import numpy as np
import structlog
from numpy.typing import NDArray

from edge.durable_file import write_durably
from edge.perception.surface import Light, Plane

log = structlog.get_logger(__name__)

FORMAT = "1"
"""Another number, another meaning of what is stored: older files are then forgotten."""


@dataclass(slots=True, eq=False)
class Background:
    """Means over the looks by one light.

    Attributes:
        looks: how many, at each pixel [rows, columns].
        edges: gradients along x and y [2, rows, columns].
        energy: their squares' sum [rows, columns].
        chroma: of red and of blue [2, rows, columns].
        time: of the newest look, epoch seconds.
    """

    looks: NDArray[np.uint16]
    edges: Plane
    energy: Plane
    chroma: Plane
    time: float

    @classmethod
    def empty(cls, rows: int, columns: int) -> Self:
        """Before the first look."""
        return cls(
            np.zeros((rows, columns), np.uint16),
            np.zeros((2, rows, columns), np.float32),
            np.zeros((rows, columns), np.float32),
            np.zeros((2, rows, columns), np.float32),
            0.0,
        )

    def __post_init__(self) -> None:
        rows, columns = self.looks.shape
        if not (self.edges.shape == self.chroma.shape == (2, rows, columns) and self.energy.shape == (rows, columns)):
            raise ValueError(f"planes of different sizes: {rows} × {columns}, {self.edges.shape}, {self.chroma.shape}")


class DryStore(Protocol):
    """Where the backgrounds of one camera are kept."""

    def load(self) -> dict[Light, Background]:
        """What was saved; nothing where there is nothing that still holds."""

    def save(self, backgrounds: Mapping[Light, Background]) -> None:
        """Keeps these instead. A failure is not the camera's: it is logged."""


class NoStore:
    """Forgets: for recordings and tests."""

    def load(self) -> dict[Light, Background]:
        """Nothing."""
        return {}

    def save(self, backgrounds: Mapping[Light, Background]) -> None:
        """Nothing happens."""


class FileStore:
    """One file a camera: means of edges and colour of the bare road, 160 px wide, from which nobody can be seen."""

    def __init__(self, path: Path, holds_for: str) -> None:
        """Names the file.

        Args:
            path: of the file.
            holds_for: what the view was set up for, for example a digest of the zones drawn on it: when it changes,
                somebody has accepted another view, and the old one is forgotten.
        """
        self._path = path
        self._holds_for = f"{FORMAT} {holds_for}"

    def load(self) -> dict[Light, Background]:
        """See `DryStore`. A file that cannot be read is as good as none."""
        try:
            with np.load(io.BytesIO(self._path.read_bytes()), allow_pickle=False) as stored:
                if str(stored["holds_for"]) != self._holds_for:
                    return {}
                return {Light(light): _background(stored, light) for light in stored["lights"].tolist()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            log.warning("a dry road cannot be read and is learned anew", file=str(self._path), problem=repr(error))
            return {}

    def save(self, backgrounds: Mapping[Light, Background]) -> None:
        """See `DryStore`."""
        fields = {f"{name}_{light}": value for light, of in backgrounds.items() for name, value in asdict(of).items()}
        lights = np.array([light.value for light in backgrounds], "U16")
        content = io.BytesIO()
        np.savez_compressed(content, allow_pickle=False, holds_for=self._holds_for, lights=lights, **fields)
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_durably(self._path, content.getvalue())
        except OSError as error:
            log.warning("a dry road cannot be saved", file=str(self._path), problem=str(error))


def _background(stored: "np.lib.npyio.NpzFile", light: str) -> Background:
    def of(name: str, kind: type[np.generic]) -> np.ndarray:
        return np.asarray(stored[f"{name}_{light}"], kind)

    return Background(
        looks=of("looks", np.uint16),
        edges=of("edges", np.float32),
        energy=of("energy", np.float32),
        chroma=of("chroma", np.float32),
        time=float(stored[f"time_{light}"]),
    )
