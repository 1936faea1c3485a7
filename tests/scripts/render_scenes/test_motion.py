"""How things move in the rendered scenes: car following, signals, people, carts and water."""

from __future__ import annotations

import math
from functools import cache
from itertools import combinations, pairwise

import numpy as np
import pytest

from scripts.render_scenes.bodies import catalogue
from scripts.render_scenes.bodies.people import SITTING, TENDING
from scripts.render_scenes.motion import traffic
from scripts.render_scenes.motion.car_following import (
    COMFORTABLE_BRAKING_MS2,
    Arrival,
    Driver,
    Queue,
    Road,
    State,
    Vehicle,
    acceleration_ms2,
    simulate,
    standing,
)
from scripts.render_scenes.motion.footprint import overlap_m2
from scripts.render_scenes.motion.scripted import StopAndGo, Visitor, Walk
from scripts.render_scenes.motion.signals import AMBER, CROSS, GREEN, MAIN, RED, Signals
from scripts.render_scenes.motion.stalls import SPOTS, Stall
from scripts.render_scenes.motion.traffic import RIDER_TRACKS, Flow
from scripts.render_scenes.motion.walkers import Walkers, files_x_m
from scripts.render_scenes.motion.water import CRAWL_KMH, Hydrograph, along, flood_speed_ms
from scripts.render_scenes.place.plan import StreetPlan


def no_limit(_time_s: float, _lane: int, _front_m: float) -> float:
    return 99.0


# Car following.


def test_a_free_driver_reaches_the_desired_speed_and_a_follower_its_equilibrium_gap() -> None:
    driver = Driver(desired_speed_ms=14.0, time_gap_s=1.2, standstill_gap_m=2.0)
    queue = Queue(Road(5000.0))
    leader = Arrival(0.0, 0, "mpv", 4.4, 0.0, Driver(desired_speed_ms=8.0))
    queue.vehicles = [Vehicle(1, leader, 60.0, 8.0), Vehicle(2, Arrival(0.0, 0, "mpv", 4.4, 0.0, driver), 0.0, 3.0)]
    for _ in range(6000):
        queue.step(0.025, lambda _: 99.0)
    first, second = queue.vehicles
    assert first.speed_ms == pytest.approx(8.0, abs=0.01)
    # Equation 5 of the paper: the gap at which a follower's acceleration vanishes.
    equilibrium = (2.0 + 8.0 * 1.2) / math.sqrt(1 - (8.0 / 14.0) ** 4)
    assert first.rear_m - second.front_m == pytest.approx(equilibrium, rel=0.01)
    assert acceleration_ms2(driver, 14.0, 99.0, math.inf, 0.0) == pytest.approx(0.0)


def test_a_queue_discharges_at_the_saturation_flow_of_cars() -> None:
    flow = Flow(cars_h=((0.0, 1700.0),), motorcycle_share=0.0)
    plan = StreetPlan(seed=1, towards=2, junction_y_m=40.0)
    signals = Signals(main_from_s=0.0, main_green_s=40.0, cross_green_s=60.0)
    times = [i * 0.5 for i in range(80)]
    frames = simulate(
        [a for a in flow.arrivals(plan, 3, -70.0, 0.0) if a.lane < 2],
        roads=traffic.roads(plan), limit_ms=no_limit, start_s=-70.0, frame_times_s=times, signals=signals, step_s=0.05,
    )  # fmt: skip
    for lane in range(2):
        line_m = plan.lanes()[lane].stop_m
        standing_at_first = sum(s.lane == lane and s.speed_ms < 3 and s.middle_m < line_m for s in frames[0])
        assert standing_at_first >= 12
        crossed = {}
        for time_s, states in zip(times, frames, strict=True):
            for s in states:
                length_m = catalogue.BY_NAME[s.model].length_m
                if s.lane == lane and s.middle_m + length_m / 2 > line_m:
                    crossed.setdefault(s.track, time_s)
        began = sorted(t for t in crossed.values() if t > 0)
        # As the Highway Capacity Manual does: from the fourth vehicle on.
        headway_s = (began[14] - began[3]) / 11
        assert 1500 <= 3600 / headway_s <= 2100


