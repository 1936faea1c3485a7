"""The named scenes: a street, a camera, a day's light, and what happens."""

from __future__ import annotations

from dataclasses import replace

from scripts.render_scenes.geometry.camera import Camera
from scripts.render_scenes.moment import CameraState
from scripts.render_scenes.motion.scripted import StopAndGo, StoppingTruck, Visitor, Walk
from scripts.render_scenes.motion.signals import Signals
from scripts.render_scenes.motion.stalls import STALL_FROM_KERB_M, PushedCart, Stall
from scripts.render_scenes.motion.traffic import CAST_TRACKS, Flow, HoldUp, JamFlow
from scripts.render_scenes.motion.walkers import Walkers
from scripts.render_scenes.motion.water import Hydrograph
from scripts.render_scenes.place.plan import StreetPlan
from scripts.render_scenes.scenes.scene import Lens, Scene, Weather, Zone
from scripts.render_scenes.scenes.stories import StreetStory

TOWARDS_RAD, AWAY_RAD = -1.5707963267948966, 1.5707963267948966


def _zone(name: str, kind: str, x_m: tuple[float, float], y_m: tuple[float, float]) -> Zone:
    (x0, x1), (y0, y1) = x_m, y_m
    return Zone(name, kind, ((x0, y0), (x1, y0), (x1, y1), (x0, y1)))  # type: ignore[arg-type]


def _lens(k1: float, k2: float = 0.0) -> tuple[float, float, float, float, float]:
    return (k1, k2, 0.0, 0.0, 0.0)


_WALKERS = Walkers(CAST_TRACKS, every_m=26.0)

JAM_BUILDS_UP = Scene(
    name="jam_builds_up",
    seed=20,
    fps=8,
    frames=480,
    camera=Camera(640, 360, 900.0, (2.2, 0.0, 8.0), (0.2, 36.0, 0.0)),
    plan=StreetPlan(
        seed=20, towards=2, lane_m=3.05, strip_m=1.5, middle_m=-3.325, pavement_m=(4.6, 3.2), near_m=0.0, far_m=300.0
    ),
    story=StreetStory(JamFlow(), hold_up=HoldUp(10.5, 31.5, at_y_m=16.0), cast=(_WALKERS,), step_s=0.025),
    weather=Weather("day", 52.0, 203.0),
    lens=Lens(caption="CAM 07 JL SUDIRMAN"),
    zones=(_zone("jalan", "roadway", (-3.35, 2.7), (18.5, 58.0)),),
)

FLOOD_RISES = Scene(
    name="flood_rises",
    seed=31,
    fps=8,
    frames=480,
    camera=Camera(640, 360, 500.0, (8.4, 0.0, 6.0), (2.4, 20.0, 0.0), -0.6, _lens(-0.18, 0.03)),
    plan=StreetPlan(seed=31, towards=2, away=1, sides=("shops", "houses"), clutter=0.5, trees=0.5),
    story=StreetStory(
        Flow(
            cars_h=((0.0, 760.0), (30.0, 500.0)),
            motorcycles_h=((0.0, 800.0), (30.0, 500.0)),
            speed_ms=(8.0, 10.5),
        ),
        water=Hydrograph(
            # Below the deepest dip it is not seen; from there it takes the gutters first and then the crown.
            water_m=((14.0, -0.07), (20.0, -0.03), (38.0, 0.30), (48.0, 0.30), (58.0, -0.07), (60.0, -0.08)),
            rain=((9.0, 0.0), (14.0, 0.9), (40.0, 0.7), (50.0, 0.0)),
            wet=((10.0, 0.0), (19.0, 1.0), (60.0, 0.9)),
        ),
        cast=(Walkers(CAST_TRACKS, every_m=40.0),),
    ),
    weather=Weather("overcast", 60.0, 170.0),
    lens=Lens(
        noise=1.8, drops=5, softness_px=0.4, caption="CAM 12 KAMPUNG MELAYU", starts="2026-01-18T16:20:00", crf=28
    ),
    zones=(_zone("jalan", "roadway", (0.3, 6.2), (11.0, 42.0)),),
)

