"""The named scenes and the random stills: who is where in them, and what happens."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from itertools import combinations, pairwise

import numpy as np
import pytest

from scripts.render_scenes.bodies import catalogue
from scripts.render_scenes.bodies.people import TENDING
from scripts.render_scenes.moment import Actor, Moment
from scripts.render_scenes.motion.footprint import corners, overlap_m2
from scripts.render_scenes.motion.scripted import StoppingTruck
from scripts.render_scenes.motion.signals import RED
from scripts.render_scenes.motion.stalls import SPOTS
from scripts.render_scenes.place.relief import PAVEMENT_M, on_road, relief_m
from scripts.render_scenes.scenes import stories
from scripts.render_scenes.scenes.named import SCENES
from scripts.render_scenes.scenes.random_still import apart, random_scene
from scripts.render_scenes.scenes.scene import Scene
from scripts.render_scenes.stills import seeds_of, seeds_showing
from scripts.render_scenes.truth.frame import look

# The named scenes.

NAMED = [pytest.param(scene, id=name) for name, scene in SCENES.items()]


def moments(scene: Scene) -> tuple[Moment, ...]:
    return scene.story.moments(scene)


@pytest.mark.parametrize("scene", NAMED)
def test_distance_between_frames_matches_speed(scene: Scene) -> None:
    step_s, moved, expected = 1 / scene.fps, [], []
    for before, after in pairwise(moments(scene)):
        now = {a.track: a for a in after.actors}
        for a in before.actors:
            b = now.get(a.track)
            if b is not None:
                assert a.model == b.model
                moved.append(math.dist((a.x_m, a.y_m), (b.x_m, b.y_m)))
                expected.append((a.speed_ms + b.speed_ms) / 2 * step_s)
    error, expected = np.abs(np.subtract(moved, expected)), np.array(expected)
    moving = expected > 0.5 * step_s
    assert moving.sum() > 3000
    assert np.quantile(error[moving] / expected[moving], 0.99) < 0.01
    # The rest start or stop hard within one frame, where the mean of both ends is not quite the mean speed.
    assert (error <= 0.01 * expected + 0.01).all()


@pytest.mark.parametrize("scene", NAMED)
def test_tracks_are_unique_and_riders_sit_on_what_they_ride(scene: Scene) -> None:
    models: dict[int, str] = {}
    for moment in moments(scene):
        there = {a.track: a for a in moment.actors}
        assert len(there) == len(moment.actors)
        for a in moment.actors:
            assert 0 < a.track < 65_536
            assert models.setdefault(a.track, a.model) == a.model
            if a.rides is not None:
                machine = there[a.rides]
                assert (a.x_m, a.y_m, a.z_m, a.turn_rad) == (machine.x_m, machine.y_m, machine.z_m, machine.turn_rad)


def meetings(actors: list[Actor]) -> list[tuple[str, str]]:
    solid = sorted((a for a in actors if a.rides is None), key=lambda a: a.y_m)
    found = []
    for i, a in enumerate(solid):
        for b in solid[i + 1 :]:
            if b.y_m - a.y_m > 12:
                break
            if overlap_m2(a, b) > 0:
                found.append((f"{a.model} {a.track}", f"{b.model} {b.track}"))
    return found


@pytest.mark.parametrize("scene", NAMED)
def test_nobody_meets_anybody_and_all_stand_on_the_ground(scene: Scene) -> None:
    for moment in moments(scene)[:: scene.fps]:
        actors = list(moment.actors)
        if any(a.model == "umbrella_stall" for a in actors):
            # Its people stand below its umbrella.
            actors = [a for a in actors if a.model != "umbrella_stall"]
        assert not meetings(actors)
        x, y, z = np.array([(a.x_m, a.y_m, a.z_m) for a in actors]).T
        wanted = np.where(on_road(scene.plan, x, y), relief_m(scene.plan, x, y), PAVEMENT_M)
        np.testing.assert_allclose(z, wanted, atol=1e-3)


@pytest.mark.parametrize("scene", NAMED)
def test_zones_lie_in_the_picture_and_cameras_are_as_real_ones(scene: Scene) -> None:
    camera = scene.camera
    assert (camera.width_px, camera.height_px, scene.fps) == (640, 360, 8)
    assert 4.0 <= camera.position_m[2] <= 12.0
    assert 420 <= camera.focal_px <= 900
    for zone in scene.zones:
        corner = np.array(zone.ground_m)
        edge = np.concatenate([np.linspace(a, b, 20) for a, b in zip(corner, np.roll(corner, -1, 0), strict=True)])
        pixels, depth = camera.project(np.column_stack([edge, np.zeros(len(edge))]))
        assert (depth > 0).all()
        assert ((pixels > 0) & (pixels < [640, 360])).all()
        assert corner[:, 1].max() <= 60.0
    assert scene.lens.caption.startswith("CAM ")


@pytest.mark.parametrize("scene", NAMED)
def test_stories_are_told_the_same_again(scene: Scene) -> None:
    assert [m.time_s for m in moments(scene)] == scene.times_s
    assert len(moments(scene)) == scene.frames
    # The first seconds suffice: whatever is drawn at random is drawn before the clip begins.
    brief = replace(scene, frames=40)
    told = stories._moments.__wrapped__(brief.story, brief)
    assert told == stories._moments.__wrapped__(brief.story, brief)
    assert told != stories._moments.__wrapped__(brief.story, replace(brief, seed=scene.seed + 1))


def in_zone(scene: Scene, actor: Actor) -> bool:
    points = np.array(scene.zones[0].ground_m)
    spread = corners(actor)
    return bool((spread.min(0) >= points.min(0)).all() and (spread.max(0) <= points.max(0)).all())


def span(scene: Scene, track: int) -> tuple[float, float]:
    """From when to when an actor stands still in the scene's first zone."""
    times = [m.time_s for m in moments(scene) for a in m.actors
             if a.track == track and a.speed_ms == 0 and in_zone(scene, a)]  # fmt: skip
    return min(times), max(times)