@pytest.mark.parametrize(("distance_m", "goes"), [(5.0, True), (17.0, True), (26.0, False), (60.0, False)])
def test_amber_stops_those_who_can_brake_comfortably(distance_m: float, goes: bool) -> None:
    road = Road(300.0, stop_m=100.0, clear_m=120.0, signal=MAIN)
    car = Vehicle(1, Arrival(0.0, 0, "mpv", 4.4, 0.0, Driver(11.0)), 100.0 - distance_m, 11.0)
    assert (distance_m < 11.0**2 / (2 * COMFORTABLE_BRAKING_MS2)) == goes
    queue, hardest, before = Queue(road, [car]), 0.0, 11.0
    for tick in range(800):
        queue.step(0.025, lambda _: 99.0, AMBER if tick * 0.025 < 3.0 else RED)
        hardest, before = max(hardest, (before - car.speed_ms) / 0.025), car.speed_ms
    assert (car.front_m > 100.0) == goes
    assert hardest < 5.5
    if not goes:
        assert car.speed_ms < 0.2
        assert 97.0 < car.front_m <= 100.0


def test_drivers_stop_behind_an_obstacle_and_go_on_when_it_leaves() -> None:
    arrivals = [Arrival(-20.0 + 3 * i, 0, "mpv", 4.4, 0.0, Driver()) for i in range(6)]
    frames = simulate(
        arrivals, roads=[Road(400.0)], limit_ms=no_limit, start_s=-20.0, frame_times_s=[10.0, 20.0, 60.0],
        obstacles=[standing(0, 150.0, -20.0, 22.0)],
    )  # fmt: skip
    held, still, after = ([s for s in frame if s.speed_ms < 0.5] for frame in frames)
    assert max(s.middle_m + 2.2 for s in held) < 150.0
    assert len(still) >= 5
    assert not after


JUNCTION = StreetPlan(seed=5, towards=2, away=2, junction_y_m=35.0, cross_lanes=2)


@cache
def at_a_junction(seed: int) -> tuple[list[float], list[list[State]], Signals]:
    times = [i * 0.25 for i in range(240)]
    signals = Signals(main_from_s=float(seed), main_green_s=14.0, cross_green_s=11.0)
    flow = Flow(
        cars_h=((0.0, 500.0 + 90 * seed),), motorcycles_h=((0.0, 900.0),), cross_share=1.0, speed_ms=(8.0, 15.0)
    )
    frames = simulate(
        flow.arrivals(JUNCTION, seed, -40.0, 70.0), roads=traffic.roads(JUNCTION), limit_ms=no_limit, start_s=-40.0,
        frame_times_s=times, signals=signals, step_s=0.05,
    )  # fmt: skip
    return times, frames, signals


SEEDS = range(3)


@pytest.mark.parametrize("seed", SEEDS)
def test_nobody_overlaps_reverses_or_crosses_the_line_on_red(seed: int) -> None:
    times, frames, signals = at_a_junction(seed)
    lanes, before, passed = JUNCTION.lanes(), {}, 0
    for time_s, states in zip(times, frames, strict=True):
        for lane in range(len(lanes)):
            line = sorted((s for s in states if s.lane == lane), key=lambda s: -s.middle_m)
            for ahead, behind in pairwise(line):
                room = (catalogue.BY_NAME[ahead.model].length_m + catalogue.BY_NAME[behind.model].length_m) / 2
                assert ahead.middle_m - behind.middle_m > room + 0.3
        for s in states:
            front_m = s.middle_m + catalogue.BY_NAME[s.model].length_m / 2
            last_m = before.get(s.track, -math.inf)
            assert front_m >= last_m
            line_m = lanes[s.lane].stop_m
            if last_m <= line_m < front_m and last_m > -math.inf:
                passed += 1
                # The frame before, the light may still have been amber.
                assert RED not in (signals.colour(lanes[s.lane].signal, time_s - 0.25), GREEN) or (
                    signals.colour(lanes[s.lane].signal, time_s) != RED
                )
            before[s.track] = front_m
    assert passed > 60


@pytest.mark.parametrize("seed", SEEDS)
def test_no_two_of_crossing_lanes_meet_in_the_box(seed: int) -> None:
    _, frames, _ = at_a_junction(seed)
    lanes, met = JUNCTION.lanes(), {MAIN: 0, CROSS: 0}
    for states in frames:
        inside = {MAIN: [], CROSS: []}
        for actor, s in zip(
            traffic.actors(states, lanes, lambda _: False, lights=False), _doubled(states), strict=True
        ):
            x, y = actor.x_m, actor.y_m
            if JUNCTION.left_kerb_m - 6 < x < JUNCTION.right_kerb_m + 6 and abs(y - 35.0) < JUNCTION.cross_half_m + 6:
                inside[lanes[s.lane].signal].append(actor)
        for a in inside[MAIN]:
            assert all(overlap_m2(a, b) == 0 for b in inside[CROSS])
        for group, there in inside.items():
            met[group] += len(there)
    assert min(met.values()) > 50


