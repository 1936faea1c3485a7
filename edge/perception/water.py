"""Water on a camera's roadway zones, beside what the camera remembers of them when dry."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.perception.dry_memory import DryMemory, Mask
from edge.perception.dry_store import DryStore
from edge.perception.observation import Observation, ZoneWater
from edge.perception.surface import Surface
from edge.perception.water_depth import DepthReference, read_depth_cm
from edge.perception.zone import Zone, ZoneRaster
from edge.picture import Picture
from models.water_network import WaterNetwork

HIDING_SCORE = 0.25
"""What is detected this surely hides the road behind it."""
DRY_SHARE = 0.05
"""Less of every zone under water, and no flood: a look from which dryness is learned."""
LITTLE_TRAFFIC = 0.5
"""So much of a zone must be visible for its dryness to be learned."""


@dataclass(frozen=True, slots=True, eq=False)
class _Scene:
    """What depends on the pictures' size."""

    size: tuple[int, int]
    rasters: tuple[ZoneRaster, ...]


class WaterSight:
    """Looks for water on the zones of one camera. Keeps its dry memory; one thread at a time."""

    def __init__(
        self,
        zones: Sequence[Zone],
        network: WaterNetwork,
        references: Sequence[DepthReference] = (),
        store: DryStore | None = None,
    ) -> None:
        """Begins to look.

        Args:
            zones: roadways.
            network: sees water and floods.
            references: marks of known height, where depth can be read.
            store: keeps the dry memory from one run of the box to the next.
        """
        self._zones = tuple(zones)
        self._network = network
        self._references = tuple(references)
        self._memory = DryMemory(store)
        self._scene: _Scene | None = None

    @property
    def memory_bytes(self) -> int:
        """What the dry memory takes."""
        return self._memory.bytes

    def see(self, picture: Picture, observation: Observation) -> tuple[ZoneWater, ...]:
        """One entry per zone; the observation of the same picture tells what hides the road."""
        scene = self._scene_of(picture)
        (seen,) = self._network.look([picture.image])
        surface = Surface.of(picture.image)
        rows, columns = scene.rasters[0].mask.shape
        wet = seen.mask(columns, rows)
        hidden = _hidden(observation, scene.rasters[0])
        depth = read_depth_cm(self._references, wet, hidden)
        wet_surface = _resized(wet, surface)
        water, dry = [], np.zeros(surface.edges.shape[1:], bool)
        for raster in scene.rasters:
            visible = (raster.mask > 0) & ~hidden
            area = int(visible.sum())
            of_surface = _resized(visible, surface)
            part = area / raster.area if raster.area else 0.0
            water.append(
                ZoneWater(
                    zone=raster.zone.id,
                    share=float((wet & visible).sum() / area) if area else 0.0,
                    flood=seen.flood,
                    changed=self._memory.changed(surface, of_surface),
                    confirmed=self._memory.changed(surface, of_surface & wet_surface),
                    visible=part,
                    depth_cm=depth,
                )
            )
            if part >= LITTLE_TRAFFIC:
                dry |= of_surface
        if seen.flood < self._network.flood_above and all(zone.share < DRY_SHARE for zone in water):
            self._memory.learn(surface, dry & ~wet_surface, picture.time)
        return tuple(water)

    def _scene_of(self, picture: Picture) -> _Scene:
        size = (picture.width, picture.height)
        if self._scene is None or self._scene.size != size:
            self._scene = _Scene(size, tuple(ZoneRaster(zone, *size) for zone in self._zones))
        return self._scene


def _hidden(observation: Observation, raster: ZoneRaster) -> Mask:
    """Where something that was detected stands before the ground: bool, as the raster."""
    hidden: NDArray[np.uint8] = np.zeros(raster.mask.shape, np.uint8)
    for x1, y1, x2, y2 in (
        (observation.detections.above(HIDING_SCORE).boxes * raster.scale).round().astype(int).tolist()
    ):
        cv2.rectangle(hidden, (x1, y1), (x2, y2), 1, thickness=-1)
    return hidden > 0


def _resized(mask: Mask, surface: Surface) -> Mask:
    """The mask of a zone's raster on the pixels of a surface."""
    rows, columns = surface.edges.shape[1:]
    return cv2.resize(mask.astype(np.uint8), (columns, rows), interpolation=cv2.INTER_NEAREST) > 0
