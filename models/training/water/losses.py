"""What the network is taught: masks where they exist, words for whole pictures where not."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from models.training.water.network import Seen

SMOOTHING = 0.03
FLOOD_WEIGHT = 0.3
"""Of the flood's loss; that of masks is one."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Pictures with what is known of them.

    Attributes:
        image: [batch, 3, height, width], 0–255.
        water: [batch, height / 2, width / 2], 0–1; meaningless where `masked` is 0.
        masked: [batch], 1 where `water` is known.
        flooded: [batch], 0 or 1; nan where unknown.
    """

    image: Tensor
    water: Tensor
    masked: Tensor
    flooded: Tensor


def loss(seen: Seen, batch: Batch) -> tuple[Tensor, dict[str, float]]:
    """The sum, and its parts for the log."""
    mask = mask_loss(seen.water, batch.water, batch.masked)
    flood = FLOOD_WEIGHT * flood_loss(seen.flood, batch.flooded)
    return mask + flood, {"mask": float(mask.detach()), "flood": float(flood.detach())}


def mask_loss(logits: Tensor, water: Tensor, masked: Tensor) -> Tensor:
    """Cross entropy and soft Dice (V-Net, arXiv:1606.04797), each a mean over the pictures with masks."""
    entropy = functional.binary_cross_entropy_with_logits(logits, water, reduction="none").mean((1, 2))
    found = torch.sigmoid(logits)
    # One cell in a hundred is added: on a dry picture the quotient is smooth, and small where little is found.
    smooth = 0.01 * water[0].numel()
    both = (found * water).sum((1, 2))
    dice = 1 - (2 * both + smooth) / (found.sum((1, 2)) + water.sum((1, 2)) + smooth)
    return ((entropy + 0.5 * dice) * masked).sum() / masked.sum().clamp(min=1)


def flood_loss(logits: Tensor, flooded: Tensor) -> Tensor:
    """Cross entropy with smoothed labels, over the pictures that have one."""
    known = ~torch.isnan(flooded)
    if not known.any():
        return logits.sum() * 0
    return functional.binary_cross_entropy_with_logits(logits[known], smoothed(flooded[known], SMOOTHING))


def smoothed(flooded: Tensor, doubt: float) -> Tensor:
    """Labels pulled towards a half by the doubt about them."""
    return flooded * (1 - 2 * doubt) + doubt
