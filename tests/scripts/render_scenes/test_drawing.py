"""What actors change in the picture of an empty street (without Blender)."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from scripts.render_scenes.drawing.regions import (
    around,
    compose,
    empty_key,
    fill,
    moved,
    outside,
    signal_heads,
    touched,
    water,
)
from scripts.render_scenes.geometry.camera import Camera
from scripts.render_scenes.geometry.mesh import box
from scripts.render_scenes.moment import Actor, CameraState, Moment
from scripts.render_scenes.place.plan import StreetPlan
from scripts.render_scenes.scenes.scene import Scene, Weather

CAMERA = Camera(640, 360, 900.0, (2.2, 0.0, 8.0), (0.2, 36.0, 0.0))
CAR = Actor(4, "mpv", 1.0, 30.0, -math.pi / 2)


class Silent:
    def moments(self, _scene: Scene) -> tuple[Moment, ...]:
        return ()


DAY = Scene("test", 1, 8, 1, CAMERA, StreetPlan(seed=1), Silent())


def test_a_filled_outline_has_the_box_of_its_corners() -> None:
    solid = box((-0.9, 0.9), (28.0, 32.0), (0.0, 1.5), "paint")
    pixels, _ = CAMERA.project(solid.vertices)
    mask = np.zeros((CAMERA.height_px, CAMERA.width_px), np.uint8)
    fill(mask, pixels)
    ys, xs = np.nonzero(mask)
    drawn = (xs.min(), ys.min(), xs.max() + 1, ys.max() + 1)
    np.testing.assert_allclose(drawn, [*pixels.min(axis=0), *pixels.max(axis=0)], atol=1.01)


def test_a_car_touches_its_outline_and_its_shadow_and_little_else() -> None:
    mask = touched(DAY, Moment(0.0, (CAR,)))
    foot, _ = CAMERA.project(np.array([(1.0, 30.0, 0.8)]))
    assert mask[int(foot[0, 1]), int(foot[0, 0])] == 1
    assert 0.005 < mask.mean() < 0.1
    evening = replace(DAY, weather=Weather("low_sun", 15.0, 90.0))
    assert touched(evening, Moment(0.0, (CAR,))).sum() > 1.5 * mask.sum()
    cloudy = replace(DAY, weather=Weather("overcast"))
    assert touched(cloudy, Moment(0.0, (CAR,))).sum() <= mask.sum()
    assert touched(cloudy, Moment(0.0, (CAR,), wet=1.0)).sum() > touched(cloudy, Moment(0.0, (CAR,))).sum()
    assert not touched(DAY, Moment(0.0)).any()
    assert not touched(DAY, Moment(0.0, (CAR,)), [99]).any()


def test_by_night_a_car_lights_the_road_before_it() -> None:
    night = replace(DAY, weather=Weather("night"))
    before_it, _ = CAMERA.project(np.array([(1.0, 22.0, 0.0)]))
    column, row = before_it[0].astype(int)
    assert not touched(night, Moment(0.0, (CAR,)))[row, column]
    assert touched(night, Moment(0.0, (replace(CAR, lights=True),)))[row, column]
    assert not touched(DAY, Moment(0.0, (replace(CAR, lights=True),)))[row, column]


def test_one_half_behind_the_camera_touches_what_is_before_it() -> None:
    low = replace(DAY, camera=Camera(640, 360, 300.0, (2.2, 0.0, 8.0), (2.2, 6.0, 0.0)))
    assert touched(low, Moment(0.0, (replace(CAR, x_m=2.2, y_m=1.5),))).any()


def test_water_is_where_the_ground_lies_lower_and_nothing_hides_it() -> None:
    dry, shallow, deep = (water(DAY, Moment(0.0, water_m=level)) for level in (-1.0, 0.0, 0.3))
    assert not dry.any()
    assert 0 < shallow.sum() < deep.sum() < 0.95 * deep.size


def test_empty_streets_are_shared_by_moments_that_look_alike() -> None:
    key = empty_key(DAY, Moment(0.0, (CAR,)))
    assert key == empty_key(DAY, Moment(5.0)) == empty_key(DAY, Moment(0.0, signals={"main": "red"}))
    others = [Moment(0.0, wet=0.5), Moment(0.0, wet=1.0), Moment(0.0, camera=CameraState(pan_deg=3.0))]
    assert len({key, *(empty_key(DAY, other) for other in others)}) == 4
    night = replace(DAY, weather=Weather("night"))
    assert empty_key(night, Moment(0.0)) != empty_key(night, Moment(0.0, signals={"main": "red"}))


@pytest.mark.parametrize(
    "change",
    [{"x_m": 1.1}, {"turn_rad": 0.0}, {"pose": 1}, {"lights": True}],
    ids=["place", "heading", "pose", "lights"],
)
def test_who_changed_has_moved(change: dict[str, float]) -> None:
    then = Moment(0.0, (CAR,))
    assert moved(then, Moment(1.0, (replace(CAR, speed_ms=3.0),))) == set()
    assert moved(then, Moment(1.0, (replace(CAR, **change),))) == {4}  # type: ignore[arg-type]
    assert moved(then, Moment(1.0)) == moved(Moment(0.0), then) == {4}


def test_signals_are_where_their_heads_hang() -> None:
    crossing = replace(DAY, plan=StreetPlan(seed=1, junction_y_m=30.0))
    both = signal_heads(crossing, Moment(0.0), ["main", "cross"])
    assert 0 < both.sum() < 0.2 * both.size
    assert not signal_heads(crossing, Moment(0.0), []).any()


def test_the_card_hides_all_but_what_changes_and_a_margin() -> None:
    mask = np.zeros((361, 640), np.uint8)
    mask[20:40, 300:320] = mask[250:350, 100:200] = mask[360, 639] = 1
    assert around(mask) == (92, 12, 640, 361)
    hidden = np.zeros_like(mask)
    for (x0, y0), _, (x1, y1), _ in outside(mask):
        assert not hidden[y0:y1, x0:x1].any()
        hidden[y0:y1, x0:x1] = 1
    assert not (hidden & mask).any()
    assert hidden.mean() > 0.9
    assert outside(np.ones((8, 8), np.uint8)).shape == (0, 4, 2)


def test_one_picture_is_laid_over_another() -> None:
    share = np.zeros((4, 4))
    share[1, 1], share[2, 2] = 1.0, 0.5
    laid = compose(np.full((4, 4, 3), 50, np.uint8), np.full((4, 4, 3), 200, np.uint8), share)
    np.testing.assert_array_equal(laid[..., 0], 50 + 150 * share)