def test_the_cart_sells_in_the_forbidden_zone_and_the_stall_stands_outside() -> None:
    scene = SCENES["vendor_arrives"]
    cart = next(a for a in moments(scene)[0].actors if a.model == "gerobak")
    stall = next(a for a in moments(scene)[0].actors if a.model == "umbrella_stall")
    assert not in_zone(scene, cart)
    assert span(scene, cart.track) == pytest.approx((10.0, 38.0), abs=0.2)
    end = moments(scene)[-1]
    gone = next((a for a in end.actors if a.track == cart.track), None)
    assert gone is None or not in_zone(scene, gone)
    assert all(stall in m.actors for m in moments(scene))
    xs = np.array(scene.zones[0].ground_m)[:, 0]
    assert corners(stall)[:, 0].max() < xs.min()
    # Somebody tends the cart, and customers come.
    selling = moments(scene)[24 * 8]
    near = [a for a in selling.actors if a.model.startswith("person") and math.dist((a.x_m, a.y_m), (6.5, 13.5)) < 2]
    assert sum(a.pose == TENDING for a in near) == 1
    assert len(near) >= 3
    # The stall's people are in the picture with it.
    pixels, _ = scene.camera.project(np.array([[stall.x_m, stall.y_m, 1.0]]))
    assert ((pixels > 20) & (pixels < [620, 340])).all()


def test_the_truck_stops_at_the_kerb_and_leaves() -> None:
    scene = SCENES["truck_parks"]
    truck = next(c for c in scene.story.cast if isinstance(c, StoppingTruck))
    assert span(scene, truck.track) == pytest.approx((8.0, 33.0), abs=0.2)
    states = [a for m in moments(scene) for a in m.actors if a.track == truck.track]
    assert min(a.x_m for a in states) == pytest.approx(truck.lane_x_m, abs=1e-6)
    assert max(a.x_m for a in states) == pytest.approx(truck.bay_x_m, abs=1e-6)
    for a, b in pairwise(states):
        way = math.atan2(b.y_m - a.y_m, b.x_m - a.x_m)
        if a.speed_ms > 0.5 and b.speed_ms > 0.5:
            mean = (a.turn_rad + b.turn_rad) / 2
            assert math.remainder(way - mean, 2 * math.pi) == pytest.approx(0.0, abs=0.02)


