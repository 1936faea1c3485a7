"""Frame after frame: what is drawn anew, and what stays as it was (without Blender)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest

from scripts.render_scenes.drawing.reel import EMPTY_SAMPLES, WORTH_DRAWING_EMPTY, Reel
from scripts.render_scenes.drawing.regions import touched, water
from scripts.render_scenes.moment import Moment
from scripts.render_scenes.place.plan import StreetPlan
from scripts.render_scenes.scenes.scene import Scene
from tests.scripts.render_scenes.test_drawing import CAMERA, CAR, DAY

STREET = 10
LONG = [Moment(0.0)] * WORTH_DRAWING_EMPTY


class Tally:
    """Paints the empty street grey and every other picture in a lighter grey than the one before."""

    def __init__(self) -> None:
        self.drawn: list[tuple[int, np.ndarray | None]] = []
        self._empty = False

    def show(self, _moment: Moment, *, empty: bool = False) -> None:
        self._empty = empty

    def render(self, path: Path, samples: int, mask: np.ndarray | None = None, *, careful: bool = False) -> np.ndarray:
        assert careful == self._empty
        self.drawn.append((samples, mask))
        grey = STREET if self._empty else STREET + 20 * len(self.drawn)
        picture = np.full((CAMERA.height_px, CAMERA.width_px, 3), grey, np.uint8)
        cv2.imwrite(str(path), picture)
        return picture


@pytest.fixture
def tally() -> Tally:
    return Tally()


def reel(tally: Tally, moments: list[Moment], folder: Path, scene: Scene = DAY) -> Reel:
    return Reel(tally, scene, [*moments, *LONG], folder, folder)


def test_whoever_stands_is_drawn_once(tally: Tally, tmp_path: Path) -> None:
    drawing = reel(tally, [Moment(0.0, (CAR,)), Moment(1.0, (CAR,))], tmp_path)
    first = drawing.canvas(0)
    np.testing.assert_array_equal(drawing.canvas(1), first)
    assert [samples for samples, _ in tally.drawn] == [EMPTY_SAMPLES, 2]
    assert first.min() == STREET < first.max()


def test_whoever_goes_leaves_the_street_as_it_was_drawn_with_care(tally: Tally, tmp_path: Path) -> None:
    ahead = replace(CAR, y_m=45.0)
    drawing = reel(tally, [Moment(0.0, (CAR,)), Moment(1.0, (ahead,)), Moment(2.0)], tmp_path)
    drawing.canvas(0)
    here, there = touched(DAY, Moment(0.0, (CAR,))) > 0, touched(DAY, Moment(0.0, (ahead,))) > 0
    second = drawing.canvas(1)
    assert (second[here & ~cv2.dilate(there.astype(np.uint8), np.ones((9, 9))).astype(bool)] == STREET).all()
    assert (second[there] > STREET).all()
    drawn = tally.drawn[-1][1]
    assert drawn is not None
    np.testing.assert_array_equal(drawn > 0, here | there)
    assert (drawing.canvas(2) == STREET).all()


def test_another_process_goes_on_where_one_stopped(tally: Tally, tmp_path: Path) -> None:
    moments = [Moment(0.0, (CAR,)), Moment(1.0, (CAR,))]
    first = reel(tally, moments, tmp_path).canvas(0)
    cv2.imwrite(str(tmp_path / "00000.png"), first)
    np.testing.assert_array_equal(reel(tally, moments, tmp_path).canvas(1), first)
    assert len(tally.drawn) == 2


def test_a_street_that_gets_wet_is_drawn_whole(tally: Tally, tmp_path: Path) -> None:
    drawing = reel(tally, [Moment(0.0, wet=0.2), Moment(1.0, wet=0.3), Moment(2.0, wet=0.3)], tmp_path)
    assert [int(drawing.canvas(number).max()) for number in range(3)] == [STREET + 20, STREET + 40, STREET + 40]
    assert all(mask is None for _, mask in tally.drawn)


def test_water_is_drawn_in_every_frame_and_houses_are_not(tally: Tally, tmp_path: Path) -> None:
    flood = Moment(0.0, water_m=0.1)
    drawing = reel(tally, [flood, flood], tmp_path)
    first, second = drawing.canvas(0), drawing.canvas(1)
    np.testing.assert_array_equal((second != first)[..., 0], second[..., 0] > STREET + 20)
    changed = (second != first)[..., 0]
    assert changed[water(DAY, flood) > 0].all()
    assert 0 < changed.mean() < 1


def test_a_light_that_turns_is_drawn_alone(tally: Tally, tmp_path: Path) -> None:
    crossing = replace(DAY, plan=StreetPlan(seed=1, junction_y_m=30.0))
    drawing = reel(tally, [Moment(0.0, signals={"main": colour}) for colour in ("red", "green")], tmp_path, crossing)
    first, second = drawing.canvas(0), drawing.canvas(1)
    assert 0 < (first != second).any(axis=2).mean() < 0.2
