"""The flood head, trained on what the rest of the network says of many views of each picture.

Rio's tiles have one word each, and the words are noisy: they may teach the judgement, never the masks. With the rest of
the network held still, a picture's evidence is one vector a view, and a training takes seconds: five more for the
cross-validation cost nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from rich.progress import track
from torch import Tensor
from torch.nn import functional

from models.training.water.batches import example, gathered
from models.training.water.losses import smoothed
from models.training.water.network import FloodHead, WaterNetwork
from models.training.water.samples import Sample, Source, read_mask, read_picture

VIEWS = 10
"""Of each tile, each augmented anew."""
OTHER_VIEWS = 2
"""Of each other picture."""
SQUARE, WIDE = (256, 256), (192, 320)
DOUBT, TILE_DOUBT = 0.03, 0.1
"""Label smoothing; near copies among Rio's tiles have opposite labels, nobody should be certain of them."""
TILES_SHARE = 0.5
"""Of the loss."""
STEPS = 400
RATE = 1e-3
WEIGHT_DECAY = 0.1


@dataclass(frozen=True, slots=True)
class Views:
    """Evidence of views of one picture.

    Attributes:
        sample: the picture.
        evidence: [views, EVIDENCE, 1, 1].
        flooded: [views], 0 or 1; nan where a crop left the water out.
    """

    sample: Sample
    evidence: Tensor
    flooded: Tensor


def gather(network: WaterNetwork, samples: Sequence[Sample], seed: int) -> list[Views]:
    """Evidence of every sample that has a word."""
    network.eval()
    found = []
    worded = [sample for sample in samples if sample.flooded is not None]
    for index, sample in enumerate(track(worded, description="views")):
        random = np.random.default_rng((seed, index))
        tile = sample.source is Source.RIO
        canvas = SQUARE if tile else WIDE
        picture = read_picture(sample.picture)
        mask = read_mask(sample.mask, picture.shape) if sample.mask is not None else None
        count = VIEWS if tile else OTHER_VIEWS
        views = gathered([example(sample, picture, mask, canvas, random) for _ in range(count)], canvas)
        with torch.no_grad():
            found.append(Views(sample, network(views.image).evidence, views.flooded))
    return found


def train_head(start: FloodHead, views: Sequence[Views], seed: int) -> FloodHead:
    """A head that starts from this one and knows these pictures; depends on seed and views alone."""
    head = FloodHead()
    head.load_state_dict(start.state_dict())
    evidence = torch.cat([one.evidence for one in views])
    flooded = torch.cat([one.flooded for one in views])
    tile = torch.cat([torch.full_like(one.flooded, one.sample.source is Source.RIO) for one in views]) > 0
    known = ~torch.isnan(flooded)
    evidence, flooded, tile = evidence[known], flooded[known], tile[known]
    target = torch.where(tile, smoothed(flooded, TILE_DOUBT), smoothed(flooded, DOUBT))
    weight = balance(tile, flooded)
    torch.manual_seed(seed)
    optimiser = torch.optim.AdamW(head.parameters(), lr=RATE, weight_decay=WEIGHT_DECAY)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, STEPS)
    head.train()
    for _ in range(STEPS):
        chosen = torch.multinomial(weight, 256, replacement=True)
        loss = functional.binary_cross_entropy_with_logits(head(evidence[chosen]), target[chosen])
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        schedule.step()
    head.eval()
    return head


def balance(tile: Tensor, flooded: Tensor) -> Tensor:
    """Odds of drawing each view: tiles together `TILES_SHARE`, floods and dry pictures of either kind alike."""
    odds = torch.zeros_like(flooded)
    for kind, share in ((tile, TILES_SHARE), (~tile, 1 - TILES_SHARE)):
        for label in (0, 1):
            members = kind & (flooded == label)
            odds[members] = share / 2 / max(1, int(members.sum()))
    return odds
