"""Sets about water: pictures known to show a flood or not, and pictures with a mask of the water."""

import csv
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.detector import Image
from models.evaluation.labelled import FloodSet, MaskSet, SetError
from models.pictures import ImageError, read_image

WATER_ABOVE = 127
"""Grey level of a mask from which a pixel is water (masks are JPEG: their edges are soft)."""


def flood_set(folder: Path) -> FloodSet:
    """labels.csv (file, flood, camera) and the pictures in `tiles`.

    Raises:
        SetError: the table lacks a column.
    """
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    if not rows or {"file", "flood", "camera"} - set(rows[0]):
        raise SetError(f"{folder / 'labels.csv'} needs rows with the columns file, flood, camera")

    def read() -> Iterator[tuple[str, Image, bool, str]]:
        for row in rows:
            yield row["file"], _read(folder / "tiles" / row["file"]), row["flood"] == "1", row["camera"]

    return FloodSet(folder.name, len(rows), read)


def mask_set(folder: Path) -> MaskSet:
    """Pictures in `images`, and for each the mask of the same name in `masks`.

    Raises:
        SetError: a mask is missing.
    """
    masks = {path.stem: path for path in (folder / "masks").iterdir()}
    pictures = sorted((folder / "images").iterdir())
    bare = [path.name for path in pictures if path.stem not in masks]
    if bare or not pictures:
        raise SetError(f"{folder / 'masks'} lacks the masks of {', '.join(bare) or 'any picture'}")

    def read() -> Iterator[tuple[str, Image, NDArray[np.bool_]]]:
        for path in pictures:
            yield path.name, _read(path), _read(masks[path.stem])[..., 0] > WATER_ABOVE

    return MaskSet(folder.name, len(pictures), read)


def _read(path: Path) -> Image:
    try:
        return read_image(path)
    except (ImageError, OSError) as error:
        raise SetError(str(error)) from error
