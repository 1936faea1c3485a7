"""Counting on the raster."""

import numpy as np
import pytest

from edge.perception.zone import Zone, ZoneRaster

HALF = Zone("left", ((0, 0), (0.5, 0), (0.5, 1), (0, 1)))


def test_a_zone_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 3"):
        Zone("line", ((0, 0), (1, 1)))
    with pytest.raises(ValueError, match="between 0 and 1"):
        Zone("pixels", ((0, 0), (640, 0), (640, 360)))


def test_the_share_under_boxes_counts_each_pixel_once_and_only_inside() -> None:
    raster = ZoneRaster(HALF, 640, 360)
    quarter = np.array([0, 0, 160, 360])
    assert raster.share(raster.footprints([quarter])) == pytest.approx(0.5, abs=0.02)
    assert raster.share(raster.footprints([quarter, quarter])) == pytest.approx(0.5, abs=0.02)
    assert raster.share(raster.footprints([np.array([400, 0, 640, 360])])) == 0
    assert raster.share(raster.footprints([])) == 0


def test_the_length_share_runs_along_the_zone() -> None:
    raster = ZoneRaster(HALF, 640, 360)
    lower_half = raster.footprints([np.array([100, 180, 140, 360])])
    assert raster.length_share(lower_half) == pytest.approx(0.5, abs=0.1)


def test_a_foot_below_the_picture_counts_as_on_its_border() -> None:
    raster = ZoneRaster(HALF, 640, 360)
    assert raster.holds(100, 500)
    assert not raster.holds(600, 100)
