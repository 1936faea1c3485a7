"""Marks for the network in training, on pictures kept aside (needs torch)."""

from collections.abc import Mapping, Sequence
from math import isnan

import numpy as np
import torch

from models.boxes import strongest
from models.detections import Detections
from models.detector import SCORE_FLOOR, Image
from models.letterbox import Letterbox
from models.training.street.batches import read
from models.training.street.measure import average_precision, recall_by_size
from models.training.street.network import StreetNet
from models.training.street.recipe import CLASSES
from models.training.street.samples import Sample

SIDE = 416
NMS_OVERLAP = 0.6
MOST_CANDIDATES = 1000
VEHICLES = ("car", "bus", "truck")
SIZES_PX = (8.0, 16.0, 32.0, 1e6)
"""Bounds of the sizes for which recall is told, in pixels of the picture."""


class Examination:
    """Sets of samples on which a network is marked, whole pictures scaled to 416 px as the product does."""

    def __init__(self, sets: Mapping[str, Sequence[Sample]]) -> None:
        self._sets = {name: samples for name, samples in sets.items() if samples}

    def of(self, network: StreetNet) -> dict[str, float]:
        """AP50 by set and class, of vehicles together, and recall of vehicles by size at score 0.3; rounded."""
        marks: dict[str, float] = {}
        for name, samples in self._sets.items():
            seen = [detect(network, read(sample.picture)) for sample in samples]
            known = [sample.labels for sample in samples]
            groups = {**{kind: (kind,) for kind in CLASSES}, "vehicles": VEHICLES}
            for group, kinds in groups.items():
                marks[f"{name}/{group}"] = average_precision(seen, known, kinds)
            bands = recall_by_size(seen, known, VEHICLES, SIZES_PX, score=0.3)
            for low, recall in zip(SIZES_PX, bands, strict=False):
                marks[f"{name}/recall_from_{low:.0f}px"] = recall
        return {key: round(value, 4) for key, value in marks.items() if not isnan(value)}


@torch.inference_mode()
def detect(network: StreetNet, image: Image) -> Detections:
    """What a network sees in a picture of any size, as `OnnxDetector` reads it."""
    letterbox = Letterbox.fit(image.shape[1], image.shape[0], SIDE, 32)
    seen = network(torch.from_numpy(letterbox.place(image)[None]))
    boxes, scores = seen.boxes()[0].numpy(), seen.logits[0].sigmoid().numpy()
    cells, classes = np.nonzero(scores >= SCORE_FLOOR)
    values = scores[cells, classes]
    top = np.argsort(-values, kind="stable")[:MOST_CANDIDATES]
    cells, classes, values = cells[top], classes[top], values[top]
    kept = strongest(boxes[cells], values, classes, NMS_OVERLAP)
    rows = Detections(boxes[cells[kept]], values[kept], classes[kept], CLASSES)
    return rows.scaled(1 / letterbox.scale_x, 1 / letterbox.scale_y)
