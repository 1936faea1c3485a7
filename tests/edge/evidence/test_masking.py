"""What is hidden, and that it cannot be brought back."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge.evidence.masking import HIDDEN, mask
from models.detections import Detections
from models.detector import STREET_CLASSES

HEIGHT, WIDTH = 90, 160


def detections(*rows: tuple[float, float, float, float, float, str]) -> Detections:
    return Detections(
        np.array([row[:4] for row in rows], np.float32).reshape(-1, 4),
        np.array([row[4] for row in rows], np.float32),
        np.array([STREET_CLASSES.index(row[5]) for row in rows], np.int64),
        STREET_CLASSES,
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
def test_no_hidden_pixel_has_any_part_in_the_result(rows, zones):
    found = detections(*rows)
    first = mask(noise(1), found, zones)
    other = noise(1)
    other[first.hidden] = noise(2)[first.hidden]
    again = mask(other, found, zones)
    assert np.array_equal(first.hidden, again.hidden)
    assert np.array_equal(first.image, again.image)
    assert np.array_equal(first.image[~first.hidden], noise(1)[~first.hidden])


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


def test_each_hidden_part_is_one_colour_like_its_surroundings():
    image = np.full((HEIGHT, WIDTH, 3), (10, 120, 200), np.uint8)
    image[20:40, 30:50] = noise(3)[20:40, 30:50]
    masked = mask(image, detections((30, 20, 50, 77, 0.9, "person")))
    assert (masked.image == (10, 120, 200)).all()


def test_private_zones_are_black_to_their_edge():
    masked = mask(noise(1), detections(), [[(0.25, 0.0), (0.5, 0.0), (0.5, 0.5), (0.25, 0.5)]])
    assert (masked.image[0:46, 40:81] == 0).all()
    assert masked.hidden.sum() < 48 * 46


def test_the_picture_given_stays_as_it_is():
    image = noise(1)
    mask(image, detections((0, 0, 160, 90, 0.9, "bus")), [[(0, 0), (1, 0), (1, 1)]])
    assert np.array_equal(image, noise(1))


def test_a_picture_all_hidden_is_grey():
    masked = mask(noise(1), detections(*[(-5, y, 165, y + 40, 0.9, "car") for y in range(-40, 100, 10)]))
    assert masked.hidden.all()
    assert len(np.unique(masked.image)) == 1


def test_a_class_nobody_decided_about_stops_the_picture():
    tent = Detections(np.array([[0, 0, 9, 9]]), np.array([0.9]), np.array([0]), ("tent",))
    with pytest.raises(ValueError, match="hide of a 'tent'"):
        mask(noise(1), tent)


def test_every_class_of_the_street_is_decided():
    assert set(STREET_CLASSES) <= set(HIDDEN)