_MARKET = StreetPlan(
    seed=50, towards=1, away=1, lane_m=3.2, pavement_m=(6.2, 5.5), sides=("shops", "shops"), clutter=0.35, trees=0.35
)
_CART = PushedCart(CAST_TRACKS + 1000, _MARKET.right_kerb_m + STALL_FROM_KERB_M, 13.5, StopAndGo(10.0, 38.0, 0.8, 1.5))

VENDOR_ARRIVES = Scene(
    name="vendor_arrives",
    seed=42,
    fps=8,
    frames=400,
    camera=Camera(640, 360, 500.0, (3.0, 0.0, 5.0), (2.6, 15.0, 0.3), 0.4, _lens(-0.12, 0.01)),
    plan=_MARKET,
    story=StreetStory(
        Flow(cars_h=((0.0, 420.0),), motorcycles_h=((0.0, 700.0),), speed_ms=(7.0, 9.0)),
        cast=(
            _CART,
            _CART.customer(CAST_TRACKS + 1010, "person_b", 0, 15.5, 27.0, on=True),
            _CART.customer(CAST_TRACKS + 1011, "person_a", 1, 21.0, 33.0, on=False),
            Stall(CAST_TRACKS + 1100, "umbrella_stall", _MARKET.left_kerb_m - STALL_FROM_KERB_M, 18.0, AWAY_RAD, 1),
            Walkers(CAST_TRACKS, 0, 16.0, closed=((_MARKET.right_kerb_m, _MARKET.right_kerb_m + 3.95),)),
            Walkers(CAST_TRACKS + 3000, 1, 20.0, closed=((_MARKET.left_kerb_m - 3.4, _MARKET.left_kerb_m),)),
        ),
    ),
    weather=Weather("day", 47.0, 150.0),
    lens=Lens(noise=1.4, softness_px=0.3, caption="CAM 03 PASAR SENEN", starts="2026-02-03T08:05:00"),
    zones=(_zone("trotoar", "no_vending", (4.9, 8.6), (10.5, 20.5)),),
)

_CROSSING = StreetPlan(
    seed=53, towards=2, away=2, junction_y_m=13.0, sides=("offices", "shops"), pavement_m=(5.0, 4.5), median_m=0.6
)
_ZEBRA_Y_M = _CROSSING.junction_y_m + _CROSSING.cross_half_m + _CROSSING.stop_gap_m / 2  # type: ignore[operator]


def _crosses(track: int, model: str, from_s: float, to_s: float, *, to_left: bool, beside_m: float) -> Visitor:
    """Over the zebra from pavement to pavement, and waiting before and after."""
    ends = (_CROSSING.right_kerb_m + 1.5, _ZEBRA_Y_M + beside_m), (_CROSSING.left_kerb_m - 1.5, _ZEBRA_Y_M + beside_m)
    return Visitor(
        track, model, (Walk(ends if to_left else ends[::-1], from_s, to_s),), 3.1416 if to_left else 0.0, stays=True
    )


RED_LIGHT = Scene(
    name="red_light",
    seed=53,
    fps=8,
    frames=320,
    camera=Camera(640, 360, 720.0, (7.6, -3.0, 9.0), (2.4, 28.0, 0.0), 0.0, _lens(-0.10)),
    plan=_CROSSING,
    story=StreetStory(
        Flow(cars_h=((0.0, 1000.0),), motorcycles_h=((0.0, 900.0),), cross_share=0.35, speed_ms=(9.0, 11.5)),
        # Main: amber from 1 s, red from 4 s to 26 s.
        signals=Signals(main_from_s=26.0, main_green_s=20.0, cross_green_s=15.0),
        cast=(
            _crosses(CAST_TRACKS + 1000, "person_d", 7.0, 22.0, to_left=True, beside_m=-0.75),
            _crosses(CAST_TRACKS + 1001, "person_e", 7.6, 23.4, to_left=True, beside_m=0.05),
            _crosses(CAST_TRACKS + 1002, "person_c", 8.2, 22.5, to_left=False, beside_m=0.85),
        ),
    ),
    weather=Weather("low_sun", 13.0, 245.0),
    lens=Lens(noise=1.2, caption="CAM 21 SP KUNINGAN", starts="2026-01-09T16:58:00"),
    zones=(_zone("jalan", "roadway", (0.4, 6.3), (23.5, 52.0)),),
)

