"""Marks for the network in training, on pictures kept aside (needs torch)."""

from collections.abc import Mapping, Sequence
from math import isnan

import torch

from models.candidates import thinned
from models.detections import Detections
from models.detector import SCORE_FLOOR, Image, inside
from models.evaluation.labelled import targets_of
from models.evaluation.recall import SIZE_NAMES, recall_at_precision
from models.letterbox import Letterbox
from models.training.street.batches import read
from models.training.street.export import NMS_OVERLAP
from models.training.street.measure import ranking
from models.training.street.network import StreetNet
from models.training.street.recipe import CLASSES
from models.training.street.samples import Sample

SIDE = 416
TARGETS = targets_of(set(CLASSES))


class Examination:
    """Sets of samples on which a network is marked, whole pictures scaled to 416 px as the product does."""

    def __init__(self, sets: Mapping[str, Sequence[Sample]]) -> None:
        self._sets = {name: samples for name, samples in sets.items() if samples}

    def of(self, network: StreetNet) -> dict[str, float]:
        """AP50 by set and target, and recall of vehicles at precision 0.8, together and by size; rounded."""
        marks: dict[str, float] = {}
        for name, samples in self._sets.items():
            seen = [detect(network, read(sample.picture)) for sample in samples]
            known = [sample.labels for sample in samples]
            ranked = {target: ranking(seen, known, kinds) for target, kinds in TARGETS.items()}
            marks |= {f"{name}/{target}": one.average_precision(one.once()) for target, one in ranked.items()}
            recall = recall_at_precision(ranked["vehicle"])
            marks[f"{name}/recall"] = recall.share
            marks |= {f"{name}/recall {size}": share for size, share in zip(SIZE_NAMES, recall.by_size, strict=True)}
        return {key: round(value, 4) for key, value in marks.items() if not isnan(value)}


@torch.inference_mode()
def detect(network: StreetNet, image: Image) -> Detections:
    """What a network sees in a picture of any size, as `OnnxDetector` reads it."""
    letterbox = Letterbox.filling(image.shape[1], image.shape[0], SIDE, 32)
    seen = network(torch.from_numpy(letterbox.place(image)[None]).to(network.device))
    boxes, scores = seen.boxes()[0].cpu().numpy(), seen.logits[0].sigmoid().cpu().numpy()
    found = thinned(boxes, scores, CLASSES, SCORE_FLOOR, NMS_OVERLAP)
    return inside(found.scaled(1 / letterbox.scale_x, 1 / letterbox.scale_y), image)
