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
from models.training.street.assignment import Truth, assign
from models.training.street.network import Predictions

BOX_WEIGHT, BINS_WEIGHT = 2.0, 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Loss:
    """Parts of one batch, already weighted: scalars; `answered`, bool [batch, cells]: a thing is there."""

    score: Tensor
    box: Tensor
    bins: Tensor
    answered: Tensor

    @property
    def total(self) -> Tensor:
        """What is differentiated."""
        return self.score + self.box + self.bins


def detection_loss(seen: Predictions, truths: Sequence[Truth]) -> Loss:
    """Compare a batch with its truth. The parts are means over the cells that answer."""
    boxes, scores = seen.boxes(), seen.logits.detach().sigmoid()
    matches = [assign(seen.cells, boxes[n].detach(), scores[n], truth) for n, truth in enumerate(truths)]
    thing, quality = torch.stack([match.thing for match in matches]), torch.stack([match.quality for match in matches])
    share = torch.stack([match.weight for match in matches])
    picture, cell = (thing >= 0).nonzero(as_tuple=True)
    # Things of all pictures in one row, so that a batch is computed at once.
    counts = [len(truth.boxes) for truth in truths]
    before = torch.tensor([0, *counts[:-1]], device=thing.device).cumsum(0)
    row = thing[picture, cell] + before[picture]
    wanted = torch.cat([truth.boxes for truth in truths])[row]
    kinds = torch.cat([truth.classes for truth in truths])[row]
    own, fit = share[picture, cell], quality[picture, cell]
    target = torch.zeros_like(seen.logits)
    weight = torch.stack([match.punished for match in matches]).to(seen.logits.dtype)
    target[picture, cell, kinds] = fit
    weight[picture, cell, kinds] = own
    # A bad box must still be drawn towards its thing: its weight follows the fit only down to a floor.
    own = own * fit.clamp(min=0.3)
    total = own.sum().clamp(min=1.0)
    score = (quality_focal(seen.logits, target) * weight).sum() / total
    box = (own * (1 - generalised_iou(boxes[picture, cell], wanted))).sum() / total
    bins = (own * distribution_focal(seen.sides[picture, cell], distances(seen.cells[cell], wanted))).sum() / total
    return Loss(score, BOX_WEIGHT * box, BINS_WEIGHT * bins, thing >= 0)


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


def distillation(
    seen: Predictions, teacher: Predictions, classes: int | None = None, answered: Tensor | None = None
) -> Tensor:
    """How far scores (of the first so many classes) and side distributions are from a teacher's: a scalar.

    Where `answered`, bool [batch, cells], the truth names a thing and decides about the score: a teacher that passes
    over it would teach to pass over it.
    """
    soft = teacher.logits.sigmoid()[..., :classes]
    sure = soft.max(2).values
    total = sure.square().sum().clamp(min=1.0)
    scores = quality_focal(seen.logits[..., :classes], soft)
    score = (scores if answered is None else scores * ~answered[..., None]).sum() / total
    apart = functional.kl_div(
        seen.sides.log_softmax(3), teacher.sides.log_softmax(3), reduction="none", log_target=True
    ).sum((2, 3))
    return score + BINS_WEIGHT * (sure.square() * apart).sum() / total