def _doubled(states: list[State]) -> list[State]:
    """One state for each actor: a ridden machine makes two."""
    return [s for s in states for _ in range(1 + (s.model in traffic.RIDEN))]


def test_both_streets_are_never_open_and_amber_follows_green() -> None:
    signals = Signals(main_from_s=26.0)
    seen = [signals.all(t / 10) for t in range(-500, 1500)]
    assert all(RED in shown.values() for shown in seen)
    for group in (MAIN, CROSS):
        changes = {(a[group], b[group]) for a, b in pairwise(seen) if a[group] != b[group]}
        assert changes == {(GREEN, AMBER), (AMBER, RED), (RED, GREEN)}
    all_red = sum(set(shown.values()) == {RED} for shown in seen) / 10
    assert all_red / (200.0 / signals.cycle_s) == pytest.approx(2 * signals.all_red_s, rel=0.15)


# Flow.


def test_a_flow_brings_as_many_as_it_says() -> None:
    plan = StreetPlan(seed=2, towards=2, away=1)
    flow = Flow(cars_h=((0.0, 600.0),), motorcycles_h=((0.0, 900.0),), motorcycle_share=0.3)
    found = flow.arrivals(plan, 1, 0.0, 3600.0 * 2)
    for number, lane in enumerate(plan.lanes()):
        count = sum(a.lane == number for a in found) / 2
        assert count == pytest.approx(900 if lane.motorcycles_only else 600, rel=0.08)
    cars = [a for a in found if not plan.lanes()[a.lane].motorcycles_only]
    assert np.mean([a.model in ("scooter", "bebek") for a in cars]) == pytest.approx(0.3, abs=0.03)
    assert found == flow.arrivals(plan, 1, 0.0, 3600.0 * 2) != flow.arrivals(plan, 2, 0.0, 3600.0 * 2)


def test_a_motorcycle_is_a_machine_and_who_rides_it() -> None:
    lane = StreetPlan(seed=2, towards=1).lanes()[1]
    machine, rider, pillion = traffic.actors(
        [State(7, "scooter", 0, 0.1, 40.0, 9.0)], [lane], lambda track: track == 7, lights=True
    )
    assert (machine.track, rider.model, pillion.model) == (7, "rider", "pillion")
    assert rider.rides == pillion.rides == 7
    assert rider.track == RIDER_TRACKS + 7
    assert (machine.x_m, machine.y_m, machine.turn_rad) == (rider.x_m, rider.y_m, rider.turn_rad)
    assert machine.lights
    assert not rider.lights
    # Towards the camera the vehicle's left is the picture's right.
    assert machine.x_m == pytest.approx(lane.x_m + 0.1)
    assert machine.y_m == pytest.approx(lane.y_m - 40.0)


# People, carts, trucks.


def test_walkers_keep_to_the_pavement_apart_and_step_with_the_way_they_make() -> None:
    plan, seed = StreetPlan(seed=3, pavement_m=(5.5, 4.5)), 4
    walkers = Walkers(30_000, 0, every_m=4.0)
    paces = set()
    for time_s in np.arange(0, 40, 2.0):
        now = {a.track: a for a in walkers.actors(plan, seed, time_s)}
        soon = {a.track: a for a in walkers.actors(plan, seed, time_s + 0.5)}
        assert len(now) > 40
        assert all(overlap_m2(a, b) == 0 for a, b in combinations(now.values(), 2))
        for track in now.keys() & soon.keys():
            a, b = now[track], soon[track]
            assert plan.right_kerb_m + 1.2 < a.x_m < plan.right_kerb_m + plan.pavement_m[0] - 0.9
            assert abs(b.y_m - a.y_m) == pytest.approx(a.speed_ms * 0.5, abs=1e-9)
            assert a.model == b.model
            if a.speed_ms:
                paces.add(round(a.speed_ms, 3))
                assert math.sin(a.turn_rad) == pytest.approx(np.sign(b.y_m - a.y_m))
                steps = (b.pose - a.pose) % catalogue.people.WALK_POSES
                assert abs(steps - a.speed_ms * 0.5 / catalogue.people.WALK_CYCLE_M * 8) < 1
    assert all(0.9 <= pace <= 1.5 for pace in paces)
    assert len(paces) >= 2


