"""Where to look closer when it is known how large a car appears: only where it is too small, no larger than serves."""

from collections.abc import Callable, Sequence

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from models.zoom import Crop, polygons_of
from models.zoom_cover import Cars, Frame, cover

WANTED_PX = 24.0
"""A small detector finds cars reliably from this size: the root of the box's area, at the network's input."""
LEAST_PX = 14.0
"""Under it a small detector finds next to nothing (NanoDet-g's recipe): no crop shows cars smaller."""
LEAST_PICTURE_PX = 8.0
"""A car that covers less of the picture itself has nothing left to enlarge."""
AT_MOST = 3
"""Crops are looked at in turn: of more, each would be seen too rarely to follow a car through a stare."""
REACH_X, REACH_UP, REACH_DOWN = 1.3, 1.5, 0.3
"""How far a car's box reaches from the middle of its lower third, in `car_px`, also where it stands across."""
FINER = 4
"""Zones are drawn on a raster so much finer than the map: cells that they only graze may not count."""

CarMap = NDArray[np.float64]
"""[rows, columns], laid evenly over the frame: pixels of the frame that a car covers there, the root of its box's area.

Not finite, or not above 0, where there is no ground. Cells must be much smaller than crops: 60 to 100 columns serve.
"""


def planned_crops(
    car_px: CarMap,
    frame: Frame,
    zones: Sequence[ArrayLike] = (),
    wanted_px: float = WANTED_PX,
    at_most: int = AT_MOST,
) -> tuple[Crop, ...]:
    """Crops in which every car in the zones that the whole frame shows too small is whole and large enough.

    They have the frame's proportions, so that they share its batch, and may differ in size; the farthest comes first.
    Where `at_most` do not suffice they enlarge less, down to LEAST_PX, and where not even that suffices the farthest
    cars are given up. A car under LEAST_PICTURE_PX always is. `car_px_seen` tells what came of it.

    Args:
        car_px: see `CarMap`.
        frame: what is cropped.
        zones: polygons [k, 2] in pixels; a car is in one when the middle of the lower third of its box is. None means
            the whole frame.
        wanted_px: how large a car shall be at the network's input, the root of its box's area.
        at_most: so many crops.

    Raises:
        ValueError: the map is not [rows, columns], `wanted_px` or `at_most` is not positive, or a zone is not [k, 2]
            with k ≥ 3.
    """
    if not wanted_px > 0 or at_most <= 0:
        raise ValueError(f"wanted_px and at_most must be positive, not {wanted_px}, {at_most}")
    cars = _cars(car_px, frame, _of_zones(car_px, frame, zones))
    cars = cars[cars.px >= LEAST_PICTURE_PX]
    cars = cars[np.argsort(cars.px, kind="stable")]
    least_px = min(LEAST_PX, wanted_px)
    sizes = [*np.arange(wanted_px, least_px, -1.0).tolist(), least_px]
    crops = _earliest(len(sizes), lambda number: cover(cars, frame, sizes[number], at_most))
    if crops is None:
        crops = _earliest(len(cars), lambda given_up: cover(cars[given_up:], frame, least_px, at_most))
    return crops or ()


def car_px_seen(
    car_px: CarMap, frame: Frame, crops: Sequence[Crop], zones: Sequence[ArrayLike] = ()
) -> NDArray[np.float64]:
    """How large a car appears at the network's input where it appears largest and whole, in the frame or a crop of it.

    Returns [rows, columns] as `car_px`, the root of the box's area in pixels; NaN outside the zones and without ground.

    Raises:
        ValueError: the map is not [rows, columns], or a zone is not [k, 2] with k ≥ 3.
    """
    mask = _of_zones(car_px, frame, zones)
    cars = _cars(car_px, frame, mask)
    scale = np.full(len(cars), frame.scale)
    for crop in crops:
        size = (crop.x2 - crop.x1, crop.y2 - crop.y1)
        across, down = cars.shown_by(frame, size, np.array([crop.x1]), np.array([crop.y1]))
        whole = across[0] & down[0]
        scale[whole] = np.maximum(scale[whole], frame.input_side / max(size))
    seen = np.full(mask.shape, np.nan)
    seen[mask] = cars.px * scale
    return seen


def _of_zones(car_px: CarMap, frame: Frame, zones: Sequence[ArrayLike]) -> NDArray[np.bool_]:
    """The cells with ground that a zone touches."""
    if car_px.ndim != 2 or not car_px.size:
        raise ValueError(f"the map of a car's pixels is [rows, columns], not {list(car_px.shape)}")
    ground: NDArray[np.bool_] = np.isfinite(car_px) & (car_px > 0)
    polygons = polygons_of(zones)
    if not polygons:
        return ground
    rows, columns = car_px.shape
    fine = np.zeros((rows * FINER, columns * FINER), np.uint8)
    for polygon in polygons:
        corners = np.floor(polygon * [fine.shape[1] / frame.width, fine.shape[0] / frame.height]).astype(np.int32)
        cv2.fillPoly(fine, [corners], 1)
    touched: NDArray[np.uint8] = fine.reshape(rows, FINER, columns, FINER).max(axis=(1, 3))
    result: NDArray[np.bool_] = ground & (touched > 0)
    return result


def _cars(car_px: CarMap, frame: Frame, mask: NDArray[np.bool_]) -> Cars:
    """One car a cell of the mask, row by row; its box is large enough for wherever in the cell it stands."""
    lines = np.linspace(0, frame.height, car_px.shape[0] + 1)
    posts = np.linspace(0, frame.width, car_px.shape[1] + 1)
    row, column = np.nonzero(mask)
    car = car_px[row, column]
    edges = [
        np.floor(posts[column] - REACH_X * car),
        np.floor(lines[row] - REACH_UP * car),
        np.ceil(posts[column + 1] + REACH_X * car),
        np.ceil(lines[row + 1] + REACH_DOWN * car),
    ]
    size = [frame.width, frame.height, frame.width, frame.height]
    return Cars(car, np.clip(np.stack(edges, axis=1), 0, size).astype(np.int64))


def _earliest(count: int, attempt: Callable[[int], tuple[Crop, ...] | None]) -> tuple[Crop, ...] | None:
    """What the earliest of the attempts 0 … count - 1 brings that succeeds, taken that all later ones succeed too."""
    brought = attempt(0)
    if brought is not None:
        return brought
    failed, succeeded = 0, count
    while failed + 1 < succeeded:
        middle = (failed + succeeded) // 2
        crops = attempt(middle)
        if crops is None:
            failed = middle
        else:
            brought, succeeded = crops, middle
    return brought
