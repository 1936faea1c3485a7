import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.zones import Zone, ZoneError


@st.composite
def star_shaped(draw: st.DrawFn) -> Zone:
    """Polygons without crossing edges: corners at rising angles around the middle."""
    count = draw(st.integers(3, 12))
    radii = draw(st.lists(st.floats(0.1, 0.45), min_size=count, max_size=count))
    angles = [2 * math.pi * k / count for k in range(count)]
    return Zone(np.array([(0.5 + r * math.cos(a), 0.5 + r * math.sin(a)) for r, a in zip(radii, angles, strict=True)]))


@given(zone=star_shaped(), width=st.integers(2, 90), height=st.integers(2, 90))
def test_the_mask_holds_the_pixels_whose_centre_is_inside(zone: Zone, width: int, height: int) -> None:
    columns, rows = np.meshgrid(np.arange(width) + 0.5, np.arange(height) + 0.5)
    centres = np.stack([columns.ravel(), rows.ravel()], axis=1)
    assert (zone.mask(width, height).ravel() == zone.contains(centres, width, height)).all()


@given(zone=star_shaped())
def test_the_mask_covers_the_area(zone: Zone) -> None:
    assert zone.mask(400, 300).mean() == pytest.approx(zone.area, abs=0.01)


@given(split=st.floats(0.05, 0.95), x=st.floats(0, 99.999), y=st.floats(0, 99.999))
def test_neighbours_share_no_point_and_leave_none_out(split: float, x: float, y: float) -> None:
    left = Zone(np.array([(0, 0), (split, 0), (1 - split, 1), (0, 1)]))
    right = Zone(np.array([(split, 0), (1, 0), (1, 1), (1 - split, 1)]))
    point = [(x, y)]
    assert left.contains(point, 100, 100)[0] != right.contains(point, 100, 100)[0]


def test_pixels_scale_with_the_picture() -> None:
    zone = Zone(np.array([(0, 0), (0.5, 0), (0.5, 1)]))
    assert zone.pixels(640, 360).tolist() == [[0, 0], [320, 0], [320, 360]]
    assert zone.area == 0.25


def test_the_whole_picture_is_a_zone() -> None:
    assert Zone(np.array([(0, 0), (1, 0), (1, 1), (0, 1)])).mask(7, 5).all()


@pytest.mark.parametrize(
    ("points", "message"),
    [
        ([(0, 0), (1, 1)], "3 to 200 points"),
        ([(0, 0, 0)] * 3, "3 to 200 points"),
        ([(0, 0), (1, 0), (1, 1.2)], "point 3 at .* outside"),
        ([(0, 0), (1, 0), (float("nan"), 1)], "point 3 at .* outside"),
        ([(0, 0), (1, 0), (1, 0), (0, 1)], "point 2 and its successor are equal"),
        ([(0, 0), (1, 0), (1, 1), (0, 0)], "point 4 and its successor are equal"),
        ([(0, 0), (1, 1), (1, 0), (0, 1)], "edges after point 1 and after point 3 cross"),
        ([(0, 0), (0.5, 0.5), (1, 1)], "cross or touch"),
        ([(0, 0), (1, 0), (0.5, 0), (0.5, 1)], "cross or touch"),
        ([(0, 0), (1, 0), (1, 1), (0.5, 0), (0, 1)], "cross or touch"),
    ],
    ids=["two", "3-d", "outside", "nan", "equal", "closed", "bow tie", "flat", "spike", "touching corner"],
)
def test_what_encloses_no_clear_area_is_refused(points: list, message: str) -> None:
    with pytest.raises(ZoneError, match=message):
        Zone(np.array(points))
