"""What actors change in the picture of an empty street (without Blender)."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from scripts.render_scenes.drawing.regions import compose, empty_key, fill, regions, touched
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
    ys, xs = np.nonzero(fill(pixels, CAMERA))
    drawn = (xs.min(), ys.min(), xs.max() + 1, ys.max() + 1)
    np.testing.assert_allclose(drawn, [*pixels.min(axis=0), *pixels.max(axis=0)], atol=1.01)


def test_a_car_touches_its_outline_and_its_shadow_and_little_else() -> None:
    mask = touched(DAY, Moment(0.0, (CAR,)))
    foot, _ = CAMERA.project(np.array([(1.0, 30.0, 0.8)]))
    assert mask[int(foot[0, 1]), int(foot[0, 0])] == 1.0
    assert 0.005 < mask.mean() < 0.1
    evening = replace(DAY, weather=Weather("low_sun", 15.0, 90.0))
    assert touched(evening, Moment(0.0, (CAR,))).sum() > 1.5 * mask.sum()
    cloudy = replace(DAY, weather=Weather("overcast"))
    assert touched(cloudy, Moment(0.0, (CAR,))).sum() <= mask.sum()
    assert touched(cloudy, Moment(0.0, (CAR,), wet=1.0)).sum() > touched(cloudy, Moment(0.0, (CAR,))).sum()
    assert not touched(DAY, Moment(0.0)).any()


@pytest.mark.parametrize(
    ("light", "moment"),
    [("night", Moment(0.0)), ("day", Moment(0.0, water_m=0.1)), ("overcast", Moment(0.0, wet=0.5))],
    ids=["night", "water", "getting wet"],
)
def test_what_changes_everywhere_is_drawn_whole(light: str, moment: Moment) -> None:
    assert empty_key(replace(DAY, weather=Weather(light)), moment) is None  # type: ignore[arg-type]


def test_empty_streets_are_shared_by_moments_that_look_alike() -> None:
    key = empty_key(DAY, Moment(0.0, (CAR,)))
    assert key == empty_key(DAY, Moment(5.0))
    others = [Moment(0.0, signals={"main": "red"}), Moment(0.0, wet=1.0), Moment(0.0, camera=CameraState(pan_deg=3.0))]
    assert len({key, *(empty_key(DAY, other) for other in others)}) == 4


def test_regions_cover_all_that_changes_and_nothing_else_is_drawn() -> None:
    mask = np.zeros((360, 640))
    mask[20:40, 300:320] = mask[250:350, 100:200] = 1.0
    found = regions(mask)
    covered = np.zeros_like(mask)
    for x0, y0, x1, y1 in found:
        covered[y0:y1, x0:x1] = 1
    assert (covered >= mask).all()
    assert covered.sum() < 0.1 * mask.size
    street = np.full((360, 640, 3), 50, np.uint8)
    drawn = [((x0, y0, x1, y1), np.full((y1 - y0, x1 - x0, 3), 200, np.uint8)) for x0, y0, x1, y1 in found]
    picture = compose(street, drawn, mask)
    np.testing.assert_array_equal(picture[..., 0], np.where(mask > 0, 200, 50))
