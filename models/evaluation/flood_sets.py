"""Sets about water: pictures known to show a flood or not, and pictures with a mask of the water."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import structlog
from numpy.typing import NDArray

from models.detector import Image
from models.evaluation.labelled import FloodSet, MaskSet, SetError
from models.pictures import ImageError, read_image

log = structlog.get_logger()
WATER_ABOVE = 127
"""Grey level of a mask from which a pixel is water (masks are JPEG: their edges are soft)."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A camera's picture with one word: whether it shows a flood."""

    picture: Path
    flood: bool
    camera: str


def tiles(folder: Path) -> list[Tile]:
    """The rows of labels.csv (file, flood, camera); the pictures are in `tiles`.

    Raises:
        SetError: the table is missing or lacks a column.
    """
    table = folder / "labels.csv"
    if not table.is_file():
        raise SetError(f"{table} is missing")
    with table.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    if not rows or {"file", "flood", "camera"} - set(rows[0]):
        raise SetError(f"{table} needs rows with the columns file, flood, camera")
    return [Tile(folder / "tiles" / row["file"], row["flood"] == "1", row["camera"]) for row in rows]


def flood_set(folder: Path) -> FloodSet:
    """The tiles of a folder.

    Raises:
        SetError: as `tiles`.
    """
    found = tiles(folder)

    def read() -> Iterator[tuple[str, Image, bool, str]]:
        for tile in found:
            yield tile.picture.name, read_picture(tile.picture), tile.flood, tile.camera

    return FloodSet(folder.name, len(found), read)


def with_masks(folder: Path) -> list[tuple[Path, Path]]:
    """Pictures in `images`, each with the mask of the same name in `masks`.

    Raises:
        SetError: a mask is missing, or there is no picture.
    """
    masks = {path.stem: path for path in (folder / "masks").glob("*")}
    pictures = sorted((folder / "images").glob("*"))
    if not pictures:
        raise SetError(f"{folder / 'images'} has no pictures")
    bare = [path.name for path in pictures if path.stem not in masks]
    if bare:
        raise SetError(f"{folder / 'masks'} lacks the masks of {', '.join(bare)}")
    return [(path, masks[path.stem]) for path in pictures]


def mask_set(folder: Path) -> MaskSet:
    """All of `with_masks`.

    Raises:
        SetError: as there.
    """
    return set_of_masks(folder.name, with_masks(folder))


def set_of_masks(name: str, pairs: Sequence[tuple[Path, Path]]) -> MaskSet:
    """Pictures, each with its mask; where their sizes differ, the mask is of another crop and the picture left out."""

    def read() -> Iterator[tuple[str, Image, NDArray[np.bool_]]]:
        for picture, mask in pairs:
            image, water = read_picture(picture), read_water(mask)
            if water.shape != image.shape[:2]:
                log.warning("left out: its mask has another size", picture=str(picture))
                continue
            yield picture.name, image, water

    return MaskSet(name, len(pairs), read)


def read_water(path: Path) -> NDArray[np.bool_]:
    """Where a mask says water: bool [height, width].

    Raises:
        SetError: no picture there.
    """
    return np.asarray(read_picture(path)[..., 0] > WATER_ABOVE, bool)


def read_picture(path: Path) -> Image:
    """BGR [height, width, 3].

    Raises:
        SetError: no picture there.
    """
    try:
        return read_image(path)
    except (ImageError, OSError) as error:
        raise SetError(str(error)) from error
