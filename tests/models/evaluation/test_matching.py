import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.boxes import Boxes
from models.detections import Detections
from models.evaluation.bootstrap import interval
from models.evaluation.matching import Matches, match
from models.evaluation.ranking import Ranking
from models.evaluation.recall import SIZE_NAMES, Measure, recall_at_precision

HOME = [0, 0, 10, 10]
AWAY = [50, 50, 60, 60]


def seen(boxes: list[list[int]], scores: list[float]) -> Detections:
    return Detections(np.array(boxes, np.float32).reshape(-1, 4), np.array(scores), np.zeros(len(boxes), int), ("car",))


def labelled(*boxes: list[int]) -> Boxes:
    return np.array(boxes, np.float32).reshape(-1, 4)


def test_the_stronger_box_takes_the_thing_and_the_weaker_is_false() -> None:
    matches = match(seen([HOME, HOME], [0.5, 0.9]), labelled(HOME), np.array([False]))
    assert matches.scores.tolist() == pytest.approx([0.9, 0.5])
    assert matches.hits.tolist() == [True, False]
    assert matches.found.tolist() == pytest.approx([0.9])


def test_a_box_in_an_ignored_thing_counts_neither_way() -> None:
    crowd = [0, 0, 100, 100]
    matches = match(seen([AWAY, [200, 0, 210, 10]], [0.9, 0.8]), labelled(crowd), np.array([True]))
    assert matches.scores.tolist() == pytest.approx([0.8])
    assert not matches.hits.any()
    assert len(matches.truth) == 0


def test_a_thing_in_a_crowd_that_counts_is_still_found() -> None:
    matches = match(seen([HOME], [0.9]), labelled(HOME, [0, 0, 100, 100]), np.array([False, True]))
    assert matches.hits.tolist() == [True]


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20), st.floats(0.1, 1)), max_size=8), st.data())
def test_no_thing_is_found_twice_and_none_is_lost(rows: list[tuple[int, int, float]], data: st.DataObject) -> None:
    boxes = [[x, y, x + 10, y + 10] for x, y, _ in rows]
    truth = labelled(*data.draw(st.lists(st.sampled_from([HOME, AWAY, [5, 5, 15, 15]]), max_size=4)))
    matches = match(seen(boxes, [score for *_, score in rows]), truth, np.zeros(len(truth), bool))
    assert matches.hits.sum() == (matches.found > 0).sum() <= len(truth)
    assert len(matches.boxes) == len(rows)
    assert (np.diff(matches.scores) <= 0).all()


def pictures() -> list[Matches]:
    """Two pictures; by hand: scores 0.9 right, 0.8 false, 0.7 right, 0.6 right, one thing of 40 px never found."""
    none = np.zeros(1, bool)
    first = match(seen([HOME, AWAY], [0.9, 0.8]), labelled(HOME), none)
    big = [100, 0, 140, 40]
    second = match(seen([HOME, AWAY], [0.7, 0.6]), labelled(HOME, AWAY, big), np.zeros(3, bool))
    return [first, second]


@pytest.mark.parametrize(
    ("precision", "share", "score"), [(0.9, 0.25, 0.9), (0.75, 0.75, 0.6), (0.7, 0.75, 0.6)], ids=str
)
def test_recall_at_the_lowest_score_that_is_precise_enough(precision: float, share: float, score: float) -> None:
    recall = recall_at_precision(Ranking.of(pictures()), precision)
    assert (recall.share, recall.score) == (share, pytest.approx(score))


def test_recall_by_size_and_by_width() -> None:
    ranking = Ranking.of(pictures())
    recall = recall_at_precision(ranking, 0.7)
    assert dict(zip(SIZE_NAMES, recall.counts, strict=True))["32–64"] == 1
    assert recall.by_size[0] == 1.0
    assert recall.by_size[3] == 0.0
    assert np.isnan(recall.by_size[1])
    wide = Ranking.of([match(seen([], []), labelled([0, 0, 70, 1]), np.zeros(1, bool))])
    assert recall_at_precision(wide, 0.8, Measure.WIDTH).counts == (0, 0, 0, 0, 1)
    assert recall_at_precision(wide, 0.8).counts == (1, 0, 0, 0, 0)


def test_a_detector_without_a_right_box_has_no_score_to_set() -> None:
    recall = recall_at_precision(Ranking.of([match(seen([AWAY], [0.9]), labelled(HOME), np.zeros(1, bool))]))
    assert recall.share == 0
    assert recall.score == float("inf")


def test_weights_do_what_repeating_a_picture_does() -> None:
    first, second = pictures()
    weighted, repeated = Ranking.of([first, second]), Ranking.of([first, second, second])
    assert weighted.average_precision(np.array([1, 2])) == pytest.approx(repeated.average_precision(repeated.once()))
    alone = Ranking.of([second])
    assert weighted.average_precision(np.array([0, 1])) == pytest.approx(alone.average_precision(alone.once()))


def test_an_interval_holds_the_figure_is_repeatable_and_narrows_with_more_pictures() -> None:
    def width(count: int) -> float:
        values = np.random.default_rng(1).normal(0.5, 0.1, count)
        found = interval(lambda drawn: float(values[drawn].mean()), count)
        assert found.low < values.mean() < found.high
        assert found == interval(lambda drawn: float(values[drawn].mean()), count)
        return found.high - found.low

    # The theory: ± 1.96 σ / √n.
    assert width(400) == pytest.approx(2 * 1.96 * 0.1 / 20, rel=0.15)
    assert width(25) > 3 * width(400)


def test_an_interval_of_nothing_is_no_number() -> None:
    assert np.isnan(interval(lambda drawn: float("nan"), 5).low)
    assert np.isnan(interval(lambda drawn: 1.0, 0).high)