NIGHT_RAIN = Scene(
    name="night_rain",
    seed=64,
    fps=8,
    frames=240,
    camera=Camera(640, 360, 520.0, (4.6, 0.0, 7.0), (1.2, 27.0, 0.0), 0.8, _lens(-0.14, 0.02)),
    plan=StreetPlan(seed=64, towards=2, away=2, median_m=0.6, sides=("shops", "park"), clutter=0.5),
    story=StreetStory(
        Flow(cars_h=((0.0, 650.0),), motorcycles_h=((0.0, 600.0),), speed_ms=(8.5, 11.0)),
        water=Hydrograph(rain=((0.0, 0.7),), wet=((0.0, 1.0),)),
        cast=(Walkers(CAST_TRACKS, every_m=45.0),),
        lights=True,
    ),
    weather=Weather("night", -12.0, 270.0),
    lens=Lens(2.2, drops=7, softness_px=0.5, caption="CAM 15 JL GATOT SUBROTO", starts="2026-01-21T19:42:00", crf=30),
    zones=(_zone("jalan", "roadway", (0.4, 6.3), (13.0, 48.0)),),
)

_BAY = StreetPlan(seed=75, towards=2, away=1, strip_m=1.2, parking_m=2.7, sides=("shops", "wall"), clutter=0.4)
_BAY_X_M = _BAY.right_kerb_m - _BAY.parking_m / 2

TRUCK_PARKS = Scene(
    name="truck_parks",
    seed=75,
    fps=8,
    frames=320,
    camera=Camera(640, 360, 600.0, (2.2, 0.0, 6.0), (5.6, 22.0, 0.0), -0.5, _lens(-0.11, 0.01)),
    plan=_BAY,
    story=StreetStory(
        Flow(cars_h=((0.0, 380.0),), motorcycles_h=((0.0, 420.0),), speed_ms=(9.0, 11.5)),
        cast=(
            StoppingTruck(CAST_TRACKS + 1000, "truck", 4.8, _BAY_X_M, 23.0, StopAndGo(8.0, 33.0, 8.0, 4.5)),
            Walkers(CAST_TRACKS, every_m=30.0),
        ),
    ),
    weather=Weather("day", 58.0, 130.0),
    lens=Lens(noise=1.5, softness_px=0.35, caption="CAM 09 JL MATRAMAN", starts="2026-03-02T10:30:00"),
    zones=(_zone("bahu", "no_parking", (7.6, 10.2), (14.0, 34.0)),),
)

_FINE, _DARK = CameraState(), CameraState(dim=0.97)
_BLURRED, _MOVED = CameraState(defocus_px=7.0), CameraState(pan_deg=12.0, tilt_deg=-4.0)

CAMERA_COVERED = replace(
    JAM_BUILDS_UP,
    name="camera_covered",
    seed=86,
    frames=240,
    story=StreetStory(
        Flow(cars_h=((0.0, 850.0),), motorcycles_h=((0.0, 800.0),), speed_ms=(10.0, 12.0)),
        cast=(_WALKERS,),
        camera=(
            (6.0, _FINE), (6.75, _BLURRED), (12.25, _BLURRED), (13.0, _FINE), (15.0, _FINE), (15.75, _DARK),
            (20.25, _DARK), (21.0, _FINE), (23.0, _FINE), (23.5, _MOVED),
        ),
    ),
    lens=Lens(noise=1.2, caption="CAM 07 JL SUDIRMAN", starts="2026-01-02T11:15:00"),
)  # fmt: skip

SCENES = {
    scene.name: scene
    for scene in (
        JAM_BUILDS_UP, FLOOD_RISES, VENDOR_ARRIVES, RED_LIGHT, NIGHT_RAIN, TRUCK_PARKS, CAMERA_COVERED
    )
}  # fmt: skip
