"""One set of labels from many detectors: weighted boxes fusion (arXiv:1910.13302), counting who agrees. No torch."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from models.boxes import Boxes, overlaps
from models.detections import Detections
from models.detector import VEHICLES

SAME_THING = 0.55
SAME_SMALL_THING = 0.4
SMALL_PX = 24.0
"""Below this size (root of the area) teachers' boxes differ by more of themselves."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """What makes a box a label, and what makes it a region to ignore.

    Attributes:
        teachers: so many of them must see it,
        score: with this mean score over those that do;
        sure_score: or a single one with at least this.
        least_score: boxes under the bars above, over this and seen by so many are regions to ignore,
        lone_score: and those that a single one sees with at least this; others are background.
    """

    teachers: int = 2
    score: float = 0.32
    sure_score: float = 0.62
    least_score: float = 0.18
    lone_score: float = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Fused:
    """Rows: fused boxes. `seen` holds the mean score over the teachers that see each; `agreeing` how many those are."""

    seen: Detections
    agreeing: NDArray[np.int64]

    def labels(self, rule: Agreement) -> tuple[Detections, Boxes]:
        """What to train on, and regions [n, 4] where nobody can be sure."""
        agreed = (self.agreeing >= rule.teachers) & (self.seen.scores >= rule.score)
        sure = agreed | (self.seen.scores >= rule.sure_score)
        shared = (self.agreeing >= rule.teachers) & (self.seen.scores >= rule.least_score)
        unsure = ~sure & (shared | (self.seen.scores >= rule.lone_score))
        return self.seen[sure], self.seen.boxes[unsure]


def fuse(answers: Sequence[Detections]) -> Fused:
    """Merge the answers of teachers about one picture, one `Detections` a teacher, doubles within a teacher removed.

    Vehicles of all kinds are one group: what is a truck to one and a bus to another is one thing, called what the
    stronger votes say. A group's box is the mean of its boxes, weighted by score; the strongest come first.

    Raises:
        ValueError: no teacher, or the teachers know different classes.
    """
    everything = Detections.concatenate(answers)
    teacher = np.repeat(np.arange(len(answers)), [len(answer) for answer in answers])
    groups = np.where(everything.are(*VEHICLES), len(everything.names), everything.classes)
    rows: list[list[int]] = []
    centres: list[NDArray[np.float32]] = []
    for row in np.argsort(-everything.scores, kind="stable"):
        home = _home(everything.boxes[row], int(groups[row]), rows, centres, groups)
        if home is None:
            rows.append([int(row)])
            centres.append(everything.boxes[row])
        elif teacher[row] not in teacher[rows[home]]:
            rows[home].append(int(row))
            members = rows[home]
            centres[home] = np.average(
                everything.boxes[members], axis=0, weights=everything.scores[members]
            ).astype(np.float32)  # fmt: skip
    scores = [float(everything.scores[members].mean()) for members in rows]
    classes = [_elected(everything, members) for members in rows]
    seen = Detections(
        np.array(centres, np.float32).reshape(-1, 4),
        np.array(scores, np.float32),
        np.array(classes, np.int64),
        everything.names,
    )
    return Fused(seen, np.array([len(members) for members in rows], np.int64))


def _home(
    box: NDArray[np.float32],
    group: int,
    rows: Sequence[Sequence[int]],
    centres: Sequence[NDArray[np.float32]],
    groups: NDArray[np.int64],
) -> int | None:
    """The cluster that this box belongs to, or none."""
    if not rows:
        return None
    shared = overlaps(box[None], np.stack(centres))[0]
    shared[[int(groups[members[0]]) != group for members in rows]] = 0
    best = int(shared.argmax())
    small = np.sqrt((box[2] - box[0]) * (box[3] - box[1])) < SMALL_PX
    return best if shared[best] >= (SAME_SMALL_THING if small else SAME_THING) else None


def _elected(seen: Detections, members: Sequence[int]) -> int:
    votes = np.bincount(seen.classes[list(members)], weights=seen.scores[list(members)], minlength=len(seen.names))
    return int(votes.argmax())
