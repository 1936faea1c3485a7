"""How good a water model is at floods and at masks."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

import numpy as np
from numpy.typing import NDArray

from models.evaluation.auc import auc, auc_interval
from models.evaluation.bootstrap import Interval, interval
from models.evaluation.labelled import FloodSet, MaskSet, SetError
from models.evaluation.masks import MaskOverlap, mask_overlap, pooled_iou
from models.water import WaterModel


@dataclass(frozen=True, slots=True, eq=False)
class FloodLooks:
    """What a model made of each picture of a set, in its order.

    Attributes:
        pictures: the set.
        model: that looked.
        scores: float [n], probability of a flood.
        floods: bool [n], whether there was one.
    """

    pictures: FloodSet
    model: WaterModel
    scores: NDArray[np.float64]
    floods: NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class MaskLooks:
    """What a model made of each picture of a set, in its order: the overlap of its mask with the label."""

    pictures: MaskSet
    model: WaterModel
    overlaps: list[MaskOverlap]


@dataclass(frozen=True, slots=True)
class WaterFigure:
    """One figure of a water model on one set, its 95 % interval over the units that `over` names."""

    pictures: str
    model: str
    what: str
    count: int
    value: float
    interval: Interval
    over: str
    milliseconds: float
    looks: FloodLooks | MaskLooks


def flood_figure(pictures: FloodSet, model: WaterModel, rounds: int, seen: Callable[[], object]) -> WaterFigure:
    """AUC of the flood probability; cameras are drawn again for the interval. `seen` is called after each picture.

    Raises:
        SetError: the set holds no picture, or one that cannot be read.
    """
    scores, positive, cameras, milliseconds = [], [], [], []
    for _, image, flood, camera in pictures.items():
        began = time.perf_counter()
        (look,) = model.look([image])
        milliseconds.append(1000 * (time.perf_counter() - began))
        scores.append(look.flood)
        positive.append(flood)
        cameras.append(camera)
        seen()
    if not scores:
        raise SetError(f"{pictures.name} holds no picture: give a set with labelled pictures")
    values, truth = np.array(scores), np.array(positive, bool)
    found = auc_interval(values, truth, np.array(cameras), rounds)
    return WaterFigure(
        pictures.name, model.card.name, "flood AUC", len(scores), auc(values, truth), found,
        f"{len(set(cameras))} cameras", median(milliseconds), FloodLooks(pictures, model, values, truth),
    )  # fmt: skip


def mask_figure(pictures: MaskSet, model: WaterModel, rounds: int, seen: Callable[[], object]) -> WaterFigure:
    """IoU of the water mask over all pixels, at the size of each picture; pictures are drawn again for the interval.

    Raises:
        SetError: the set holds no picture whose mask fits, or one that cannot be read.
    """
    overlaps, milliseconds = [], []
    for _, image, label in pictures.items():
        began = time.perf_counter()
        (look,) = model.look([image])
        milliseconds.append(1000 * (time.perf_counter() - began))
        overlaps.append(mask_overlap(look.mask(image.shape[1], image.shape[0]), label))
        seen()
    if not overlaps:
        raise SetError(f"{pictures.name} holds no picture whose mask has its size: give the masks of these pictures")
    found = interval(lambda drawn: pooled_iou([overlaps[row] for row in drawn]), len(overlaps), rounds)
    return WaterFigure(
        pictures.name, model.card.name, "water IoU", len(overlaps), pooled_iou(overlaps), found, "pictures",
        median(milliseconds), MaskLooks(pictures, model, overlaps),
    )  # fmt: skip