def test_the_queue_builds_up_on_red_and_discharges() -> None:
    scene = SCENES["red_light"]
    story = moments(scene)
    shown = [(m.time_s, m.signals["main"]) for m in story]
    red = [t for t, colour in shown if colour == RED]
    assert (red[0], red[-1]) == pytest.approx((4.0, 26.0), abs=0.2)

    def standing_in_zone(time_s: float) -> int:
        return sum(in_zone(scene, a) and a.speed_ms < 1 and a.rides is None for a in story[round(time_s * 8)].actors)

    assert standing_in_zone(2.0) <= 1
    assert standing_in_zone(25.5) >= 6
    assert standing_in_zone(38.0) <= 2


def test_the_water_rises_and_recedes_and_slows_the_traffic() -> None:
    scene = SCENES["flood_rises"]
    level = {m.time_s: m.water_m for m in moments(scene)}
    assert all(level[t] <= -0.06 for t in (0.0, 10.0, 59.0))
    assert level[40.0] == level[46.0] == pytest.approx(0.30)
    assert max(abs(level[a] - level[b]) for a, b in pairwise(level)) < 0.012
    assert all(m.wet < 0.01 and m.rain == 0 for m in moments(scene) if m.time_s < 9)
    assert all(m.wet > 0.85 for m in moments(scene) if m.time_s > 20)
    slow = [a.speed_ms for a in moments(scene)[44 * 8].actors if a.model == "mpv"]
    quick = [a.speed_ms for a in moments(scene)[5 * 8].actors if a.model == "mpv"]
    assert max(slow) < 6 / 3.6 < 25 / 3.6 < max(quick)


def test_the_other_scenes_are_what_they_are_called() -> None:
    night = moments(SCENES["night_rain"])[40]
    assert all(a.lights for a in night.actors if a.model in ("mpv", "scooter", "bus"))
    assert (night.rain, night.wet) == (0.7, 1.0)
    assert night.water_m < -0.06
    cover = {m.time_s: m.camera for m in moments(SCENES["camera_covered"])}
    assert cover[10.0].defocus_px > 5
    assert cover[18.0].dim > 0.9
    assert (cover[29.0].pan_deg, cover[29.0].tilt_deg) == (12.0, -4.0)
    assert all(cover[t] == type(cover[t])() for t in (0.0, 5.0, 14.0, 22.0))


# Random stills.

STILLS = range(50)


@cache
def still(seed: int) -> tuple[Scene, Moment]:
    return random_scene(seed)


def test_stills_are_varied_and_equal_for_equal_seeds() -> None:
    scenes = [still(seed) for seed in STILLS]
    assert random_scene(7) == still(7)
    assert {s.weather.light for s, _ in scenes} == {"day", "low_sun", "overcast", "dusk", "night"}
    assert {s.plan.towards + s.plan.away for s, _ in scenes} >= {2, 3, 4, 5}
    assert all(2 <= s.plan.towards + s.plan.away <= 6 for s, _ in scenes)
    assert 3 <= sum(m.water_m >= 0 for _, m in scenes) <= 16
    assert sum(m.wet > 0 and m.water_m < 0 for _, m in scenes) >= 4
    kinds = {catalogue.BY_NAME[a.model].kind for _, m in scenes for a in m.actors}
    assert kinds == set(catalogue.KINDS)
    assert sum(m.signals != {} for _, m in scenes) >= 5


def test_in_stills_nobody_meets_anybody() -> None:
    for seed in STILLS:
        _, moment = still(seed)
        stalls = {a.track for a in moment.actors if a.model in SPOTS}
        for a, b in combinations((a for a in moment.actors if a.rides is None), 2):
            if overlap_m2(a, b) > 0:
                # Only who sells or buys may stand below its own stall's roof.
                assert min(a.track, b.track) in stalls
                assert abs(a.track - b.track) < 10


def test_in_stills_everybody_is_where_they_belong() -> None:
    for seed in STILLS:
        scene, moment = still(seed)
        plan = scene.plan
        right = plan.right_kerb_m + plan.pavement_m[0]
        left = plan.left_kerb_m - plan.pavement_m[1]
        for a in moment.actors:
            kind, spread = catalogue.BY_NAME[a.model].kind, corners(a)
            crossing = plan.junction_y_m is not None and abs(a.y_m - plan.junction_y_m) < plan.cross_half_m
            if kind in ("person", "vendor") and a.rides is None:
                assert left <= spread[:, 0].min()
                assert spread[:, 0].max() <= right
                assert not crossing
            elif crossing:
                assert np.abs(spread[:, 1] - plan.junction_y_m).max() <= plan.cross_half_m or abs(a.x_m) < 40
            else:
                assert plan.left_kerb_m <= spread[:, 0].min()
                assert spread[:, 0].max() <= plan.right_kerb_m


