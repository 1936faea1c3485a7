"""How well a supposed camera explains the boxes and paths of vehicles."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from calibration.lens import Lens
from calibration.traffic.bodies import BODIES
from calibration.traffic.lanes import Lanes
from calibration.traffic.mount import Mount
from calibration.traffic.sightings import SAMPLES, Sightings

Array = NDArray[np.float64]

FOCAL, TILT, ROLL, HEADING, HEIGHT, MARGIN, SIZES = 0, 1, 2, 3, 4, 5, 6
"""Places in a supposition: log focal length (widths), tilt, roll, heading, log height, margin of boxes (pixels), then
three log sizes a body."""
TYPICAL_FOCAL, FOCAL_SPREAD = 1.0, 0.6
TYPICAL_HEIGHT_M, HEIGHT_SPREAD = 7.0, 0.5
ROLL_SPREAD = np.radians(1.5)
"""Who mounts a camera keeps its picture level."""
MARGIN_SPREAD_PX = 0.7
"""Detectors draw boxes a little wide or narrow; on distant vehicles that looks like another perspective."""
EDGE_PX = 1.5
"""How far the sides of a box are from what its vehicle's outline says, beside the body's `wobble`."""
HEAVY_TAIL = 4.0
"""Degrees of freedom of the t distribution that vehicles' deviations are taken from: some are no cars at all."""
UNLIKE = 40.0
"""So many vehicles are worth no more together: their deviations from the outline are alike."""


@dataclass(frozen=True, slots=True, eq=False)
class Likeness:
    """What is known, to be compared with suppositions."""

    seen: Sightings
    width: int
    height: int
    lens: Lens | None
    lanes: Lanes | None = None

    def mount(self, supposed: Array) -> Mount:
        """The camera of a supposition."""
        centre = self.lens.centre_px if self.lens else (self.width / 2, self.height / 2)
        return Mount(
            float(np.exp(supposed[FOCAL])) * self.width, centre, float(np.exp(supposed[HEIGHT])),
            float(supposed[TILT]), float(supposed[ROLL]), float(supposed[HEADING]),
        )  # fmt: skip

    def residuals(self, supposed: Array) -> tuple[Array, Array]:
        """Deviations in standard deviations: of the vehicles [n, k], and of the supposition from what is usual [p]."""
        mount = self.mount(supposed)
        way, course = self.seen.paths.ways, mount.course(self.seen.paths.middles)
        turned = np.arcsin(np.clip(way[:, 0] * course[:, 1] - way[:, 1] * course[:, 0], -1, 1))
        backwards = (way * course).sum(axis=1) < 0
        turned = np.where(backwards, -turned, turned) / self.seen.paths.unsure
        boxes = self.boxes(mount, supposed, backwards)
        sides = np.log(self._sides(self.seen.boxes)) - np.log(self._sides(boxes) + 2 * supposed[MARGIN])
        alike, noise = self._spreads()
        means = sides.mean(axis=1, keepdims=True)
        wobble = (sides - means) / noise[:, None]
        common = means[:, 0] / np.sqrt(alike[:, None] ** 2 + noise**2 / SAMPLES)
        vehicles = np.concatenate([turned[:, None], wobble.reshape(len(sides), -1), common], axis=1)
        lanes = [] if self.lanes is None else [self.lanes.deviation(mount)]
        return vehicles, np.concatenate([self._unusual(supposed), lanes])

    def feet(self) -> Array:
        """The middles of the lower edges of the boxes, [n, SAMPLES, 2] straight pixels."""
        return self._straight(_feet(self.seen.boxes))

    def boxes(self, mount: Mount, supposed: Array, backwards: NDArray[np.bool_]) -> Array:
        """The boxes [n, SAMPLES, 4] that vehicles of the supposed sizes have, with their feet where they were seen."""
        kinds = self.seen.kinds
        sizes = np.exp(supposed[SIZES:]).reshape(-1, 3) / [2, 2, 1]
        flip = np.where(backwards, -1.0, 1.0)
        result = np.empty_like(self.seen.boxes)
        for kind, body in enumerate(BODIES.values()):
            rows = kinds == kind
            along, across, up = (body.corners * sizes[kind]).T
            outline = np.stack(np.broadcast_arrays(across, flip[rows][:, None] * along, up), axis=-1)
            result[rows] = self._placed(mount, self.seen.boxes[rows], outline[:, None])
        return result

    def _placed(self, mount: Mount, boxes: Array, outline: Array) -> Array:
        """Boxes [n, s, 4] of outlines [n, 1, corners, 3] that stand where the feet of these boxes say."""
        wanted = mount.to_ground(self._straight(_feet(boxes)))
        middles = wanted
        for _ in range(3):
            ground = np.concatenate([middles, np.zeros((*middles.shape[:-1], 1))], axis=-1)
            pixels = self._bent(mount.to_image(ground[:, :, None] + outline))
            drawn = np.concatenate([pixels.min(axis=2), pixels.max(axis=2)], axis=-1)
            middles = middles + wanted - mount.to_ground(self._straight(_feet(drawn)))
        return drawn

    def _straight(self, pixels: Array) -> Array:
        if self.lens is None:
            return pixels
        return self.lens.straighten(pixels.reshape(-1, 2)).reshape(pixels.shape)

    def _bent(self, pixels: Array) -> Array:
        if self.lens is None:
            return pixels
        return self.lens.bend(pixels.reshape(-1, 2)).reshape(pixels.shape)

    def _spreads(self) -> tuple[Array, Array]:
        """Of vehicles among themselves [n], and of one vehicle's sides from box to box [n, 2]."""
        alike = np.array([body.differ for body in BODIES.values()])[self.seen.kinds]
        wobble = np.array([body.wobble for body in BODIES.values()])[self.seen.kinds]
        return alike, np.hypot(wobble, EDGE_PX / np.median(self._sides(self.seen.boxes), axis=1))

    @staticmethod
    def _sides(boxes: Array) -> Array:
        return np.maximum(boxes[..., 2:] - boxes[..., :2], 4.0)

    def _unusual(self, supposed: Array) -> Array:
        sizes = np.log([size for body in BODIES.values() for size in body.size_m])
        unsure = np.array([share for body in BODIES.values() for share in body.unsure])
        return np.concatenate([
            [(supposed[FOCAL] - np.log(TYPICAL_FOCAL)) / FOCAL_SPREAD, supposed[ROLL] / ROLL_SPREAD],
            [(supposed[HEIGHT] - np.log(TYPICAL_HEIGHT_M)) / HEIGHT_SPREAD, supposed[MARGIN] / MARGIN_SPREAD_PX],
            (supposed[SIZES:] - sizes) / unsure,
        ])  # fmt: skip


def _feet(boxes: Array) -> Array:
    return np.stack([(boxes[..., 0] + boxes[..., 2]) / 2, boxes[..., 3]], axis=-1)
