"""The geometry of an uncalibrated view: a pinhole camera without roll above a flat road."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Body:
    """The size of a typical vehicle of a class, metres: a box on the road with a narrower, taller one in its middle.

    Attributes:
        length: bumper to bumper.
        width: with mirrors, which boxes take in.
        bonnet: height of the lower box.
        height: of the roof, or of a rider's head.
        cabin: share of the length that is under the roof.
    """

    length: float
    width: float
    bonnet: float
    height: float
    cabin: float


BODIES = {
    "car": Body(4.4, 1.95, 0.9, 1.5, 0.4),
    "bus": Body(11.0, 2.5, 3.1, 3.1, 1.0),
    "truck": Body(7.0, 2.4, 2.8, 2.8, 1.0),
    "motorcycle": Body(2.0, 0.7, 1.0, 1.6, 0.3),
    "bicycle": Body(1.8, 0.6, 0.9, 1.6, 0.3),
}
CAR_LENGTH_M = 4.5
"""A "vehicle length" of the uncalibrated speed: 0.6 a second is 9.7 km/h."""
NEAREST_RAY = 0.02
"""Rays less steep than this (tangent) meet the road too far away to say where."""


@dataclass(frozen=True, slots=True)
class View:
    """Where the road lies in a picture.

    Attributes:
        focal_px: focal length.
        horizon_px: row of the horizon, from the top of the picture; may lie outside it.
        height_m: of the camera above the road.
        width_px: of the picture.
        height_px: of the picture.
    """

    focal_px: float
    horizon_px: float
    height_m: float
    width_px: int
    height_px: int

    def metres_between(self, start: tuple[float, float], end: tuple[float, float]) -> float:
        """Distance on the road between two pixels."""
        pitch = np.arctan((self.height_px / 2 - self.horizon_px) / self.focal_px)
        ground = _ground(np.array([start, end], float), self.focal_px, pitch, self.width_px, self.height_px)
        return float(np.hypot(*(ground[1] - ground[0]))) * self.height_m

    def depth_share(self, foot: tuple[float, float], direction: tuple[float, float], kind: str) -> float:
        """The share of a vehicle's box height that its ground area takes, 0–1.

        Small where the camera looks along the road, near one where it looks straight down.
        """
        outline = outlines(
            np.array([foot], float), np.array([direction], float), body_rows([kind]), focal=self.focal_px,
            horizon=self.horizon_px, camera_m=self.height_m, width=self.width_px, height=self.height_px,
        )  # fmt: skip
        return float(np.clip(outline.depth.item() / outline.height.item(), 0, 1))


@dataclass(frozen=True, slots=True, eq=False)
class Outlines:
    """How large bodies appear, in pixels.

    Attributes:
        width: of the box.
        height: of the box.
        depth: height of the box around the ground under the body.
    """

    width: Array
    height: Array
    depth: Array


def body_rows(kinds: list[str]) -> Array:
    """Length, width, bonnet, height and cabin of each class: [n, 5]."""
    bodies = [BODIES[kind] for kind in kinds]
    return np.array([(b.length, b.width, b.bonnet, b.height, b.cabin) for b in bodies]).reshape(-1, 5)


def outlines(
    feet: Array,
    directions: Array,
    bodies: Array,
    *,
    focal: Array | float,
    horizon: Array | float,
    camera_m: Array | float,
    width: int,
    height: int,
) -> Outlines:
    """Boxes around bodies that stand with their near edge at `feet` and drive along `directions`.

    Args:
        feet: [n, 2] pixels.
        directions: [n, 2], the direction of travel on the picture; only its line matters.
        bodies: [n, 5] as `body_rows`.
        focal: focal length in pixels: a number, or [c, 1] for c cameras at once.
        horizon: row of the horizon; likewise.
        camera_m: height of the camera; likewise.
        width: of the picture.
        height: of the picture.

    Returns arrays [n], or [c, n].
    """
    pitch = np.arctan((height / 2 - horizon) / focal)
    sizes = np.hypot(directions[:, 0], directions[:, 1])
    units = directions / np.maximum(sizes, 1e-9)[:, None]
    here = _ground(feet, focal, pitch, width, height)
    there = _ground(feet + units, focal, pitch, width, height)
    heading = np.arctan2(there[..., 0] - here[..., 0], there[..., 1] - here[..., 1])
    sine, cosine = np.sin(heading), np.cos(heading)
    length, breadth, bonnet, tall, cabin = (column / camera_m for column in bodies.T)
    cabin = cabin * camera_m
    distance = np.hypot(here[..., 0], here[..., 1])
    reach = (breadth * np.abs(sine) + length * np.abs(cosine)) / 2
    middle_x = here[..., 0] * (1 + reach / distance)
    middle_z = here[..., 1] * (1 + reach / distance)

    def project(along: Array | float, across: float, up: Array | float) -> tuple[Array, Array]:
        x = middle_x + sine * along * length / 2 + cosine * across * breadth / 2
        z = middle_z + cosine * along * length / 2 - sine * across * breadth / 2
        return _pixels(x, z, up, focal, pitch)

    ground = [project(along, across, 0.0) for along in (-1, 1) for across in (-1, 1)]
    lower = [project(along, across, bonnet) for along in (-1, 1) for across in (-1, 1)]
    upper = [project(along, 0.9 * across, tall) for along in _ends(cabin) for across in (-1, 1)]
    columns = np.stack([u for u, _ in (*ground, *lower, *upper)])
    rows = np.stack([v for _, v in (*ground, *lower, *upper)])
    low = np.stack([v for _, v in ground])
    return Outlines(np.ptp(columns, axis=0), np.ptp(rows, axis=0), np.ptp(low, axis=0))


def _ends(cabin: Array) -> tuple[Array, Array]:
    return -cabin, cabin


def _ground(pixels: Array, focal: Array | float, pitch: Array | float, width: int, height: int) -> Array:
    """Where rays through pixels meet the road, seen from one metre above it: […, 2] right, ahead."""
    right = (pixels[:, 0] - width / 2) / focal
    down = (pixels[:, 1] - height / 2) / focal
    sine, cosine = np.sin(pitch), np.cos(pitch)
    fall = np.maximum(sine + down * cosine, NEAREST_RAY)
    return np.stack(np.broadcast_arrays(right / fall, (cosine - down * sine) / fall), axis=-1)


def _pixels(x: Array, z: Array, up: Array | float, focal: Array | float, pitch: Array | float) -> tuple[Array, Array]:
    """Pixels, from the middle of the picture, of points above the road, seen from one metre above it."""
    sine, cosine = np.sin(pitch), np.cos(pitch)
    depth = np.maximum(z * cosine + (1 - up) * sine, 0.05)
    return focal * x / depth, focal * ((1 - up) * cosine - z * sine) / depth
