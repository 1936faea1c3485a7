"""Random clips: the twelve unseen ones tell every kind and everything that is none, and their truth is exact.

What happens is read off the moments, without looking (which takes a minute a clip); the slow test looks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from scripts.render_scenes.moment import Moment
from scripts.render_scenes.motion.footprint import corners, overlap_m2
from scripts.render_scenes.motion.signals import RED
from scripts.render_scenes.motion.stalls import SPOTS
from scripts.render_scenes.scenes import stories
from scripts.render_scenes.scenes.plots import BAY, PAVEMENT, PLOTS, ROAD
from scripts.render_scenes.scenes.random_clip import plot_of, random_clip, seed_of
from scripts.render_scenes.scenes.scene import Scene, Zone
from scripts.render_scenes.truth import description, incidents, water

UNSEEN = range(9001, 9013)
FPS = 2
Interval = tuple[float, float]
SEEDS = pytest.mark.parametrize("seed", UNSEEN)
INCIDENTS = {"jam", "flood", "vending", "parking", "camera fault"}
NEGATIVES = {"red light", "wet asphalt at night", "passing cart", "parked cars", "people waiting", "rain"}


@cache
def clip(seed: int) -> Scene:
    """The clip with few frames a second: the same story, sooner told."""
    scene = random_clip(seed)
    return replace(scene, fps=FPS, frames=scene.frames * FPS // scene.fps)


@cache
def moments(seed: int) -> tuple[Moment, ...]:
    return clip(seed).story.moments(clip(seed))


def seed_for(kind: str) -> int:
    return next(seed for seed in UNSEEN if plot_of(seed).kind == kind)


def zone(seed: int, name: str) -> Zone:
    return next(zone for zone in clip(seed).zones if zone.name == name)


def crawls(seed: int) -> list[Interval]:
    """When the road's vehicles, four at least, go under 10 km/h on average: the half of a jam that needs no look."""
    road, flags = zone(seed, ROAD), []
    for moment in moments(seed):
        speeds = [
            actor.speed_ms * 3.6
            for actor in moment.actors
            if description.KINDS[actor.model] in incidents.VEHICLES and incidents.inside(actor, road)
        ]
        flags.append(len(speeds) >= 4 and float(np.mean(speeds)) < incidents.JAM_BELOW_KMH)
    return lasting(incidents.joined(incidents.intervals(flags, FPS), 2.0))


def lasting(spans: Sequence[Interval], least_s: float = 8.0) -> list[Interval]:
    return [(a, b) for a, b in spans if b - a >= least_s]


def floods(seed: int) -> list[Interval]:
    scene = clip(seed)
    states = [{"water": water.in_zone(scene, moment, zone(seed, ROAD))} for moment in moments(seed)]
    return incidents.floods(states, FPS)


def faults(seed: int) -> dict[str, list[Interval]]:
    found = [incidents.fault_of(moment.camera) for moment in moments(seed)]
    kinds = dict.fromkeys(fault for fault in found if fault is not None)
    return {kind: incidents.intervals([fault == kind for fault in found], FPS) for kind in kinds}


def happened(seed: int) -> dict[str, list[Interval]]:
    """Every incident of a clip as far as no look is needed, by kind."""
    there = {one.name for one in clip(seed).zones}
    found = {
        "flood": floods(seed) if moments_have_water(seed) and ROAD in there else [],
        "vending": [],
        "parking": [],
        "camera fault": [span for spans in faults(seed).values() for span in spans],
    }
    if PAVEMENT in there:
        found["vending"] = incidents.vendings(moments(seed), zone(seed, PAVEMENT), description.KINDS, FPS)
    if BAY in there:
        found["parking"] = incidents.parkings(moments(seed), zone(seed, BAY), description.KINDS, FPS)
    return {kind: spans for kind, spans in found.items() if spans}


def moments_have_water(seed: int) -> bool:
    return max(moment.water_m for moment in moments(seed)) > 0


def test_twelve_seeds_in_a_row_tell_every_plot() -> None:
    kinds = [plot_of(seed).kind for seed in UNSEEN]
    assert set(kinds) == INCIDENTS | NEGATIVES
    assert sorted(kinds) == sorted(plot.kind for plot in PLOTS)


def test_the_unseen_clips_differ_in_light_mount_and_street() -> None:
    scenes = [clip(seed) for seed in UNSEEN]
    assert {scene.weather.light for scene in scenes} == {"day", "low_sun", "overcast", "dusk", "night"}
    heights = sorted(scene.camera.position_m[2] for scene in scenes)
    assert heights[0] < 6
    assert heights[-1] > 9
    assert len({(scene.plan.towards, scene.plan.away) for scene in scenes}) >= 5
    assert len({scene.camera for scene in scenes}) == len({scene.plan for scene in scenes}) == len(scenes)


@SEEDS
def test_a_clip_is_as_long_and_small_as_the_samples_and_its_zones_lie_in_it(seed: int) -> None:
    scene = random_clip(seed)
    camera = scene.camera
    assert (camera.width_px, camera.height_px, scene.fps) == (640, 360, 8)
    assert 36 <= scene.frames / scene.fps <= 60
    assert 4.0 <= camera.position_m[2] <= 12.0
    assert scene.lens.caption.startswith("CAM ")
    assert plot_of(seed).needs in {one.name for one in scene.zones}
    for one in scene.zones:
        pixels, depth = camera.project(np.array([(x, y, 0.0) for x, y in one.ground_m]))
        assert (depth > 0).all()
        assert ((pixels > 0) & (pixels < [640, 360])).all()


