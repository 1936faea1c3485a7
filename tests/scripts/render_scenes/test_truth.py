"""What a perfect observer says: who is seen, where water stands, what happens when."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.render_scenes.geometry.camera import Camera, apply_homography
from scripts.render_scenes.geometry.mesh import box
from scripts.render_scenes.geometry.raster import depth_of, ground_points, silhouette
from scripts.render_scenes.moment import Actor, CameraState, Moment
from scripts.render_scenes.place.plan import StreetPlan
from scripts.render_scenes.place.relief import PAVEMENT_M, relief_m
from scripts.render_scenes.scenes.scene import Scene, Zone
from scripts.render_scenes.truth import incidents, water
from scripts.render_scenes.truth.frame import look

PLAN = StreetPlan(seed=9, towards=2, away=1)
CAMERA = Camera(640, 360, 700.0, (1.0, 0.0, 7.0), (1.0, 28.0, 0.0), 0.7, (-0.15, 0.03, 0.001, -0.001, 0.0))
ROAD = Zone("jalan", "roadway", ((0.3, 15.0), (6.0, 15.0), (6.0, 40.0), (0.3, 40.0)))
TOWARDS = -math.pi / 2
LENSES = st.tuples(
    st.floats(-0.2, 0.1), st.floats(-0.01, 0.05), st.floats(-0.002, 0.002), st.floats(-0.002, 0.002), st.just(0.0)
)


class Silent:
    def moments(self, _scene: Scene) -> tuple[Moment, ...]:
        return ()


@cache
def scene() -> Scene:
    return Scene("test", 9, 8, 1, CAMERA, PLAN, Silent(), zones=(ROAD,))


# The camera.


@settings(max_examples=60, deadline=None)
@given(lens=LENSES, focal=st.floats(480, 950), x=st.floats(0, 640), y=st.floats(0, 360))
def test_undistort_takes_back_what_distort_did(
    lens: tuple[float, float, float, float, float], focal: float, x: float, y: float
) -> None:
    camera = replace(CAMERA, focal_px=focal, distortion=lens)
    straight = camera.undistort(np.array([[x, y]]))
    np.testing.assert_allclose(camera.distort(straight), [[x, y]], atol=0.01)
    canvas = camera.canvas
    inside = np.abs(straight[0] - [320, 180])
    assert (inside <= [canvas.width_px / 2, canvas.height_px / 2]).all()


def test_ground_points_are_where_pixels_meet_the_ground() -> None:
    points = ground_points(CAMERA)
    for row, column in ((300, 100), (200, 320), (340, 600)):
        ground = points[row, column]
        pixels, _ = CAMERA.project(np.array([[*ground, 0.0]]))
        np.testing.assert_allclose(pixels[0], [column + 0.5, row + 0.5], atol=0.02)
        straight = CAMERA.undistort(pixels)
        np.testing.assert_allclose(apply_homography(CAMERA.pixel_to_ground, straight)[0], ground, atol=0.02)


def test_a_camera_knocked_to_the_right_sees_things_further_left() -> None:
    point = np.array([[1.0, 30.0, 0.0]])
    before, _ = CAMERA.project(point)
    after, _ = CAMERA.turned(5.0, -3.0).project(point)
    assert after[0, 0] < before[0, 0] - 40
    assert after[0, 1] < before[0, 1] - 25


# Who is seen.


def test_a_silhouette_has_the_area_of_its_projection() -> None:
    pinhole = replace(CAMERA, distortion=(0.0,) * 5, roll_deg=0.0)
    facing = box((0.0, 2.0), (30.0, 30.001), (1.0, 3.0), "paint")
    alone = silhouette(facing, pinhole)
    assert alone is not None
    (x0, y0, x1, y1) = alone.box
    assert alone.area_px == pytest.approx((x1 - x0) * (y1 - y0), rel=0.06)


def test_the_nearer_hides_the_farther_one() -> None:
    far, near = Actor(8, "hatch", 3.6, 34.0, TOWARDS), Actor(4, "truck", 2.0, 28.0, TOWARDS)
    alone, _ = look(scene(), Moment(0.0, (far,)))
    both, tracks = look(scene(), Moment(0.0, (far, near)))
    assert alone[0].visible == pytest.approx(1.0, abs=0.02)
    assert [seen.actor.track for seen in both] == [4, 8]
    assert both[0].visible == pytest.approx(1.0, abs=0.02)
    assert 0.1 < both[1].visible < 0.8
    assert (tracks == 8).sum() == both[1].visible_px


def test_what_lies_half_outside_shows_half() -> None:
    ground = ground_points(CAMERA)[300, 639]
    (seen,), _ = look(scene(), Moment(0.0, (Actor(4, "gerobak", float(ground[0]), float(ground[1]), TOWARDS),)))
    assert 0.25 < seen.visible < 0.75
    assert seen.box[2] == 640


def test_a_pole_hides_what_is_behind_it() -> None:
    pole = box((0.9, 1.1), (20.0, 20.2), (0.0, 9.0), "pole")
    depth = depth_of(pole, CAMERA, 100.0)
    hidden = np.isfinite(depth)
    assert 0.005 < hidden.mean() < 0.1
    assert depth[hidden].min() == pytest.approx(20.0, rel=0.15)


def test_what_is_under_water_is_hidden() -> None:
    car = Actor(4, "hatch", 2.0, 28.0, TOWARDS)
    (dry,), _ = look(scene(), Moment(0.0, (car,)))
    (bogged,), tracks = look(scene(), Moment(0.0, (car,), water_m=0.5))
    assert bogged.box == dry.box
    assert 0.4 < bogged.visible < dry.visible - 0.15
    assert bogged.visible_box[3] < dry.visible_box[3] - 5
    assert bogged.visible_box[1] == dry.visible_box[1]
    assert (tracks == 4).sum() == bogged.visible_px
    drowned, _ = look(scene(), Moment(0.0, (car,), water_m=3.0))
    assert drowned == []


# Water.


def test_water_is_as_deep_as_its_level_over_the_relief() -> None:
    moment = Moment(0.0, water_m=0.20)
    deep = water.depth_m(scene(), moment)
    x, y = ground_points(CAMERA)[250, 330]
    assert deep[250, 330] == pytest.approx(0.20 - float(relief_m(PLAN, x, y)), abs=1e-6)
    state = water.in_zone(scene(), moment, ROAD)
    assert state["share"] == 1.0
    assert 19.0 < state["mean_cm"] < 26.0
    # The pavement is higher.
    pavement = np.argwhere(np.isclose(ground_points(CAMERA)[..., 0], PLAN.right_kerb_m + 1.0, atol=0.03))
    row, column = pavement[len(pavement) // 2]
    assert deep[row, column] == pytest.approx(0.20 - PAVEMENT_M, abs=1e-6)


def test_water_finds_the_gutters_first() -> None:
    shares = [water.in_zone(scene(), Moment(0.0, water_m=level), ROAD)["share"] for level in (-1.0, -0.03, -0.01, 0.05)]
    assert shares[0] == 0.0
    assert shares == sorted(shares)
    assert 0.0 < shares[1] < 0.9
    assert shares[3] == 1.0


# What happens.


@pytest.mark.parametrize(
    ("flags", "spans"),
    [
        ([], []),
        ([False] * 4, []),
        ([True] * 4, [(0.0, 2.0)]),
        ([False, True, True, False, True], [(0.5, 1.5), (2.0, 2.5)]),
    ],
)
def test_intervals(flags: list[bool], spans: list[tuple[float, float]]) -> None:
    assert incidents.intervals(flags, 2.0) == spans


@pytest.mark.parametrize(
    ("share", "depth_cm", "flood"),
    [(0.0, 0.0, False), (0.9, 2.0, False), (0.2, 30.0, False), (0.4, 8.0, True)],
    ids=["dry", "wet asphalt", "a puddle", "flood"],
)
def test_flood(share: float, depth_cm: float, *, flood: bool) -> None:
    states = [{"water": {"share": share, "mean_cm": depth_cm}}] * 8
    assert bool(incidents.floods(states, 8.0)) == flood


KINDS = {"gerobak": "vendor", "person_a": "person", "truck": "truck"}


@pytest.mark.parametrize(
    ("reds", "greens", "waits"),
    [((0, 20), (20, 40), True), ((0, 4), (4, 14), False), ((30, 40), (0, 30), False)],
    ids=["goes with the green", "still there after a whole green", "no red while it lasts"],
)
def test_a_queue_at_a_red_light_is_no_jam(reds: tuple[int, int], greens: tuple[int, int], *, waits: bool) -> None:
    lights = ["amber"] * 40
    lights[slice(*reds)] = ["red"] * (reds[1] - reds[0])
    lights[slice(*greens)] = ["green"] * (greens[1] - greens[0])
    assert incidents.queues_at_red((2.0, 25.0), lights, fps=1.0) == waits
    assert not incidents.queues_at_red((2.0, 25.0), [None] * 40, fps=1.0)


PAVEMENT = Zone("trotoar", "no_vending", ((7.0, 10.0), (11.0, 10.0), (11.0, 20.0), (7.0, 20.0)))


@pytest.mark.parametrize(
    ("cart", "person", "selling"),
    [
        ((9.0, 15.0, 0.0), (9.0, 16.5, 0.0), True),
        ((9.0, 15.0, 1.0), (9.0, 16.5, 1.0), False),
        ((9.0, 15.0, 0.0), (9.0, 18.5, 0.0), False),
        ((9.0, 25.0, 0.0), (9.0, 26.0, 0.0), False),
    ],
    ids=["sells", "passes", "nobody attends", "outside"],
)
def test_vending(cart: tuple[float, float, float], person: tuple[float, float, float], *, selling: bool) -> None:
    actors = tuple(
        Actor(track, model, x, y, 0.0, speed)
        for track, model, (x, y, speed) in ((1, "gerobak", cart), (2, "person_a", person))
    )
    assert bool(incidents.vendings([Moment(0.0, actors)] * 4, PAVEMENT, KINDS, 8.0)) == selling


def test_a_seller_who_walks_around_the_cart_has_not_left_it() -> None:
    cart, seller = Actor(4, "gerobak", 8.0, 15.0, TOWARDS), Actor(5, "person_a", 9.0, 15.0, 0.0)
    walks, gone = replace(seller, speed_ms=1.2), replace(seller, y_m=40.0)

    def spans(*people: tuple[Actor, int]) -> list[incidents.Interval]:
        moments = [Moment(0.0, (cart, person)) for person, frames in people for _ in range(frames)]
        return incidents.vendings(moments, PAVEMENT, KINDS, 8.0)

    assert spans((gone, 8), (seller, 16), (walks, 24), (seller, 16)) == [(1.0, 8.0)]
    assert spans((seller, 16), (gone, 48), (seller, 16)) == [(0.0, 2.0), (8.0, 10.0)]


@pytest.mark.parametrize(("seconds", "parked"), [(2.0, False), (10.0, True)])
def test_parking(seconds: float, *, parked: bool) -> None:
    moments = [Moment(0.0, (Actor(1, "truck", 9.0, 15.0, 0.0, 0.0),))] * round(seconds * 8)
    assert bool(incidents.parkings(moments, replace(PAVEMENT, kind="no_parking"), KINDS, 8.0)) == parked


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (CameraState(), None),
        (CameraState(dim=0.95, defocus_px=6.0), "dark"),
        (CameraState(covered=0.8), "covered"),
        (CameraState(defocus_px=5.0), "defocused"),
        (CameraState(pan_deg=8.0), "moved"),
        (CameraState(pan_deg=0.5), None),
    ],
)
def test_camera_faults(state: CameraState, reason: str | None) -> None:
    assert incidents.fault_of(state) == reason
