import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.boxes import overlaps
from models.detections import Detections
from models.detector import STREET_CLASSES, ScriptedDetector
from models.zoom import Crop, crops_for, detect_zoomed, merge
from tests.models.pictures import block_detector, blocks

WIDTH, HEIGHT = 640, 360
corner = st.tuples(st.integers(-50, WIDTH + 50), st.integers(-50, HEIGHT + 50))
zones = st.lists(st.lists(corner, min_size=3, max_size=6), max_size=3)


@given(zones=zones, magnification=st.floats(0.5, 6), at_most=st.integers(1, 9))
def test_crops_show_every_zone_inside_the_frame(zones: list, magnification: float, at_most: int) -> None:
    crops = crops_for(WIDTH, HEIGHT, zones, magnification, at_most)
    assert len(crops) <= at_most
    assert len({(c.x2 - c.x1, c.y2 - c.y1) for c in crops}) <= 1
    for crop in crops:
        assert crop.x2 <= WIDTH
        assert crop.y2 <= HEIGHT
        assert (crop.x2 - crop.x1) / (crop.y2 - crop.y1) == pytest.approx(WIDTH / HEIGHT, rel=0.02)
    for x, y in (np.clip(point, 0, [WIDTH, HEIGHT]) for zone in zones for point in zone):
        beyond = [max(c.x1 - x, x - c.x2, c.y1 - y, y - c.y2) for c in crops]
        assert not crops or min(beyond) <= 1


def test_an_uncalibrated_view_is_looked_at_two_by_two() -> None:
    crops = crops_for(1000, 500)
    assert crops == (Crop(0, 0, 600, 300), Crop(400, 0, 1000, 300), Crop(0, 200, 600, 500), Crop(400, 200, 1000, 500))


def test_a_small_far_zone_takes_one_crop() -> None:
    assert crops_for(1280, 720, [[(600, 100), (700, 100), (650, 160)]], magnification=4) == (Crop(490, 40, 810, 220),)


def test_nothing_is_enlarged_without_need() -> None:
    assert crops_for(1280, 720, magnification=1.0) == ()
    assert crops_for(1280, 720, [[(-9, -9), (-5, -9), (-5, -3)]]) == ()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((0, 10), "positive"),
        ((10, 10, [[(1, 1), (2, 2)]]), "at least three points"),
        ((10, 10, (), 2.0, 0), "positive"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments: tuple, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        crops_for(*arguments)


@st.composite
def streets(draw: st.DrawFn) -> list[tuple[int, int, int, int]]:
    """Blocks that do not touch: one at most in each field of a chequerboard."""
    found = []
    for column in range(8):
        for row in range(6):
            if draw(st.integers(0, 3)) == 0:
                width, height = draw(st.integers(4, 76)), draw(st.integers(4, 56))
                found.append((column * 80 + 1, row * 60 + 1, column * 80 + 1 + width, row * 60 + 1 + height))
    return found


@given(street=streets())
def test_every_thing_is_reported_once_and_whole(street: list) -> None:
    image = blocks(WIDTH, HEIGHT, street)
    (seen,) = detect_zoomed(block_detector(), [image], [crops_for(WIDTH, HEIGHT)])
    assert sorted(map(tuple, seen.boxes.tolist())) == sorted(street)


@given(street=streets())
def test_zoom_adds_what_is_too_small_in_the_whole_picture(street: list) -> None:
    image = blocks(WIDTH, HEIGHT, street)
    eye = block_detector(least_px=10)
    (seen,) = detect_zoomed(eye, [image], [crops_for(WIDTH, HEIGHT)])
    enlarged = 416 / (WIDTH * 0.6)
    visible = [box for box in street if min(box[2] - box[0], box[3] - box[1]) * enlarged >= 10.1]
    assert set(visible) <= set(map(tuple, seen.boxes.tolist()))
    assert not (np.triu(overlaps(seen.boxes, seen.boxes), 1) > 0.45).any()


def test_pieces_at_a_crop_border_fall_to_the_whole() -> None:
    image = blocks(WIDTH, HEIGHT, [(100, 100, 600, 300)])
    (seen,) = detect_zoomed(block_detector(), [image], [crops_for(WIDTH, HEIGHT)])
    assert seen.boxes.tolist() == [[100, 100, 600, 300]]


def test_pieces_stay_where_nothing_saw_the_whole() -> None:
    image = blocks(WIDTH, HEIGHT, [(100, 100, 600, 300)])

    def near_only(view: np.ndarray) -> Detections:
        return Detections.empty(STREET_CLASSES) if view.shape[1] == WIDTH else inner.detect([view])[0]

    inner = block_detector()
    (seen,) = detect_zoomed(ScriptedDetector(near_only), [image], [crops_for(WIDTH, HEIGHT)])
    assert len(seen) == 4


def test_pictures_with_different_crops_share_a_call() -> None:
    images = [blocks(WIDTH, HEIGHT, [(10, 10, 50, 50)]), blocks(300, 200, [(200, 100, 250, 150)])]
    detector = block_detector()
    seen = detect_zoomed(detector, images, [crops_for(WIDTH, HEIGHT), ()])
    assert [part.boxes.tolist() for part in seen] == [[[10, 10, 50, 50]], [[200, 100, 250, 150]]]
    assert detector.inferences == 6
    assert detect_zoomed(detector, [], []) == []
    with pytest.raises(ValueError, match="2 pictures but crops for 1"):
        detect_zoomed(detector, images, [()])
    with pytest.raises(ValueError, match="beyond the picture"):
        detect_zoomed(detector, images[:1], [[Crop(0, 0, WIDTH + 1, 10)]])


def test_crops_alone_cost_one_inference_less_but_a_picture_without_crops_is_seen_whole() -> None:
    images = [blocks(WIDTH, HEIGHT, [(10, 10, 50, 50)]), blocks(300, 200, [(200, 100, 250, 150)])]
    detector = block_detector()
    seen = detect_zoomed(detector, images, [crops_for(WIDTH, HEIGHT), ()], crops_alone=True)
    assert [part.boxes.tolist() for part in seen] == [[[10, 10, 50, 50]], [[200, 100, 250, 150]]]
    assert detector.inferences == 5


def test_one_vehicle_is_one_kind_but_a_rider_stays() -> None:
    box = [10, 10, 50, 60]
    names = ("car", "truck", "person", "motorcycle")
    seen = Detections(
        np.array([box, [11, 10, 51, 60], box, [12, 11, 50, 61]], np.float32),
        np.array([0.5, 0.6, 0.4, 0.3]),
        np.array([STREET_CLASSES.index(name) for name in names]),
        STREET_CLASSES,
    )
    assert merge(seen, np.zeros(4, bool)).labels() == ["truck", "person"]


@pytest.mark.parametrize("edges", [(5, 0, 5, 9), (-1, 0, 5, 9), (0, 9, 5, 3)])
def test_a_crop_without_area_is_refused(edges: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="a crop needs"):
        Crop(*edges)
