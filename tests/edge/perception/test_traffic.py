"""Occupancy and space-mean speed of a zone."""

import numpy as np
import pytest

from edge.perception.observation import Track
from edge.perception.traffic import Instant, footprint, measure
from edge.perception.zone import Zone, ZoneRaster

ROAD = ZoneRaster(Zone("road", ((0, 0), (1, 0), (1, 1), (0, 1))), 640, 360)


def track(x: float, speed: float | None, kind: str = "car", *, parked: bool = False) -> Track:
    return Track(kind, 0.8, (x, 100, x + 60, 160), 8, 0.0, 2.0, (0.0, 0.0), speed, None, parked)


def over(tracks: list[Track], instants: int = 4) -> list[Instant]:
    boxes = np.array([seen.box for seen in tracks]).reshape(-1, 4)
    return [Instant(tuple(range(len(tracks))), boxes) for _ in range(instants)]


def test_a_footprint_is_the_lower_third_or_more_where_the_view_is_steep() -> None:
    box = np.array([0, 0, 30, 90], float)
    assert footprint(box).tolist() == [0, 60, 30, 90]
    assert footprint(box, 0.2).tolist() == [0, 60, 30, 90]
    assert footprint(box, 0.5).tolist() == [0, 45, 30, 90]


def test_occupancy_is_the_share_under_footprints() -> None:
    tracks = [track(0, 1.0), track(100, 1.0)]
    traffic = measure(ROAD, tracks, over(tracks), [0, 0])
    assert traffic.occupancy == pytest.approx(2 * 60 * 20 / (640 * 360), rel=0.15)
    assert traffic.vehicles == 2


def test_the_mean_is_over_vehicles_present_so_slow_ones_count_as_long_as_they_stay() -> None:
    tracks = [track(0, 0.0), track(100, 4.0)]
    both, alone = over(tracks, 1), over(tracks[:1], 3)
    traffic = measure(ROAD, tracks, [*both, *alone], [0, 0])
    assert traffic.speed_lengths_s == pytest.approx(4.0 / 5)


def test_a_motorcycle_that_slips_through_does_not_make_a_queue_flow() -> None:
    tracks = [track(0, 0.1), track(100, 0.1), track(200, 5.0, "motorcycle")]
    speed = measure(ROAD, tracks, over(tracks), [0, 0, 0]).speed_lengths_s
    assert speed is not None
    assert speed < 0.6


def test_parked_vehicles_are_left_out() -> None:
    tracks = [track(0, 0.0, parked=True), track(100, 2.0)]
    traffic = measure(ROAD, tracks, over(tracks), [0, 0])
    assert (traffic.vehicles, traffic.speed_lengths_s, traffic.stopped_share) == (1, 2.0, 0)


def test_unknown_speeds_are_said_to_be_unknown() -> None:
    tracks = [track(0, None), track(100, 2.0)]
    assert measure(ROAD, tracks, over(tracks), [0, 0]).followed_share == 0.5
    assert measure(ROAD, tracks[:1], over(tracks[:1]), [0]).speed_lengths_s is None


def test_an_empty_road_has_no_speed() -> None:
    traffic = measure(ROAD, [], over([]), [])
    assert (traffic.occupancy, traffic.vehicles, traffic.speed_lengths_s) == (0, 0, None)


def test_one_torn_track_does_not_carry_the_mean() -> None:
    tracks = [track(60.0 * number, 0.1) for number in range(9)] + [track(560, 500.0)]
    speed = measure(ROAD, tracks, over(tracks), [0] * 10).speed_lengths_s
    assert speed is not None
    assert speed < 1