@SEEDS
def test_equal_seeds_give_equal_clips(seed: int) -> None:
    assert random_clip(seed) == random_clip(seed)
    assert random_clip(seed) != random_clip(seed + len(PLOTS))
    brief = replace(random_clip(seed), frames=16)
    told = stories._moments.__wrapped__(brief.story, brief)
    assert [moment.time_s for moment in told] == brief.times_s
    assert told == stories._moments.__wrapped__(brief.story, brief)


@SEEDS
def test_what_happens_is_what_the_plot_says_and_lasts(seed: int) -> None:
    kind, found = plot_of(seed).kind, happened(seed)
    expected = {kind} & (INCIDENTS - {"jam"})
    assert set(found) == expected
    if expected:
        spans = found[kind]
        assert all(b - a >= 12 for a, b in spans)
        assert spans[0][0] >= 5
        assert kind == "camera fault" or len(spans) == 1


@SEEDS
def test_traffic_crawls_in_a_jam_and_before_a_red_light_only(seed: int) -> None:
    kind, spans = plot_of(seed).kind, crawls(seed)
    if kind == "jam":
        ((from_s, to_s),) = spans
        assert to_s - from_s >= 12
        assert from_s >= 5
        assert to_s <= moments(seed)[-1].time_s - 3
    elif kind not in ("red light", "flood"):
        assert spans == []


def test_the_queue_at_the_red_light_grows_and_goes() -> None:
    seed = seed_for("red light")
    shown = [moment.signals["main"] for moment in moments(seed)]
    red = incidents.intervals([colour == RED for colour in shown], FPS)[0]
    assert 3 <= red[0] < red[1] <= 35

    def waiting(time_s: float) -> int:
        there = moments(seed)[round(time_s * FPS)].actors
        return sum(
            actor.speed_ms < 1 and actor.rides is None and incidents.inside(actor, zone(seed, ROAD)) for actor in there
        )

    assert waiting(red[1]) >= 4
    assert waiting(red[1] + 15) <= 1


def test_the_passing_cart_crosses_the_forbidden_pavement_without_stopping() -> None:
    seed = seed_for("passing cart")
    carts = [actor for moment in moments(seed) for actor in moment.actors if actor.model == "gerobak"]
    assert sum(incidents.inside(cart, zone(seed, PAVEMENT)) for cart in carts) > 10 * FPS
    assert min(cart.speed_ms for cart in carts) > 0.5


def test_people_wait_on_the_forbidden_pavement_and_nobody_sells() -> None:
    seed = seed_for("people waiting")
    for moment in moments(seed)[:: 10 * FPS]:
        still = [a for a in moment.actors if a.speed_ms == 0 and incidents.inside(a, zone(seed, PAVEMENT))]
        assert sum(description.KINDS[a.model] == "person" for a in still) >= 4
        assert not any(description.KINDS[a.model] == "vendor" for a in moment.actors)


def test_parked_cars_stand_beside_the_road_that_is_watched() -> None:
    seed = seed_for("parked cars")
    still = [a for a in moments(seed)[40].actors if a.speed_ms == 0 and description.KINDS[a.model] == "car"]
    assert len(still) >= 5
    assert not any(incidents.inside(a, zone(seed, ROAD)) for a in still)
    assert BAY not in {one.name for one in clip(seed).zones}, "they may"


def test_rain_and_wet_asphalt_are_no_flood() -> None:
    rain, wet = moments(seed_for("rain")), moments(seed_for("wet asphalt at night"))
    assert max(moment.rain for moment in rain) > 0.5
    assert rain[0].rain == rain[-1].rain == 0
    assert all(moment.wet > 0.8 and not moment.rain for moment in wet)
    assert any(actor.lights for actor in wet[0].actors)
    assert max(moment.water_m for moment in (*rain, *wet)) < -0.06


def test_the_two_clips_of_camera_faults_show_four_different_ones() -> None:
    both = [seed for seed in UNSEEN if plot_of(seed).kind == "camera fault"]
    shown = [set(faults(seed)) for seed in both]
    assert sorted(map(sorted, shown)) == [["covered", "defocused"], ["dark", "moved"]]


@SEEDS
def test_nobody_meets_anybody_and_carts_stay_on_the_pavement(seed: int) -> None:
    plan = clip(seed).plan
    for moment in moments(seed)[:: 4 * FPS]:
        solid = sorted((a for a in moment.actors if a.rides is None), key=lambda a: a.y_m)
        for i, a in enumerate(solid):
            for b in solid[i + 1 :]:
                if b.y_m - a.y_m > 12:
                    break
                assert overlap_m2(a, b) == 0, (moment.time_s, a, b)
        for stall in (a for a in solid if a.model in SPOTS):
            spread = corners(stall)[:, 0]
            assert plan.right_kerb_m <= spread.min()
            assert spread.max() <= plan.right_kerb_m + plan.pavement_m[0]


def test_a_clip_is_named_by_its_seed() -> None:
    assert seed_of("random:9001") == seed_of("random_9001") == seed_of(random_clip(9001).name) == 9001
    assert seed_of("red_light") is None
    assert seed_of("random:x") is None


@pytest.mark.slow
@pytest.mark.timeout(1200)
@SEEDS
def test_the_whole_truth_says_the_same(seed: int) -> None:
    scene = random_clip(seed)
    sparse = replace(scene, fps=1, frames=scene.frames // scene.fps)
    told = description.describe(sparse)["incidents"]
    kind = plot_of(seed).kind.replace(" ", "_")
    expected = {kind} if plot_of(seed).kind in INCIDENTS else set()
    assert {one["kind"] for one in told} == expected
    assert all(one["to_s"] - one["from_s"] >= 11 for one in told)
