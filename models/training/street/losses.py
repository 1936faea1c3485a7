"""What is minimised (needs torch).

Quality and distribution focal loss (GFL, arXiv:2006.04388) and generalised IoU (arXiv:1902.09630), with the weights
that NanoDet gives them: 1, 0.25 and 2. Learning from a larger network follows "Localization distillation"
(arXiv:2102.12252).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from models.training.detection_graph import BINS
from models.training.street.assignment import Assignment, Truth, assign
from models.training.street.network import Predictions

BOX_WEIGHT, BINS_WEIGHT = 2.0, 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Loss:
    """Parts of one batch, already weighted: scalars."""

    score: Tensor
    box: Tensor
    bins: Tensor
    distil: Tensor

    @property
    def total(self) -> Tensor:
        """What is differentiated."""
        return self.score + self.box + self.bins + self.distil


def detection_loss(seen: Predictions, truths: Sequence[Truth]) -> Loss:
    """Compare a batch with its truth; `distil` is 0 here. The parts are means over the cells that answer."""
    boxes, scores = seen.boxes(), seen.logits.detach().sigmoid()
    matches = [
        assign(seen.cells, boxes[n].detach(), scores[n], truth) for n, truth in enumerate(truths)
    ]  # fmt: skip
    target, weight = _score_targets(seen.logits, truths, matches)
    total = torch.stack([(m.weight * m.quality.clamp(min=0.3)).sum() for m in matches]).sum().clamp(min=1.0)
    score = (quality_focal(seen.logits, target) * weight).sum() / total
    box_sum, bins_sum = torch.zeros(()), torch.zeros(())
    for n, (truth, match) in enumerate(zip(truths, matches, strict=True)):
        rows = (match.thing >= 0).nonzero()[:, 0]
        if not len(rows):
            continue
        wanted, cells = truth.boxes[match.thing[rows]], seen.cells[rows]
        # A bad box must still be drawn towards its thing: its weight follows the fit only down to a floor.
        own = match.weight[rows] * match.quality[rows].clamp(min=0.3)
        box_sum = box_sum + (own * (1 - generalised_iou(boxes[n, rows], wanted))).sum()
        bins_sum = bins_sum + (own * distribution_focal(seen.sides[n, rows], distances(cells, wanted))).sum()
    return Loss(score, BOX_WEIGHT * box_sum / total, BINS_WEIGHT * bins_sum / total, torch.zeros(()))


def quality_focal(logits: Tensor, target: Tensor) -> Tensor:
    """|target − σ|² times the cross-entropy, elementwise."""
    off = (target - logits.sigmoid()).abs()
    return off.square() * functional.binary_cross_entropy_with_logits(logits, target, reduction="none")


def distribution_focal(sides: Tensor, wanted: Tensor) -> Tensor:
    """Cross-entropy of the two bins around each distance, mean over the four sides: [n].

    Args:
        sides: logits [n, 4, BINS].
        wanted: distances in strides [n, 4], 0 ≤ d < BINS - 1.
    """
    low = wanted.floor().long()
    share = (wanted - low).unsqueeze(2)
    logs = sides.log_softmax(2)
    near = logs.gather(2, low.unsqueeze(2)) * (1 - share) + logs.gather(2, low.unsqueeze(2) + 1) * share
    return -near.squeeze(2).mean(1)


def distances(cells: Tensor, boxes: Tensor) -> Tensor:
    """From cells [n, 3] to the sides of their boxes [n, 4], in strides, within what the bins can say."""
    centres, strides = cells[:, :2], cells[:, 2:]
    reach = torch.cat([centres - boxes[:, :2], boxes[:, 2:] - centres], 1) / strides
    return reach.clamp(0, BINS - 1.01)


def generalised_iou(a: Tensor, b: Tensor) -> Tensor:
    """Row by row: overlap minus the share of the common hull that neither covers: [n], −1 to 1."""
    low, high = torch.maximum(a[:, :2], b[:, :2]), torch.minimum(a[:, 2:], b[:, 2:])
    shared = (high - low).clamp(min=0).prod(1)
    union = (a[:, 2:] - a[:, :2]).prod(1) + (b[:, 2:] - b[:, :2]).prod(1) - shared
    hull = (torch.maximum(a[:, 2:], b[:, 2:]) - torch.minimum(a[:, :2], b[:, :2])).prod(1)
    return shared / union.clamp(min=1e-6) - (hull - union) / hull.clamp(min=1e-6)


def distillation(seen: Predictions, teacher: Predictions, classes: int | None = None) -> Tensor:
    """How far scores (of the first so many classes) and side distributions are from a teacher's: a scalar."""
    soft = teacher.logits.sigmoid()[..., :classes]
    sure = soft.max(2).values
    total = sure.square().sum().clamp(min=1.0)
    score = quality_focal(seen.logits[..., :classes], soft).sum() / total
    apart = functional.kl_div(
        seen.sides.log_softmax(3), teacher.sides.log_softmax(3), reduction="none", log_target=True
    ).sum((2, 3))
    return score + BINS_WEIGHT * (sure.square() * apart).sum() / total


def _score_targets(logits: Tensor, truths: Sequence[Truth], matches: Sequence[Assignment]) -> tuple[Tensor, Tensor]:
    """What each score should be and how much it counts: both [batch, cells, classes]."""
    target = torch.zeros_like(logits)
    weight = torch.stack([match.punished for match in matches]).to(logits.dtype)
    for n, (truth, match) in enumerate(zip(truths, matches, strict=True)):
        rows = (match.thing >= 0).nonzero()[:, 0]
        classes = truth.classes[match.thing[rows]]
        target[n, rows, classes] = match.quality[rows]
        weight[n, rows, classes] = match.weight[rows]
    return target, weight
