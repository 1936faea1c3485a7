"""A still with the metre grid of its ground plane over it, to judge a calibration by eye."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from calibration.ground import CalibrationError, GroundPlane, Points

Image = NDArray[np.uint8]
"""[rows, columns, 3], blue green red."""
Array = NDArray[np.float64]

LEAST_WIDTH = 1280
"""A smaller still is enlarged: lines and figures need room."""
STEPS_M = ((1.0, 0.30, 1), (5.0, 0.55, 1), (10.0, 0.85, 2))
"""Distance between lines, their opacity and thickness in pixels."""
FADE_PX = (6.0, 22.0)
"""Lines closer together than the first are left out; from the second on they are drawn in full."""
FAR_M = 400.0
LENS_CORNERS = 24
"""So many follow a bent line closely enough."""
GRID = (255, 255, 255)
USED, LEFT_OUT, ARROW = (240, 200, 60), (70, 70, 255), (60, 190, 255)
ARROW_TIMES = 10
BAND_PX = 34
INK, PAPER = (240, 240, 240), (24, 24, 24)


@dataclass(frozen=True, slots=True)
class Mark:
    """A measured point: where it was seen, where it is said to be in metres, whether the fit used it."""

    pixel: tuple[float, float]
    metres: tuple[float, float]
    used: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Ground:
    """The part of the ground on which a grid can be told apart, from one corner to the other, metres."""

    low: Array
    high: Array


def draw_grid(image: Image, plane: GroundPlane, marks: Sequence[Mark] = ()) -> Image:
    """The still, enlarged where it is small, with lines every 1, 5 and 10 m, the marks, and a line of explanation.

    Lines that would run together towards the horizon fade out. From each mark an arrow shows ten times how far the
    plane misses it.

    Raises:
        CalibrationError: the still has other proportions than the calibration, or shows no ground nearby.
    """
    rows, columns = image.shape[:2]
    times = -(-LEAST_WIDTH // columns)
    canvas = np.ascontiguousarray(cv2.resize(image, None, fx=times, fy=times, interpolation=cv2.INTER_CUBIC), np.uint8)
    seen = plane.resized(columns * times, rows * times)
    ground = _visible(seen)
    alpha = np.zeros(canvas.shape[:2], np.uint8)
    for step, opacity, thickness in STEPS_M:
        for line in _lines(ground, step):
            _draw_line(alpha, seen, line, (step, opacity, thickness))
    canvas = _laid_over(canvas, alpha)
    base = _label_base(seen)
    _label_crossings(canvas, seen, ground, base)
    scale = np.array([seen.width / plane.width, seen.height / plane.height])
    for number, mark in enumerate(marks, start=1):
        _draw_mark(canvas, seen, number, mark, np.array(mark.pixel) * scale)
    return np.vstack([canvas, _band(canvas.shape[1], plane, base, bool(marks))])


def _least_pixels_per_metre(plane: GroundPlane, pixels: Points) -> Array:
    """Along the line of sight, where a metre spans the fewest pixels; NaN above the horizon."""
    return np.asarray(1 / (plane.metres_per_pixel(pixels) ** 2 * plane.pixels_per_metre(pixels)), np.float64)


def _visible(plane: GroundPlane) -> _Ground:
    columns, rows = np.meshgrid(np.linspace(0, plane.width, 81), np.linspace(0, plane.height, 46))
    pixels = np.stack([columns.ravel(), rows.ravel()], axis=1)
    spans = _least_pixels_per_metre(plane, pixels)
    ground = plane.to_ground(pixels)
    clear = np.isfinite(ground).all(axis=1) & (np.nan_to_num(spans) * STEPS_M[-1][0] >= FADE_PX[0])
    if not clear.any():
        raise CalibrationError("nowhere in this picture are 10 m of ground large enough to draw: check the calibration")
    nearest = ground[clear][np.argmax(spans[clear])]
    near = ground[clear][np.abs(ground[clear] - nearest).max(axis=1) <= FAR_M]
    return _Ground(near.min(axis=0), near.max(axis=0))


def _lines(ground: _Ground, step: float) -> Iterator[Points]:
    """Points along every line of this step, finely enough to follow a lens."""
    for axis in (0, 1):
        other = 1 - axis
        along = np.arange(ground.low[other], ground.high[other] + 0.5, 0.5)
        first, last = np.ceil(ground.low[axis] / step), np.floor(ground.high[axis] / step)
        for number in np.arange(first, last + 1):
            line = np.empty((len(along), 2))
            line[:, axis], line[:, other] = number * step, along
            yield line


def grid_lines(plane: GroundPlane) -> Iterator[tuple[float, Points]]:
    """The lines every 1, 5 and 10 m that can be told apart in a picture of the plane's size, for whoever draws them.

    Yields:
        The step in metres, and the pixels of a line's visible part, [k, 2]; two of them where no lens bends it.

    Raises:
        CalibrationError: the plane shows no ground nearby.
    """
    ground = _visible(plane)
    for step, _, _ in STEPS_M:
        for line in _lines(ground, step):
            pixels, shades = _shades(plane, line, step)
            shown = np.flatnonzero(shades > 0)
            for run in np.split(shown, np.flatnonzero(np.diff(shown) > 1) + 1):
                if len(run) > 1:
                    kept = np.linspace(run[0], run[-1], 2 if plane.lens is None else LENS_CORNERS).round().astype(int)
                    yield step, pixels[np.unique(kept)]


def _shades(plane: GroundPlane, line: Points, step: float) -> tuple[Points, Array]:
    """Where a line is seen, and how well it can be told from its neighbours there: 0 to 1."""
    pixels = plane.to_image(line)
    inside = ((pixels > -50) & (pixels < [plane.width + 50, plane.height + 50])).all(axis=1)
    gaps = np.full(len(line), np.nan)
    gaps[inside] = step * _least_pixels_per_metre(plane, pixels[inside])
    return pixels, np.nan_to_num(np.clip((gaps - FADE_PX[0]) / (FADE_PX[1] - FADE_PX[0]), 0, 1))


def _draw_line(alpha: NDArray[np.uint8], plane: GroundPlane, line: Points, pen: tuple[float, float, int]) -> None:
    step, opacity, thickness = pen
    pixels, clear = _shades(plane, line, step)
    shades = clear * opacity * 255
    drawn = np.flatnonzero((shades[:-1] > 0) & (shades[1:] > 0))
    fixed = np.round(np.nan_to_num(pixels) * 16).astype(int)
    for start in drawn.tolist():
        ends = (int(fixed[start, 0]), int(fixed[start, 1])), (int(fixed[start + 1, 0]), int(fixed[start + 1, 1]))
        cv2.line(alpha, *ends, float(shades[start]), thickness, cv2.LINE_AA, 4)


def _laid_over(canvas: Image, alpha: NDArray[np.uint8]) -> Image:
    """White lines with a soft dark rim, so that they show on bright concrete too."""
    rim = cv2.GaussianBlur(cv2.dilate(alpha, np.ones((3, 3), np.uint8)), (5, 5), 0)[:, :, None] / 255 * 0.45
    lines = alpha[:, :, None] / 255
    return np.asarray((canvas * (1 - rim)) * (1 - lines) + np.array(GRID) * lines, np.uint8)


def _label_base(plane: GroundPlane) -> NDArray[np.int64]:
    """What is taken off the labels, metres: the millions of a national grid would hide the picture."""
    offset = np.array(plane.offset_m)
    base = np.floor(offset / 1000) * 1000 * (np.abs(offset).max() >= 10_000)
    return np.asarray(base, np.int64)


def _label_crossings(canvas: Image, plane: GroundPlane, ground: _Ground, base: NDArray[np.int64]) -> None:
    step = 5.0 if (ground.high - ground.low).max() < 30 else 10.0
    first, last = np.ceil(ground.low / step), np.floor(ground.high / step)
    xs, ys = (np.arange(first[axis], last[axis] + 1) * step for axis in (0, 1))
    crossings = np.stack(np.meshgrid(xs, ys), axis=-1).reshape(-1, 2)
    pixels = plane.to_image(crossings)
    margin = np.array([30, 16])
    shown = ((pixels > margin) & (pixels < [plane.width, plane.height] - margin)).all(axis=1)
    crossings, pixels = crossings[shown], pixels[shown]
    clear = step * _least_pixels_per_metre(plane, pixels) >= FADE_PX[1]
    crossings, pixels = crossings[clear], pixels[clear]
    taken: list[Array] = []
    for place in np.argsort(-pixels[:, 1]).tolist():  # the nearest first: they have the room
        pixel = pixels[place]
        if any((np.abs(pixel - other) < [78, 24]).all() for other in taken):
            continue
        taken.append(pixel)
        x, y = (crossings[place] - base).astype(int).tolist()
        cv2.circle(canvas, _whole(pixel), 3, GRID, -1, cv2.LINE_AA)
        _write(canvas, f"{x}, {y}", _whole(pixel + np.array([6, -6])), 0.42, GRID)


def _draw_mark(canvas: Image, plane: GroundPlane, number: int, mark: Mark, pixel: Array) -> None:
    colour = USED if mark.used else LEFT_OUT
    (fitted,) = plane.to_image([mark.metres])
    if np.isfinite(fitted).all():
        tip = pixel + ARROW_TIMES * (fitted - pixel)
        if np.hypot(*(tip - pixel)) > 2:
            cv2.arrowedLine(canvas, _whole(pixel), _whole(tip), PAPER, 5, cv2.LINE_AA, tipLength=0.25)
            cv2.arrowedLine(canvas, _whole(pixel), _whole(tip), ARROW, 2, cv2.LINE_AA, tipLength=0.25)
    cv2.circle(canvas, _whole(pixel), 8, PAPER, 4, cv2.LINE_AA)
    cv2.circle(canvas, _whole(pixel), 8, colour, 2, cv2.LINE_AA)
    (there,) = plane.to_ground([pixel])
    miss = float(np.hypot(*(there - mark.metres)))
    said = f"{number}: {miss:.2f} m" if np.isfinite(miss) else f"{number}: no ground"
    _write(canvas, said if mark.used else f"{said}, left out", _whole(pixel + np.array([12, 5])), 0.5, colour)


def _band(width: int, plane: GroundPlane, base: NDArray[np.int64], with_marks: bool) -> Image:
    band = np.full((BAND_PX, width, 3), PAPER, np.uint8)
    where = f" east and north of {plane.origin.lon}, {plane.origin.lat}" if plane.origin else ""
    start = f" from {base[0]}, {base[1]}" if base.any() else ""
    text = f"Lines every 1, 5 and 10 m; labels: metres{where}{start}"
    if with_marks:
        text += f"; arrows: {ARROW_TIMES} times from the point to where the plane puts it"
    cv2.putText(band, text, (12, 22), cv2.FONT_HERSHEY_SIMPLEX, 0.5, INK, 1, cv2.LINE_AA)
    return band


def _write(canvas: Image, text: str, at: tuple[int, int], size: float, colour: tuple[int, int, int]) -> None:
    for shade, thickness in ((PAPER, 4), (colour, 1)):
        cv2.putText(canvas, text, at, cv2.FONT_HERSHEY_SIMPLEX, size, shade, thickness, cv2.LINE_AA)


def _whole(point: Array) -> tuple[int, int]:
    across, down = np.clip(np.round(point), -10_000, 10_000).astype(int).tolist()
    return across, down