def test_no_file_of_walkers_runs_through_a_closed_band() -> None:
    plan = StreetPlan(seed=3, pavement_m=(5.5, 4.5))
    first = files_x_m(plan, 0)[0]
    open_x = {a.x_m for a in Walkers(30_000, 0, 4.0).actors(plan, 1, 5.0)}
    closed_x = {a.x_m for a in Walkers(30_000, 0, 4.0, closed=((first, first + 0.3),)).actors(plan, 1, 5.0)}
    assert any(abs(x - first) < 0.3 for x in open_x)
    assert not any(abs(x - first) < 0.3 for x in closed_x)
    assert closed_x


@pytest.mark.parametrize("model", SPOTS)
def test_who_sells_and_buys_stands_beside_the_stall_and_not_in_it(model: str) -> None:
    stall, *persons = Stall(35_000, model, 0.0, 0.0, 0.0, customers=2).actors(StreetPlan(seed=1), 1, 0.0)
    assert persons[0].pose in (TENDING, SITTING)
    mesh = catalogue.mesh(model)
    spots = []
    for face in mesh.faces:
        corner = mesh.vertices[list(face)]
        share = np.random.default_rng(1).dirichlet(np.ones(len(face)), 60)
        spots.append(share @ corner)
    points = np.concatenate(spots)
    for person in persons:
        top = 1.15 if person.pose == SITTING else 1.65
        near = np.hypot(points[:, 0] - person.x_m, points[:, 1] - person.y_m) < 0.13
        assert not (near & (points[:, 2] > 0.45) & (points[:, 2] < top)).any()
        assert math.hypot(person.x_m - stall.x_m, person.y_m - stall.y_m) < 2.0
    assert all(math.dist((a.x_m, a.y_m), (b.x_m, b.y_m)) > 0.6 for a, b in combinations(persons, 2))


def test_stop_and_go_is_where_its_speed_brings_it() -> None:
    motion = StopAndGo(8.0, 33.0, 7.0, 4.0)
    times = np.arange(-10, 50, 0.01)
    way = np.array([motion.along_m(t) for t in times])
    speed = np.array([motion.speed_ms(t) for t in times])
    np.testing.assert_allclose(np.diff(way), (speed[1:] + speed[:-1]) / 2 * 0.01, atol=1e-6)
    assert all(motion.along_m(t) == 0 and motion.speed_ms(t) == 0 for t in (8.0, 20.0, 33.0))
    assert speed[0] == speed[-1] == 7.0


def test_a_walk_begins_and_ends_where_it_should_with_a_soft_start() -> None:
    walk = Walk(((0.0, 0.0), (0.0, 5.0), (3.0, 5.0)), 10.0, 17.0)
    assert walk.at(9.0)[0] == (0.0, 0.0)
    assert walk.at(17.0)[0] == pytest.approx((3.0, 5.0))
    assert walk.at(17.0)[2] == pytest.approx(0.0)
    walked = [walk.at(t)[3] for t in np.arange(10, 17.01, 0.05)]
    speeds = [walk.at(t)[2] for t in np.arange(10, 17.01, 0.05)]
    np.testing.assert_allclose(np.diff(walked), (np.array(speeds[1:]) + speeds[:-1]) / 2 * 0.05, atol=2e-4)
    visitor = Visitor(1, "person_a", (walk,), facing_rad=1.0)
    assert not visitor.actors(StreetPlan(seed=1), 1, 9.9)
    assert visitor.actors(StreetPlan(seed=1), 1, 12.0)[0].turn_rad == pytest.approx(math.pi / 2)


# Water.


def test_deeper_water_is_driven_slower() -> None:
    assert flood_speed_ms(-0.02) > 50
    assert flood_speed_ms(0.10) * 3.6 == pytest.approx(40.66, abs=0.01)
    assert flood_speed_ms(0.30) * 3.6 == flood_speed_ms(0.45) * 3.6 == pytest.approx(CRAWL_KMH)
    speeds = [flood_speed_ms(mm / 1000) for mm in range(1, 301)]
    assert all(a >= b for a, b in pairwise(speeds))


def test_a_course_is_held_outside_its_knots_and_smooth_between() -> None:
    course = ((1.0, 2.0), (3.0, 6.0), (4.0, 6.0))
    assert [along(course, t) for t in (0.0, 1.0, 2.0, 3.0, 3.5, 9.0)] == [2.0, 2.0, 4.0, 6.0, 6.0, 6.0]
    values = [along(course, t) for t in np.arange(1, 3, 0.01)]
    assert max(b - a for a, b in pairwise(values)) < 1.6 * 4.0 / 200
    assert Hydrograph().level_m(5.0) < -0.06
