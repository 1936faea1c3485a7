"""What is hidden, and that it cannot be brought back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.evidence.masking import HIDDEN, mask
from models.card import DetectionCard, installed
from models.detections import Detections
from models.detector import STREET_CLASSES

HEIGHT, WIDTH = 90, 160


CLASSES = (*STREET_CLASSES, "vendor")


def detections(*rows: tuple[float, float, float, float, float, str]) -> Detections:
    return Detections(
        np.array([row[:4] for row in rows], np.float32).reshape(-1, 4),
        np.array([row[4] for row in rows], np.float32),
        np.array([CLASSES.index(row[5]) for row in rows], np.int64),
        CLASSES,
    )


def noise(seed: int) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (HEIGHT, WIDTH, 3), dtype=np.uint8)


@st.composite
def boxes(draw: st.DrawFn) -> tuple[float, float, float, float, float, str]:
    x1, x2 = sorted(draw(st.tuples(st.floats(-10, WIDTH + 10), st.floats(-10, WIDTH + 10))))
    y1, y2 = sorted(draw(st.tuples(st.floats(-10, HEIGHT + 10), st.floats(-10, HEIGHT + 10))))
    return x1, y1, x2, y2, draw(st.floats(0.0, 1.0)), draw(st.sampled_from(STREET_CLASSES))


private = st.lists(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=3, max_size=5), max_size=2)


@settings(max_examples=100, deadline=None)
@given(st.lists(boxes(), max_size=8), private)
def test_what_is_not_hidden_is_as_it_was_and_private_zones_say_nothing(rows, zones):
    masked = mask(noise(1), detections(*rows), zones)
    assert np.array_equal(masked.image[~masked.hidden], noise(1)[~masked.hidden])
    assert np.array_equal(mask(noise(1), detections(*rows), zones).image, masked.image)


@settings(max_examples=100, deadline=None)
@given(boxes(), st.integers(0, 2**31))
def test_nothing_finer_than_a_cell_is_left(row, seed):
    """Whatever is moved about inside the cells, the result is the same: so nothing of it can be brought back."""
    found = detections(row)
    first = mask(noise(1), found)
    cell = max(8, 2 ** int(np.ceil(np.log2(max(float(found.boxes[0, 2] - found.boxes[0, 0]) / 3, 1.0)))))
    shuffled, rng = noise(1), np.random.default_rng(seed)
    for top in range(0, HEIGHT - cell + 1, cell):
        for left in range(0, WIDTH - cell + 1, cell):
            block = shuffled[top : top + cell, left : left + cell]
            block[:] = rng.permutation(block.reshape(-1, 3)).reshape(block.shape)
    again = mask(shuffled, found)
    whole = np.zeros_like(first.hidden)
    whole[: HEIGHT // cell * cell, : WIDTH // cell * cell] = True
    assert np.array_equal(first.image[first.hidden & whole], again.image[again.hidden & whole])


def test_a_head_and_a_plate_are_smaller_than_a_cell():
    person = mask(noise(1), detections((32, 0, 96, 90, 0.9, "person"))).image[0:31, 32:64].reshape(-1, 3)
    assert len(np.unique(person, axis=0)) == 1
    car = mask(noise(1), detections((32, 0, 96, 64, 0.9, "car"))).image[36:64, 32:64].reshape(-1, 3)
    assert len(np.unique(car, axis=0)) == 1


def test_where_boxes_overlap_the_coarsest_mosaic_wins():
    near = (0, 0, 128, 64, 0.9, "car")
    alone = mask(noise(1), detections(near))
    both = mask(noise(1), detections(near, (40, 30, 52, 60, 0.2, "motorcycle")))
    part = np.s_[36:64, 0:128]
    assert np.array_equal(alone.image[part], both.image[part])


@settings(max_examples=100, deadline=None)
@given(boxes())
def test_heads_and_plates_are_covered_wholly(row):
    x1, y1, x2, y2, score, label = row
    hidden = mask(noise(1), detections(row)).hidden
    top, bottom = (y1, y1 + 0.35 * (y2 - y1)) if label == "person" else (y1 + 0.55 * (y2 - y1), y2)
    columns = np.arange(WIDTH) + 0.5
    rows = np.arange(HEIGHT) + 0.5
    inside = np.outer((rows > top) & (rows < bottom), (columns > x1) & (columns < x2))
    share = (x2 - x1) * (y2 - y1) / (WIDTH * HEIGHT)
    if score >= 0.351 or (score >= 0.101 and share < 0.03):
        assert hidden[inside].all()
    if score < 0.0999:
        assert not hidden.any()


@pytest.mark.parametrize(("score", "hidden"), [(0.28, False), (0.36, True)])
def test_a_doubtful_box_over_half_the_picture_does_not_hide_the_street(score, hidden):
    masked = mask(noise(1), detections((0, 10, 160, 80, score, "motorcycle")))
    assert masked.hidden.any() == hidden


def test_of_someone_cut_off_by_the_edge_more_is_hidden():
    masked = mask(noise(1), detections((40, 50, 100, 90, 0.9, "person")))
    assert masked.hidden[50:90, 40:100].all()


def test_what_matters_stays_visible():
    masked = mask(noise(1), detections((20, 10, 60, 80, 0.9, "car"), (100, 10, 130, 80, 0.9, "person")))
    assert not masked.hidden[10:45, 20:60].any()
    assert not masked.hidden[40:80, 100:130].any()


def test_private_zones_are_black_to_their_edge():
    masked = mask(noise(1), detections(), [[(0.25, 0.0), (0.5, 0.0), (0.5, 0.5), (0.25, 0.5)]])
    assert (masked.image[0:46, 40:81] == 0).all()
    assert masked.hidden.sum() < 48 * 46


def test_the_picture_given_stays_as_it_is():
    image = noise(1)
    mask(image, detections((0, 0, 160, 90, 0.9, "bus")), [[(0, 0), (1, 0), (1, 1)]])
    assert np.array_equal(image, noise(1))


def test_a_class_nobody_decided_about_stops_the_picture():
    tent = Detections(np.array([[0, 0, 9, 9]]), np.array([0.9]), np.array([0]), ("tent",))
    with pytest.raises(ValueError, match="hide of a 'tent'"):
        mask(noise(1), tent)


def test_every_class_of_the_street_is_decided():
    assert set(STREET_CLASSES) <= set(HIDDEN)
    for model in installed():
        if isinstance(model.card, DetectionCard):
            assert set(model.card.classes) <= set(HIDDEN)


def test_a_stall_stays_visible_and_who_sells_there_is_hidden_as_a_person():
    image = noise(3)
    assert not mask(image, detections((10, 10, 60, 60, 0.9, "vendor"))).hidden.any()
    seller = mask(image, detections((10, 10, 60, 60, 0.9, "vendor"), (30, 20, 50, 70, 0.2, "person")))
    assert seller.hidden[22:36, 34:46].all()