def test_in_stills_the_road_from_near_to_far_is_in_view() -> None:
    for seed in STILLS:
        scene, _ = still(seed)
        middle = (scene.plan.left_kerb_m + scene.plan.right_kerb_m) / 2
        pixels, depth = scene.camera.project(np.array([[middle, 80.0, 0.0], [middle, 30.0, 0.0]]))
        assert (depth > 0).all()
        assert ((pixels[0] > [-60, 0]) & (pixels[0] < [700, 200])).all()
        assert 0 < pixels[1, 1] < 420
        assert 4 <= scene.camera.position_m[2] <= 12


def test_from_high_up_the_same_street_is_seen_from_above_its_roofs() -> None:
    for seed in STILLS:
        scene, moment = random_scene(seed, "high")
        assert (scene.plan, moment) == (still(seed)[0].plan, still(seed)[1])
        camera = scene.camera
        assert 18 <= camera.position_m[2] <= 55
        middle = (scene.plan.left_kerb_m + scene.plan.right_kerb_m) / 2
        pixels, depth = camera.project(np.array([[middle, y_m, 0.0] for y_m in range(30, 90)]))
        assert ((depth > 0) & (pixels > 0).all(axis=1) & (pixels < [640, 360]).all(axis=1)).any()
        # The upper border ends on the ground, not at the horizon.
        up = camera.rotation.T @ np.array([0.0, -180.0, camera.focal_px])
        assert math.degrees(math.asin(-up[2] / np.linalg.norm(up))) > 5


def test_from_far_above_many_cars_are_seen_by_day_each_large_enough() -> None:
    counts = []
    for seed in STILLS:
        scene, moment = random_scene(seed, "above")
        assert (scene, moment) == random_scene(seed, "above")
        assert scene.weather.light in ("day", "low_sun", "overcast")
        camera = scene.camera
        cars = [actor for actor in moment.actors if catalogue.BY_NAME[actor.model].kind == "car"]
        pixels, depth = camera.project(np.array([[car.x_m, car.y_m, 0.8] for car in cars]))
        seen = (depth > 0) & (pixels > 0).all(axis=1) & (pixels < [640, 360]).all(axis=1)
        counts.append(int(seen.sum()))
        sizes = camera.focal_px * 4.5 / depth[seen]
        assert not len(sizes) or 12 < np.median(sizes) < 90
        assert len({actor.track for actor in moment.actors}) == len(moment.actors)
        assert max(actor.track for actor in moment.actors) < 65_536
    assert np.median(counts) >= 10


def test_seeds_are_chosen_for_what_their_stills_show() -> None:
    found = seeds_showing("vendor", 0, 2)
    assert found == sorted(set(found))
    shown = {seed for seed in range(found[-1] + 1) if tall_vendor(*still(seed))}
    assert shown <= set(found)
    with pytest.raises(ValueError, match="nothing in a still is a 'dragon'; there are person"):
        seeds_showing("dragon", 0, 1)


def test_seeds_are_told_one_by_one_or_as_ranges() -> None:
    assert seeds_of("0-3,7,12-12") == [0, 1, 2, 3, 7, 12]
    for wrong in ("", "3-", "a", "1,,2", "-4"):
        with pytest.raises(ValueError, match="is no seed and no range"):
            seeds_of(wrong)


def tall_vendor(scene: Scene, moment: Moment) -> bool:
    """Whether a vendor lies wholly, unhidden and large in the picture."""
    return any(
        catalogue.BY_NAME[one.actor.model].kind == "vendor"
        and one.visible > 0.95
        and one.box[3] - one.box[1] > 30
        and one.box[0] > 0
        and one.box[2] < 640
        and one.box[1] > 0
        and one.box[3] < 360
        for one in look(scene, moment)[0]
    )


def test_who_has_no_room_is_left_out_with_those_who_ride_it() -> None:
    car = Actor(1, "mpv", 0.0, 0.0, 0.0)
    bike, rider = Actor(2, "scooter", 1.0, 0.2, 0.0), Actor(10_002, "rider", 1.0, 0.2, 0.0, rides=2)
    far = Actor(3, "person_a", 9.0, 0.0, 0.0)
    assert apart([car, bike, rider, far]) == (car, far)
