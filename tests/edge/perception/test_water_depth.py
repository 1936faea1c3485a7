"""Depth off marks of known height."""

import numpy as np
import pytest

from edge.perception.water_depth import DepthReference, read_depth_cm

KERB = DepthReference(15, ((0.1, 0.1),))
BUMPER = DepthReference(45, ((0.5, 0.1),))
WALL = DepthReference(80, ((0.9, 0.1), (0.9, 0.5), (0.9, 0.9)))
WATER, DRY, HIDDEN = True, False, None


def read(kerb: bool | None, bumper: bool | None, wall: tuple[bool | None, ...]) -> float | None:
    shown = {(0, 0): kerb, (0, 2): bumper, **{(row, 4): wall[row] for row in range(3)}}
    wet, hidden = np.zeros((3, 5), bool), np.zeros((3, 5), bool)
    for place, what in shown.items():
        wet[place], hidden[place] = what is not DRY, what is HIDDEN
    return read_depth_cm([WALL, KERB, BUMPER], wet, hidden)


@pytest.mark.parametrize(
    ("kerb", "bumper", "wall", "depth"),
    [
        pytest.param(DRY, DRY, (DRY, DRY, DRY), 0, id="dry"),
        pytest.param(WATER, DRY, (DRY, DRY, DRY), 15, id="over the kerb"),
        pytest.param(WATER, WATER, (DRY, DRY, DRY), 45, id="over the bumper"),
        pytest.param(WATER, WATER, (WATER, WATER, DRY), 80, id="most points of a mark decide"),
        pytest.param(WATER, WATER, (WATER, DRY, DRY), 45, id="few points of a mark do not"),
        pytest.param(WATER, WATER, (HIDDEN, HIDDEN, WATER), 80, id="hidden points do not count"),
        pytest.param(DRY, WATER, (WATER, WATER, WATER), 0, id="water above a dry mark is a mistake"),
        pytest.param(HIDDEN, WATER, (DRY, DRY, DRY), 45, id="a hidden mark is passed over"),
        pytest.param(HIDDEN, HIDDEN, (DRY, DRY, DRY), 0, id="only a high mark, dry"),
        pytest.param(HIDDEN, HIDDEN, (HIDDEN, HIDDEN, HIDDEN), None, id="nothing to read"),
    ],
)
def test_what_is_certain(
    kerb: bool | None, bumper: bool | None, wall: tuple[bool | None, ...], depth: float | None
) -> None:
    assert read(kerb, bumper, wall) == depth


def test_a_mark_at_the_pictures_edge_is_in_it() -> None:
    assert read_depth_cm([DepthReference(20, ((1.0, 1.0),))], np.ones((3, 5), bool), np.zeros((3, 5), bool)) == 20


def test_a_mark_needs_a_place() -> None:
    with pytest.raises(ValueError, match="at least one point"):
        DepthReference(20, ())
