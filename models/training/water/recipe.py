"""The two stages of the training, and the cross-validation over Rio's cameras that repeats the second."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch

from models.evaluation.flood_sets import read_picture
from models.training.water.batches import Deck
from models.training.water.export import as_model
from models.training.water.judging import Views, gather, train_head
from models.training.water.loop import Loop, Schedule
from models.training.water.network import WaterNetwork
from models.training.water.record import Effort, Record
from models.training.water.samples import Collection, Sample, Source
from models.training.water.splits import Splits, folds
from models.water import WaterModel

SHARES = {Source.GROUND: 0.4, Source.OBLIQUE: 0.2, Source.STILLS: 0.25, Source.DRY: 0.15}
"""Of a batch."""


def train_masks(collection: Collection, weights: Path, checkpoint: Path, effort: Effort) -> None:
    """The first stage: masks, from ImageNet weights; no tile of Rio is seen.

    Raises:
        UnexpectedSourceError: the weights are not the published ones.
        StoppedError: somebody ended it.
    """
    network = seeded(effort.seed)
    network.backbone.load_imagenet(weights)
    loop = Loop(network, Schedule(effort.steps, effort.minutes), checkpoint)
    loop.resume()
    if not loop.finished:
        loop.run(Deck(collection.training, SHARES, effort.batch, effort.seed), "masks")


def seeded(seed: int) -> WaterNetwork:
    """A network whose new layers depend on the seed alone."""
    torch.manual_seed(seed)
    return WaterNetwork()


def teach_judgement(network: WaterNetwork, collection: Collection, splits: Splits, seed: int) -> WaterNetwork:
    """The second stage: the flood head learns from Rio's tiles too; the rest of the network stays as it is."""
    tiles = [tile for tile in collection.rio if tile.picture.name not in splits.doubtful]
    views = gather(network, (*collection.training, *tiles), seed)
    network.flood = train_head(network.flood, views, seed)
    network.eval()
    return network


@dataclass(frozen=True, slots=True)
class Judged:
    """What a network that never saw a tile's camera says of it: a flood's probability, and water's in the mean."""

    tile: Sample
    flood: float
    water: float


def cross_validate(
    network: WaterNetwork, record: Record, collection: Collection, splits: Splits, *, count: int, doubtful_too: bool
) -> list[Judged]:
    """Judge every tile by a head trained without its place.

    Args:
        network: of the first stage.
        record: what it learned from; the views and the heads have its seed.
        collection: all samples.
        splits: which cameras show one place, and which words are doubted.
        count: folds.
        doubtful_too: learn from the doubtful words as well; all tiles are judged in any case.
    """
    tiles = collection.rio
    places = [splits.places.get(tile.camera, tile.camera) for tile in tiles]
    fold_of = dict(zip(tiles, folds(places, [tile.flooded or 0 for tile in tiles], count, splits.seed), strict=True))
    seed = record.effort.seed
    views = gather(network, (*collection.training, *tiles), seed)
    start = network.flood
    judged = []
    for fold in range(count):
        network.flood = train_head(start, _seen(views, fold_of, fold, splits, doubtful_too=doubtful_too), seed)
        model = as_model(network, record)
        judged += [_judge(model, tile) for tile in tiles if fold_of[tile] == fold]
    network.flood = start
    return judged


def _seen(
    views: Sequence[Views], fold_of: dict[Sample, int], fold: int, splits: Splits, *, doubtful_too: bool
) -> list[Views]:
    """Without the tiles of this fold, and without doubtful ones unless they are wanted."""
    return [
        one
        for one in views
        if fold_of.get(one.sample) != fold
        and (doubtful_too or one.sample.source is not Source.RIO or one.sample.picture.name not in splits.doubtful)
    ]


def _judge(model: WaterModel, tile: Sample) -> Judged:
    (look,) = model.look([read_picture(tile.picture)])
    return Judged(tile, look.flood, float(look.water.mean()))
