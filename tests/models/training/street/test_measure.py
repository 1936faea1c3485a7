from math import isnan

import numpy as np
import pytest

from models.detections import Detections
from models.evaluation.labelled import VEHICLE
from models.training.street.measure import ranking
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


def average_precision(detections: Detections, labels: Labels, *kinds: str) -> float:
    ranked = ranking([detections], [labels], kinds)
    return ranked.average_precision(ranked.once())


def test_only_the_kinds_asked_for_count() -> None:
    known = Labels.of([("car", BOX), ("person", OTHER)])
    detections = seen(("person", FAR, 0.9), ("car", BOX, 0.8))
    assert average_precision(detections, known, "car") == pytest.approx(1)
    assert average_precision(detections, known, "person") == 0
    assert isnan(average_precision(detections, known, "bus"))


def test_kinds_taken_together_may_be_confused() -> None:
    known = Labels.of([("car", BOX), ("bus", FAR)])
    detections = seen(("truck", BOX, 0.9), ("bus", FAR, 0.8))
    assert average_precision(detections, known, *VEHICLE) == pytest.approx(1)


def test_a_region_excuses_the_classes_that_are_unknown_there_and_no_others() -> None:
    known = Labels.of([("car", BOX), ("person", OTHER)], [(("car",), FAR)])
    assert average_precision(seen(("car", FAR, 0.95), ("car", BOX, 0.9)), known, "car") == pytest.approx(1)
    detections = seen(("person", FAR, 0.95), ("person", OTHER, 0.9))
    assert average_precision(detections, known, "person") == pytest.approx(0.5)


def test_the_rate_rises_then_falls_whether_steps_or_minutes_count() -> None:
    recipe = Recipe(steps=1000, probe_steps=0)
    rates = [learning_rate(recipe, step, progress(recipe, step, 0.0)) for step in range(1001)]
    assert max(rates) == pytest.approx(recipe.learning_rate)
    assert rates.index(max(rates)) == 40
    assert rates[-1] == pytest.approx(recipe.learning_rate * recipe.last_rate)
    assert rates[40:] == sorted(rates[40:], reverse=True)
    probed = Recipe(steps=1000, probe_steps=100)
    assert learning_rate(probed, 99, 0.099) == probed.probe_rate
    assert learning_rate(probed, 100, 0.1) == pytest.approx(rates[100])
    onto = Recipe(steps=1000, probe_steps=1000)
    assert learning_rate(onto, 40, 0.04) == pytest.approx(onto.probe_rate)
    assert learning_rate(onto, 999, 0.999) < 0.03 * onto.probe_rate
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
