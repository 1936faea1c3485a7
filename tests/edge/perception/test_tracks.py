"""Vehicles through a stare, on drawn streets."""

import numpy as np
import pytest

from edge.perception.flow import Plate
from edge.perception.tracks import LiveTrack, Tracker
from edge.picture import Picture
from models.detections import Detections
from models.detector import STREET_CLASSES
from tests.edge.street import HEIGHT, WIDTH, film, find

STILL = np.full((HEIGHT, WIDTH), 255, np.uint8)


def follow(pictures: list[Picture], blind: tuple[int, ...] = ()) -> list[LiveTrack]:
    tracker: Tracker | None = None
    for number, picture in enumerate(pictures):
        plate = Plate.of(picture.image)
        tracker = tracker or Tracker(plate, STILL)
        tracker.advance(plate, picture.time)
        tracker.detect(Detections.empty(STREET_CLASSES) if number in blind else find(picture.image), picture.time)
    assert tracker is not None
    return tracker.finish()


@pytest.mark.parametrize("sway_px", [0.0, 5.0])
def test_every_car_is_one_track_with_its_own_way(sway_px: float) -> None:
    tracks = follow(film([(100, 60), (300, 150), (420, 250)], [(0, 0), (12, 4), (-40, 10)], sway_px=sway_px))
    assert len(tracks) == 3
    tracks.sort(key=lambda track: track.box[0])
    for track, way in zip(tracks, [(0, 0), (24, 8), (-80, 20)], strict=True):
        assert track.followed_s == pytest.approx(2.0)
        assert track.moved == pytest.approx(way, abs=1.5)
        assert track.kind == "car"


def test_a_flickering_detector_does_not_end_a_track() -> None:
    (track,) = follow(film([(300, 150)], [(12, 4)]), blind=(2, 3, 4, 5, 9, 11))
    assert track.hits == 11
    assert track.moved == pytest.approx((24, 8), abs=1.5)


def test_a_fast_car_at_few_pictures_a_second_is_not_taken_for_a_slow_one() -> None:
    tracks = follow(film([(20, 150)], [(260, 0)], fps=5))
    assert len(tracks) == 1
    speed = np.hypot(*tracks[0].moved) / tracks[0].followed_s
    assert speed == pytest.approx(260, rel=0.1)


def test_a_leap_to_a_neighbouring_far_car_is_no_speed() -> None:
    plate = Plate.of(np.full((HEIGHT, WIDTH, 3), 120, np.uint8))  # with nothing that could be followed
    tracker = Tracker(plate, STILL)
    for number, (x, y) in enumerate([(100, 100), (112, 92), (112, 92), (100, 100), (112, 92)]):
        tracker.advance(plate, 0.2 * number)
        box = np.array([[x - 5, y - 10, x + 5, y]])
        tracker.detect(Detections(box, np.full(1, 0.8), np.full(1, 2), STREET_CLASSES), 0.2 * number)
    assert {(track.followed_s, *track.moved) for track in tracker.finish()} == {(0, 0, 0)}


def test_one_that_left_the_picture_has_ended() -> None:
    tracks = follow(film([(560, 150)], [(60, 0)], seconds=3.0))
    assert all(track.last < 3.0 for track in tracks)


def test_two_answers_for_one_vehicle_are_one_track() -> None:
    def twice(image: np.ndarray) -> Detections:
        seen = find(image)
        return Detections.concatenate([seen, seen.shifted(6, 3)])

    tracker = None
    for picture in film([(300, 150)], [(5, 0)]):
        plate = Plate.of(picture.image)
        tracker = tracker or Tracker(plate, STILL)
        tracker.advance(plate, picture.time)
        tracker.detect(twice(picture.image), picture.time)
    assert tracker is not None
    assert len(tracker.live) == 1


def test_a_car_behind_another_one_does_not_teach_its_size() -> None:
    front, behind = [300, 150, 360, 198], [310, 120, 370, 168]
    tracker = None
    for picture in film([(300, 150)], [(0, 0)], seconds=1):
        plate = Plate.of(picture.image)
        tracker = tracker or Tracker(plate, STILL)
        tracker.advance(plate, picture.time)
        tracker.detect(
            Detections(np.array([front, behind, [20, 20, 80, 68]]), np.full(3, 0.9), np.full(3, 2), STREET_CLASSES),
            picture.time,
        )
    assert tracker is not None
    assert sorted(len(track.whole) > 0 for track in tracker.finish()) == [False, False, True]
