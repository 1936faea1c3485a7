"""Which cells answer for which thing (needs torch).

Task alignment (TOOD, arXiv:2108.07755): a cell is as good as its score and its box are together; a thing takes its best
few, their number following the fit of its boxes (SimOTA in YOLOX, arXiv:2107.08430). Three changes keep small things
alive, which have one to four cells to choose from and lose a third of their overlap with one pixel:

- cells up to ¾ of a stride from the centre may answer although they lie outside the box;
- overlap is counted by `fair_quality`;
- a thing that lost all of its cells to others gets its best one back, the smallest thing first.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

REACH = 0.75
"""Cells within so many strides of a thing's centre may answer for it, however small it is."""
MOST_CELLS = 9
USUAL_STRIDES = 5.0
"""A level is best at things of about this many strides (the anchor of NanoDet's and ATSS's levels)."""
SMALL_PX = 32.0
FLOOR = 0.05
"""Added to score and overlap, so that a network that knows nothing yet still has an order: by place and level."""


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """What is known about one picture, in input pixels.

    Attributes:
        boxes: float [things, 4]: x1, y1, x2, y2.
        classes: int64 [things].
        ignored: float [regions, 4]: nothing is known there,
        ignored_for: bool [regions, classes]: about these classes.
    """

    boxes: Tensor
    classes: Tensor
    ignored: Tensor
    ignored_for: Tensor


@dataclass(frozen=True, slots=True, eq=False)
class Assignment:
    """What the cells of one picture should say.

    Attributes:
        thing: int64 [cells]: row of the thing each cell answers for, -1 for none.
        quality: [cells]: the score it should give that thing's class, 0 where there is none.
        weight: [cells]: how much it counts, 0 where there is none; more for things with few cells.
        punished: bool [cells, classes]: a score here is a mistake unless the cell answers for that class.
    """

    thing: Tensor
    quality: Tensor
    weight: Tensor
    punished: Tensor


def pairwise_iou(a: Tensor, b: Tensor) -> Tensor:
    """Intersection over union of every pair: [len(a), len(b)]."""
    low, high = torch.maximum(a[:, None, :2], b[None, :, :2]), torch.minimum(a[:, None, 2:], b[None, :, 2:])
    shared = (high - low).clamp(min=0).prod(2)
    return shared / (_areas(a)[:, None] + _areas(b)[None] - shared).clamp(min=1e-6)


def fair_quality(overlap: Tensor, size_px: Tensor) -> Tensor:
    """Overlap to the power of the thing's size over 32 px, between ½ and 1.

    A box of 10 px that is one pixel off on two sides overlaps by 0.68 and counts 0.82; from 32 px on nothing changes.
    """
    return overlap ** (size_px / SMALL_PX).clamp(0.5, 1.0)


@torch.no_grad()
def assign(cells: Tensor, boxes: Tensor, scores: Tensor, truth: Truth) -> Assignment:
    """Match one picture's cells with its truth.

    Args:
        cells: [cells, 3]: centre x, y and stride.
        boxes: [cells, 4]: predicted.
        scores: [cells, classes]: predicted, 0 to 1.
        truth: what is there.
    """
    punished = ~_unknown(cells, truth)
    nobody = torch.full((len(cells),), -1, device=cells.device)
    if not len(truth.boxes):
        nothing = torch.zeros(len(cells), device=cells.device)
        return Assignment(nobody, nothing, nothing, punished)
    sizes = _areas(truth.boxes).sqrt()
    quality = fair_quality(pairwise_iou(boxes, truth.boxes), sizes)
    allowed, prior = _candidates(cells, truth.boxes, sizes)
    metric = (scores[:, truth.classes] + FLOOR) * (quality + FLOOR) ** 4 * prior * allowed
    chosen = _best_few(metric, quality * allowed)
    owner = torch.where(chosen, metric, 0.0)
    best, thing = owner.max(1)
    thing = torch.where(best > 0, thing, nobody)
    counts = torch.bincount(thing[thing >= 0], minlength=len(sizes))
    smallest_first = sizes.argsort()
    for row in smallest_first[counts[smallest_first] == 0].tolist():
        cell = int(metric[:, row].argmax())
        if metric[cell, row] > 0 and (thing[cell] < 0 or counts[thing[cell]] > 1):
            if thing[cell] >= 0:
                counts[thing[cell]] -= 1
            thing[cell], counts[row] = row, 1
    answers = thing >= 0
    found = thing.clamp(min=0)
    own = quality.gather(1, found[:, None])[:, 0].clamp(min=0.1)
    share = (MOST_CELLS / counts.clamp(min=1)).sqrt().clamp(1.0, 2.0)[found]
    return Assignment(thing, own * answers, share * answers, punished)


def _areas(boxes: Tensor) -> Tensor:
    return (boxes[:, 2:] - boxes[:, :2]).clamp(min=0).prod(1)


def _candidates(cells: Tensor, boxes: Tensor, sizes: Tensor) -> tuple[Tensor, Tensor]:
    """Which cells may answer for which thing, and how well place and level suit: both [cells, things]."""
    centres, halves = (boxes[:, :2] + boxes[:, 2:]) / 2, (boxes[:, 2:] - boxes[:, :2]) / 2
    strides = cells[:, None, 2:]
    reach = torch.maximum(halves[None], REACH * strides)
    off = (cells[:, None, :2] - centres[None]) / reach
    allowed = (off.abs() <= 1).all(2)
    octaves = torch.log2(sizes[None] / (USUAL_STRIDES * strides[..., 0]))
    return allowed, torch.exp(-off.square().sum(2) - octaves.square() / 4)


def _best_few(metric: Tensor, quality: Tensor) -> Tensor:
    """The best cells of each thing, as many as the sum of its best overlaps: bool [cells, things]."""
    most = min(MOST_CELLS, len(metric))
    counts = quality.topk(most, dim=0).values.sum(0).round().clamp(1, most)
    values, rows = metric.topk(most, dim=0)
    wanted = (torch.arange(most, device=metric.device)[:, None] < counts[None]) & (values > 0)
    return torch.zeros_like(metric, dtype=torch.bool).scatter_(0, rows, wanted)


def _unknown(cells: Tensor, truth: Truth) -> Tensor:
    """Where nobody knows: bool [cells, classes]. A region smaller than a cell counts for the cells next to it."""
    if not len(truth.ignored):
        return torch.zeros(len(cells), truth.ignored_for.shape[1], dtype=torch.bool, device=cells.device)
    centres, halves = (
        (truth.ignored[:, :2] + truth.ignored[:, 2:]) / 2,
        (truth.ignored[:, 2:] - truth.ignored[:, :2]) / 2,
    )
    reach = torch.maximum(halves[None], REACH * cells[:, None, 2:])
    inside = ((cells[:, None, :2] - centres[None]).abs() <= reach).all(2)
    return (inside.float() @ truth.ignored_for.float()) > 0
