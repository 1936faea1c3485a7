"""What the network is taught: masks where they exist, words for whole pictures where not."""

from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from models.training.water.network import Seen

PICTURE_SMOOTHING = 0.03
TILE_SMOOTHING = 0.12
"""Rio's labels contradict each other on like pictures of one camera: nobody should be certain of them."""
WET_SHARE = 0.15
"""Of a flooded tile's cells, at least so many should show water."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Of the parts of the loss; masks count one."""

    flood: float = 0.3
    tiles: float = 0.15


@dataclass(frozen=True, slots=True)
class Batch:
    """Pictures with what is known of them.

    Attributes:
        image: [batch, 3, height, width], 0–255.
        water: [batch, height / 2, width / 2], 0–1; meaningless where `masked` is 0.
        masked: [batch], 1 where `water` is known.
        flooded: [batch], 0 or 1; nan where unknown.
        tile: [batch], 1 for Rio's tiles.
    """

    image: Tensor
    water: Tensor
    masked: Tensor
    flooded: Tensor
    tile: Tensor


def loss(seen: Seen, batch: Batch, weights: Weights) -> tuple[Tensor, dict[str, float]]:
    """The sum, and its parts for the log."""
    parts = {
        "mask": mask_loss(seen.water, batch.water, batch.masked),
        "flood": weights.flood * flood_loss(seen.flood, batch.flooded, batch.tile),
        "tiles": weights.tiles * tile_loss(seen.water, batch.flooded, batch.tile),
    }
    total = torch.stack(list(parts.values())).sum()
    return total, {name: float(part.detach()) for name, part in parts.items()}


def mask_loss(logits: Tensor, water: Tensor, masked: Tensor) -> Tensor:
    """Cross entropy and soft Dice (V-Net, arXiv:1606.04797), each a mean over the pictures with masks."""
    entropy = functional.binary_cross_entropy_with_logits(logits, water, reduction="none").mean((1, 2))
    found = torch.sigmoid(logits)
    # One cell in a hundred is added: on a dry picture the quotient is smooth, and small where little is found.
    smooth = 0.01 * water[0].numel()
    both = (found * water).sum((1, 2))
    dice = 1 - (2 * both + smooth) / (found.sum((1, 2)) + water.sum((1, 2)) + smooth)
    return ((entropy + 0.5 * dice) * masked).sum() / masked.sum().clamp(min=1)


def flood_loss(logits: Tensor, flooded: Tensor, tile: Tensor) -> Tensor:
    """Cross entropy with smoothed labels, over the pictures that have one."""
    known = ~torch.isnan(flooded)
    if not known.any():
        return logits.sum() * 0
    target = smoothed(flooded[known], tile[known])
    return functional.binary_cross_entropy_with_logits(logits[known], target)


def tile_loss(logits: Tensor, flooded: Tensor, tile: Tensor) -> Tensor:
    """Multiple instances (arXiv:1412.7144): the wettest cells of a flooded tile are water, those of a dry one not."""
    of_interest = (tile > 0) & ~torch.isnan(flooded)
    if not of_interest.any():
        return logits.sum() * 0
    flat = logits[of_interest].flatten(1)
    wettest = flat.topk(max(1, int(WET_SHARE * flat.shape[1])), dim=1).values.mean(1)
    target = smoothed(flooded[of_interest], tile[of_interest])
    return functional.binary_cross_entropy_with_logits(wettest, target)


def smoothed(flooded: Tensor, tile: Tensor) -> Tensor:
    """Labels pulled towards a half by the doubt about them."""
    doubt = torch.where(tile > 0, TILE_SMOOTHING, PICTURE_SMOOTHING)
    return flooded * (1 - 2 * doubt) + doubt
