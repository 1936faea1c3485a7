"""Detectors look at a labelled set in turn, picture by picture, so that a drifting machine hits all of them."""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from models.detections import Detections
from models.detector import SCORE_FLOOR, Detector
from models.evaluation.bootstrap import Interval, interval
from models.evaluation.labelled import BoxSet, LabelledPicture, SetError
from models.evaluation.matching import Matches, match
from models.evaluation.ranking import Ranking
from models.evaluation.recall import PRECISION, Measure, Recall, recall_at_precision, sizes
from models.zoom import crops_for, detect_zoomed


class Way(StrEnum):
    """At what a detector looks: one, five or four inferences a picture; the crops are an uncalibrated camera's."""

    WHOLE = "whole frame"
    CROPS = "2 × 2 crops"
    CROPS_ALONE = "2 × 2 crops alone"


@dataclass(frozen=True, slots=True)
class Contender:
    """A detector and how it looks."""

    name: str
    detector: Detector
    way: Way

    def look(self, picture: LabelledPicture, floor: float) -> Detections:
        """What it sees in a picture."""
        height, width = picture.image.shape[:2]
        crops = () if self.way is Way.WHOLE else crops_for(width, height)
        alone = self.way is Way.CROPS_ALONE
        (seen,) = detect_zoomed(self.detector, [picture.image], [crops], floor, crops_alone=alone)
        return seen


@dataclass(frozen=True, slots=True)
class Rules:
    """What counts.

    Attributes:
        floor: lowest score that is looked at.
        smallest_px: smaller things, and boxes that found nothing and are smaller, count neither way.
        measure: what the size of a box is.
        rounds: draws of the bootstrap.
    """

    floor: float = SCORE_FLOOR
    smallest_px: float = 0.0
    measure: Measure = Measure.AREA
    rounds: int = 1000


@dataclass(slots=True)
class Looks:
    """What came of a set for one contender: matches of every target, and milliseconds, a picture."""

    contender: Contender
    names: list[str] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)
    matches: dict[str, list[Matches]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Figures:
    """How good a contender is at one target.

    Attributes:
        things: labelled, that count.
        ap50: average precision at an overlap of 0.5, and its interval over pictures.
        recall: at precision 0.8, and the interval of the whole over pictures.
    """

    things: int
    ap50: float
    ap50_interval: Interval
    recall: Recall
    recall_interval: Interval


def look_at(
    pictures: BoxSet, contenders: Sequence[Contender], rules: Rules, seen: Callable[[], object] = lambda: None
) -> list[Looks]:
    """Every contender at every picture; targets of which it knows no class are left out.

    `seen` is called after each picture.

    Raises:
        SetError: the set holds no picture, or one that cannot be read.
    """
    results = [Looks(contender) for contender in contenders]
    for looks in results:
        known = looks.contender.detector.names
        looks.matches |= {name: [] for name, classes in pictures.targets.items() if set(classes) & set(known)}
    for picture in pictures.pictures():
        for looks in results:
            began = time.perf_counter()
            found = looks.contender.look(picture, rules.floor)
            looks.milliseconds.append(1000 * (time.perf_counter() - began))
            looks.names.append(picture.name)
            for target, kept in looks.matches.items():
                kept.append(compare(found, picture, pictures.targets[target], rules))
        seen()
    if not all(looks.names for looks in results):
        raise SetError(f"{pictures.name} holds no picture: give a set with labelled pictures")
    return results


def compare(seen: Detections, picture: LabelledPicture, classes: tuple[str, ...], rules: Rules) -> Matches:
    """The boxes of these classes against the labels of these classes."""
    rows = picture.are(classes)
    truth = picture.boxes[rows]
    ignored = picture.ignored[rows] | (sizes(truth, rules.measure) < rules.smallest_px)
    matches = match(seen.only(*classes), truth, ignored)
    counted = matches.hits | (sizes(matches.boxes, rules.measure) >= rules.smallest_px)
    return Matches(matches.boxes[counted], matches.scores[counted], matches.hits[counted], matches.truth, matches.found)


def figures(matches: Iterable[Matches], rules: Rules) -> Figures:
    """What the matches of one target come to."""
    ranking = Ranking.of(list(matches))

    def counts(drawn: np.ndarray) -> np.ndarray:
        return np.bincount(drawn, minlength=ranking.pictures)

    def recall(drawn: np.ndarray) -> float:
        weights = counts(drawn)
        return ranking.recall(ranking.score_at(PRECISION, weights), weights)

    return Figures(
        len(ranking.truth),
        ranking.average_precision(ranking.once()),
        interval(lambda drawn: ranking.average_precision(counts(drawn)), ranking.pictures, rules.rounds),
        recall_at_precision(ranking, PRECISION, rules.measure),
        interval(recall, ranking.pictures, rules.rounds),
    )
