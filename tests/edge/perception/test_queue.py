"""The length of a queue on the ground."""

import numpy as np
import pytest

from calibration.ground import GroundPlane
from edge.perception.queue import queue_length_m, road_axis
from edge.perception.zone import Zone

TENTH_M = GroundPlane(np.diag([0.1, 0.1, 1.0]), 640, 360)
"""Straight down: ten pixels are a metre."""
ALONG = np.array([0.0, 1.0])


def queue(*positions_m: float, length_m: float = 4.0) -> float:
    feet = np.array([(1.0, position) for position in positions_m]).reshape(-1, 2)
    return queue_length_m(feet, np.full(len(feet), length_m), ALONG)


@pytest.mark.parametrize(
    ("positions", "metres"),
    [((), 0), ((7,), 4), ((0, 8, 16), 20), ((16, 0, 8), 20), ((0, 8, 60, 68), 24), ((0, np.nan), 4)],
)
def test_gaps_part_queues_and_each_counts(positions: tuple[float, ...], metres: float) -> None:
    assert queue(*positions) == pytest.approx(metres)


def test_vehicles_side_by_side_make_a_queue_no_longer() -> None:
    feet = np.array([(x, y) for x in (0.0, 3.0, 6.0) for y in (0.0, 10.0)])
    assert queue_length_m(feet, np.full(6, 4.0), ALONG) == pytest.approx(14)


def test_the_axis_is_the_zones_long_side_on_the_ground() -> None:
    axis = road_axis(Zone("road", ((0.4, 0), (0.6, 0), (0.6, 1), (0.4, 1))), TENTH_M)
    assert axis is not None
    assert abs(axis @ ALONG) == pytest.approx(1)


def test_a_zone_above_the_horizon_has_no_axis() -> None:
    horizon_at_180 = GroundPlane(np.array([[1.0, 0, -320], [0, 0, 180], [0, 0.01, -1.8]]), 640, 360)
    assert road_axis(Zone("sky", ((0, 0), (1, 0), (1, 0.4))), horizon_at_180) is None
