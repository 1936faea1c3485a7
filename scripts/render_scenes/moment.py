"""One instant of a scene: who is where, what the signals show, how wet it is, what the camera suffers."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Actor:
    """Something that moves or may move: the middle of its footprint, its heading counter-clockwise from +x, its speed.

    `model` is a name of the catalogue, `pose` one of that model's poses (a step of a walk, for example), `z_m` the
    height it stands at, `lights` whether its lamps burn. A rider is an actor of its own, `rides` the track beneath.
    """

    track: int
    model: str
    x_m: float
    y_m: float
    turn_rad: float
    speed_ms: float = 0.0
    pose: int = 0
    z_m: float = 0.0
    lights: bool = False
    rides: int | None = None


@dataclass(frozen=True, slots=True)
class CameraState:
    """What ails the camera: `pan_deg` and `tilt_deg` off its mount (right and up), blur, dimming, a cover.

    `defocus_px` is the radius of the blur disc, `dim` the share of light lost (1 black), `covered` the share of the
    picture that something close hides.
    """

    pan_deg: float = 0.0
    tilt_deg: float = 0.0
    defocus_px: float = 0.0
    dim: float = 0.0
    covered: float = 0.0


@dataclass(frozen=True, slots=True)
class Moment:
    """`rain` and `wet` are 0-1 (falling now; how much the asphalt shines), `water_m` the level over the ground plane.

    Without standing water `water_m` lies below the deepest dip of the road (`place.relief`). `signals` maps a signal
    group to red, amber or green.
    """

    time_s: float
    actors: tuple[Actor, ...] = ()
    signals: dict[str, str] = field(default_factory=dict)
    rain: float = 0.0
    wet: float = 0.0
    water_m: float = -1.0
    camera: CameraState = CameraState()
