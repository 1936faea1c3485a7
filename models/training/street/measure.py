"""What the network in training finds and misses, put as `models.evaluation` ranks it. No torch."""

from collections.abc import Sequence

import numpy as np

from models.detections import Detections
from models.evaluation.matching import Matches, match
from models.evaluation.ranking import Ranking
from models.training.street.recipe import CLASSES
from models.training.street.samples import Labels


def ranking(seen: Sequence[Detections], known: Sequence[Labels], kinds: Sequence[str]) -> Ranking:
    """Of these pictures, these kinds taken together as one class."""
    return Ranking.of([_matches(found, labels, kinds) for found, labels in zip(seen, known, strict=True)])


def _matches(seen: Detections, labels: Labels, kinds: Sequence[str]) -> Matches:
    asked = np.isin(CLASSES, kinds)
    things = labels.boxes[asked[labels.classes]]
    regions = labels.ignored[labels.ignored_for[:, asked].any(axis=1)]
    return match(
        seen.only(*kinds), np.concatenate([things, regions]), np.arange(len(things) + len(regions)) >= len(things)
    )
