"""A view that moved is found again, and by how much it moved is known."""

import numpy as np
import pytest

from edge.perception.quality.plate import Plate
from edge.perception.quality.registration import register, rotated
from edge.picture import Image
from tests.edge.perception.quality.views import covered, rolled, scene


def moved(right_px: int, down_px: int) -> Image:
    """A window of a larger view, so that what comes in is new and not a mirror."""
    big = np.tile(scene(5), (2, 2, 1))
    return big[100 - down_px : 460 - down_px, 200 - right_px : 840 - right_px]


USUAL = Plate.of(moved(0, 0)).field


@pytest.mark.parametrize(("right_px", "down_px"), [(64, 0), (-120, 40), (16, -24), (0, 90), (160, 60)])
def test_a_shift_is_found_to_a_hundredth_of_the_width(right_px: int, down_px: int) -> None:
    place = register(USUAL, Plate.of(moved(right_px, down_px)).field)
    assert place.found
    assert (place.right, place.down) == pytest.approx((right_px / 640, down_px / 640), abs=0.01)


def test_at_rest_it_is_found_at_rest_even_where_half_is_hidden() -> None:
    place = register(USUAL, Plate.of(covered(0.5, 90)(moved(0, 0))).field)
    assert place.found
    assert (place.share, place.roll_deg) == (0, 0)


def test_wind_is_no_move() -> None:
    assert register(USUAL, Plate.of(moved(3, -3)).field).share == 0


def test_another_view_is_not_found() -> None:
    assert not register(USUAL, Plate.of(scene(77)).field, rolled=True).found


@pytest.mark.parametrize("clockwise_deg", [-18.0, -6.0, 12.0])
def test_a_turned_field_is_the_field_of_the_turned_picture(clockwise_deg: float) -> None:
    turned = Plate.of(rolled(clockwise_deg)(moved(0, 0))).field[10:-10, 20:-20]
    assert (turned * rotated(USUAL, clockwise_deg)[10:-10, 20:-20]).sum() > 0.6 * (turned**2).sum()
