"""What a rendering depends on: a street, a camera, the weather, zones, and a story that says who does what when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from scripts.render_scenes.geometry.camera import Camera
from scripts.render_scenes.moment import Moment
from scripts.render_scenes.place.plan import StreetPlan

ZoneKind = Literal["roadway", "no_vending", "no_parking", "water_gauge", "ignore"]
Light = Literal["day", "low_sun", "overcast", "dusk", "night"]


@dataclass(frozen=True, slots=True)
class Zone:
    """A polygon on the ground, (x, y) in metres."""

    name: str
    kind: ZoneKind
    ground_m: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Weather:
    """The light of the scene. The azimuth is clockwise from +y (away from the camera), so 180 stands behind it.

    How hard it rains and how wet the road is belong to each moment.
    """

    light: Light = "day"
    sun_elevation_deg: float = 52.0
    sun_azimuth_deg: float = 203.0


@dataclass(frozen=True, slots=True)
class Lens:
    """What glass, sensor and recorder add: sensor noise (standard deviation, 8-bit), drops on the glass, softness
    (Gaussian sigma in px), the text burnt in at the top left ("" for none), the clock it starts with, and how hard the
    recorder presses (x264's constant rate factor)."""

    noise: float = 1.2
    drops: int = 0
    softness_px: float = 0.0
    caption: str = ""
    starts: str = "2026-01-01T07:00:00"
    crf: int = 26


class Story(Protocol):
    """Frozen dataclasses with the numbers of a story; equal numbers and seed give equal moments."""

    def moments(self, scene: Scene) -> tuple[Moment, ...]:
        """One moment a frame."""
        ...


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything the pictures depend on; its repr is part of the name under which drawn frames are kept."""

    name: str
    seed: int
    fps: int
    frames: int
    camera: Camera
    plan: StreetPlan
    story: Story
    weather: Weather = Weather()
    lens: Lens = Lens()
    zones: tuple[Zone, ...] = ()

    @property
    def times_s(self) -> list[float]:
        return [i / self.fps for i in range(self.frames)]
