from dataclasses import dataclass

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.zoom import Crop
from models.zoom_cover import Frame
from models.zoom_plan import FINER, LEAST_PICTURE_PX, LEAST_PX, car_px_seen, planned_crops

FRAME = Frame(640, 360, 416)
ROWS, COLUMNS = 18, 32
ENOUGH = 40
"""More crops than any of the views here needs."""


@dataclass(frozen=True)
class View:
    """A level road under a camera: a car's size grows with the distance from the horizon."""

    horizon: float
    growth: float
    lean: float
    zone: list[tuple[float, float]]

    def car_px(self) -> np.ndarray:
        y, x = np.mgrid[0.5:ROWS, 0.5:COLUMNS] * 20.0
        below = y - self.horizon + self.lean * (x - 320)
        return np.where(below > 0, below * self.growth, np.nan)

    def too_small(self, crops: tuple[Crop, ...], where: tuple[float, float]) -> list[tuple[float, float, float]]:
        """Every car well in the zone that no view shows whole with 24 px: x, y, pixels. Worked out point by point."""
        found = []
        cars = self.car_px()
        for row, column in np.argwhere(cars >= LEAST_PICTURE_PX):
            x, y, car = 20 * (column + where[0]), 20 * (row + where[1]), cars[row, column]
            if cv2.pointPolygonTest(np.array(self.zone, np.float32), (x, y), True) < 20 / FINER * 2**0.5:
                continue
            box = np.clip([x - 1.3 * car, y - 1.5 * car, x + 1.3 * car, y + 0.3 * car], 0, [640, 360, 640, 360])
            sides = [
                c.x2 - c.x1 for c in crops if c.x1 <= box[0] and c.y1 <= box[1] and c.x2 >= box[2] and c.y2 >= box[3]
            ]
            if car * 416 / min([640, *sides]) < 24 - 1e-6:
                found.append((x, y, car))
        return found


@st.composite
def roads(draw: st.DrawFn) -> list[tuple[float, float]]:
    far, near = sorted((draw(st.integers(0, 359)), draw(st.integers(1, 360))))
    left, right = draw(st.integers(-60, 500)), draw(st.integers(20, 300))
    lower_left, lower_right = draw(st.integers(-60, 500)), draw(st.integers(20, 600))
    return [(left, far), (left + right, far), (lower_left + lower_right, near + 1), (lower_left, near + 1)]


views = st.builds(
    View, horizon=st.floats(-200, 200), growth=st.floats(0.06, 0.5), lean=st.floats(-0.2, 0.2), zone=roads()
)


@settings(max_examples=60)
@given(view=views, at_most=st.integers(1, 4), where=st.tuples(st.floats(0, 1), st.floats(0, 1)))
def test_every_car_is_whole_and_large_enough_or_more_crops_would_be_needed(
    view: View, at_most: int, where: tuple[float, float]
) -> None:
    crops = planned_crops(view.car_px(), FRAME, [view.zone], at_most=at_most)
    assert len(crops) <= at_most
    for crop in crops:
        assert crop.x2 <= FRAME.width
        assert crop.y2 <= FRAME.height
        assert (crop.x2 - crop.x1) / (crop.y2 - crop.y1) == pytest.approx(16 / 9, rel=0.02)
    if view.too_small(crops, where):
        plenty = planned_crops(view.car_px(), FRAME, [view.zone], at_most=ENOUGH)
        assert len(plenty) > at_most
        assert not view.too_small(plenty, where)


@settings(max_examples=40)
@given(view=views)
def test_the_same_view_gives_the_same_crops_and_none_in_vain(view: View) -> None:
    crops = planned_crops(view.car_px(), FRAME, [view.zone])
    assert crops == planned_crops(view.car_px(), FRAME, [view.zone])
    assert len(set(crops)) == len(crops)
    seen = car_px_seen(view.car_px(), FRAME, (), [view.zone])
    if not (seen < 24).any():
        assert crops == ()


