from math import isnan

import numpy as np
import pytest

from models.detections import Detections
from models.training.street.measure import average_precision, recall_by_size
from models.training.street.recipe import CLASSES, Recipe
from models.training.street.samples import Labels
from models.training.street.schedule import averaging, learning_rate, progress


def seen(*rows: tuple[str, list[float], float]) -> Detections:
    return Detections(
        np.array([box for _, box, _ in rows], np.float32).reshape(-1, 4),
        np.array([score for _, _, score in rows], np.float32),
        np.array([CLASSES.index(kind) for kind, _, _ in rows], np.int64),
        CLASSES,
    )


BOX, OTHER, FAR = [0.0, 0.0, 10.0, 10.0], [50.0, 50.0, 90.0, 90.0], [100.0, 0.0, 140.0, 40.0]


def test_perfect_and_blind() -> None:
    known = [Labels.of([("car", BOX), ("car", OTHER)])]
    assert average_precision([seen(("car", BOX, 0.9), ("car", OTHER, 0.8))], known, ["car"]) == pytest.approx(1)
    assert average_precision([seen()], known, ["car"]) == 0
    assert isnan(average_precision([seen()], known, ["bus"]))


def test_a_false_alarm_above_a_hit_costs_half_and_below_nothing() -> None:
    known = [Labels.of([("car", BOX)])]
    assert average_precision([seen(("car", FAR, 0.9), ("car", BOX, 0.8))], known, ["car"]) == pytest.approx(0.5)
    assert average_precision([seen(("car", FAR, 0.1), ("car", BOX, 0.8))], known, ["car"]) == pytest.approx(1)


def test_a_double_is_false_and_what_is_ignored_counts_for_nothing() -> None:
    known = [Labels.of([("car", BOX)], [(CLASSES, FAR)])]
    detections = seen(("car", FAR, 0.95), ("car", BOX, 0.9), ("car", BOX, 0.8))
    assert average_precision([detections], known, ["car"]) == pytest.approx(1)
    twice = [Labels.of([("car", BOX), ("car", OTHER)])]
    doubled = seen(("car", BOX, 0.9), ("car", BOX, 0.8), ("car", OTHER, 0.7))
    assert average_precision([doubled], twice, ["car"]) == pytest.approx((51 + 50 * 2 / 3) / 101)


def test_recall_is_told_by_size() -> None:
    known = [Labels.of([("car", BOX), ("car", OTHER), ("bus", FAR)])]
    detections = seen(("car", BOX, 0.2), ("truck", OTHER, 0.9))
    small, large, none = recall_by_size([detections], known, ["car", "bus", "truck"], [8, 16, 64, 100], score=0.3)
    assert (small, large) == (0, 0.5)
    assert isnan(none)


def test_the_rate_rises_then_falls_whether_steps_or_minutes_count() -> None:
    recipe = Recipe(steps=1000)
    rates = [learning_rate(recipe, progress(recipe, step, 0.0)) for step in range(1001)]
    assert max(rates) == pytest.approx(recipe.learning_rate)
    assert rates.index(max(rates)) == 40
    assert rates[-1] == pytest.approx(recipe.learning_rate * recipe.last_rate)
    assert rates[40:] == sorted(rates[40:], reverse=True)
    timed = Recipe(minutes=10)
    assert progress(timed, 5, 300.0) == pytest.approx(0.5)
    assert progress(timed, 5, 900.0) == 1


def test_the_average_forgets_its_start() -> None:
    recipe = Recipe()
    assert averaging(recipe, 0) == pytest.approx(0.1)
    assert averaging(recipe, 10**6) == recipe.ema_decay


def test_recipes_that_cannot_be_are_refused() -> None:
    with pytest.raises(ValueError, match="steps or minutes"):
        Recipe(minutes=0)
    with pytest.raises(ValueError, match="multiples of 32"):
        Recipe(sizes=((100, 416, 1.0),))