def road(far_px: float, near_px: float) -> np.ndarray:
    return np.repeat(np.linspace(far_px, near_px, ROWS)[:, None], COLUMNS, axis=1)


def test_a_near_zone_needs_no_crop() -> None:
    near = [(0, 220), (640, 220), (640, 360), (0, 360)]
    assert planned_crops(road(5, 80), FRAME, [near]) == ()


def test_only_the_far_end_of_a_road_is_enlarged_and_just_enough() -> None:
    lane = [(300, 60), (340, 60), (400, 360), (200, 360)]
    cars = road(10, 100)
    (crop,) = planned_crops(cars, FRAME, [lane])
    seen = car_px_seen(cars, FRAME, [crop], [lane])
    assert np.nanmin(seen) == pytest.approx(24, rel=0.01)
    assert crop.y1 < 60 - 1.5 * cars[3, 0]


def test_a_far_zone_gets_a_smaller_crop_than_a_nearer_one() -> None:
    far, nearer = [(560, 61), (620, 61), (620, 79), (560, 79)], [(21, 161), (59, 161), (59, 179), (21, 179)]
    first, second = planned_crops(road(10, 60), FRAME, [nearer, far])
    assert first.x1 > 300 > second.x1
    assert first.x2 - first.x1 < 0.7 * (second.x2 - second.x1)


def test_with_too_few_crops_all_cars_are_enlarged_less() -> None:
    cars = np.full((ROWS, COLUMNS), 15.0)
    crops = planned_crops(cars, FRAME, at_most=4)
    assert len(crops) == 4
    assert LEAST_PX <= np.min(car_px_seen(cars, FRAME, crops)) < 24
    assert np.min(car_px_seen(cars, FRAME, planned_crops(cars, FRAME, at_most=ENOUGH))) >= 23.9


def test_where_even_that_does_not_suffice_the_farthest_cars_are_given_up() -> None:
    cars = road(8, 16)
    seen = car_px_seen(cars, FRAME, planned_crops(cars, FRAME, at_most=2))
    lost = seen < LEAST_PX
    assert lost[0].all()
    assert not lost[-1].any()
    assert cars[lost].min() < cars[~lost].min()


def test_what_the_picture_itself_hardly_shows_is_not_enlarged() -> None:
    assert planned_crops(np.full((ROWS, COLUMNS), LEAST_PICTURE_PX - 0.1), FRAME) == ()


@pytest.mark.parametrize("nothing", [np.nan, np.inf, 0.0, -1.0])
def test_where_there_is_no_ground_nothing_is_looked_for(nothing: float) -> None:
    cars = np.full((ROWS, COLUMNS), nothing)
    assert planned_crops(cars, FRAME) == ()
    assert np.isnan(car_px_seen(cars, FRAME, ())).all()


def test_how_large_a_car_is_seen_depends_on_being_whole() -> None:
    seen = car_px_seen(np.full((ROWS, COLUMNS), 20.0), FRAME, [Crop(0, 0, 320, 180)])
    assert seen[0, 0] == pytest.approx(20 * 416 / 320)
    assert seen[4, 8] == pytest.approx(20 * 416 / 320)
    assert seen[4, 15] == pytest.approx(20 * 416 / 640)  # across the crop's right border
    assert seen[17, 31] == pytest.approx(20 * 416 / 640)


def test_a_zone_thinner_than_a_cell_is_looked_at_all_the_same() -> None:
    assert len(planned_crops(road(15, 15), FRAME, [[(301, 101), (302, 101), (302, 102)]])) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((np.ones(4), FRAME), r"\[rows, columns\]"),
        ((np.ones((0, 4)), FRAME), r"\[rows, columns\]"),
        ((np.ones((2, 2)), FRAME, [[(1, 1), (2, 2)]]), "at least three points"),
        ((np.ones((2, 2)), FRAME, (), 0.0), "positive"),
        ((np.ones((2, 2)), FRAME, (), 24.0, 0), "positive"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments: tuple, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        planned_crops(*arguments)
