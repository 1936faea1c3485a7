"""The two stages of the training, and the cross-validation over Rio's cameras that repeats the second."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from models.training.water.batches import Deck
from models.training.water.looking import Looker, full_picture
from models.training.water.loop import Loop, Schedule, averaged
from models.training.water.losses import Weights
from models.training.water.metrics import Interval, auc_over_cameras
from models.training.water.network import WaterNetwork, as_onnx
from models.training.water.samples import Collection, Sample, Source
from models.training.water.splits import Splits, folds

BASE_SHARES = {Source.GROUND: 0.4, Source.OBLIQUE: 0.2, Source.STILLS: 0.25, Source.DRY: 0.15}
TILE_SHARES = {
    Source.GROUND: 0.25,
    Source.OBLIQUE: 0.05,
    Source.STILLS: 0.2,
    Source.DRY: 0.1,
    Source.RIO: 0.4,
}
BASE_WEIGHTS = Weights()
TILE_WEIGHTS = Weights(flood=0.6, tiles=0.2)
TILE_BACKBONE_RATE, TILE_HEAD_RATE = 7e-5, 3e-4
"""The second stage starts from a trained network."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How long a stage lasts and how large its batches are."""

    steps: int
    minutes: float
    batch: int
    seed: int


def train_base(collection: Collection, weights: Path, checkpoint: Path, effort: Effort) -> None:
    """The first stage: masks, from ImageNet weights; no tile of Rio is seen.

    Raises:
        UnexpectedSourceError: the weights are not the published ones.
        StoppedError: somebody ended it.
    """
    network = seeded(effort.seed)
    loop = Loop(network, Schedule(effort.steps, effort.minutes), BASE_WEIGHTS, checkpoint)
    if not loop.resume():
        network.backbone.load_imagenet(weights)
        loop = Loop(network, loop.schedule, BASE_WEIGHTS, checkpoint)
    if not loop.finished:
        loop.run(Deck(collection.training, BASE_SHARES, effort.batch, effort.seed), "masks")


def train_tiles(
    collection: Collection, tiles: Sequence[Sample], base: Path, checkpoint: Path, *, effort: Effort, label: str
) -> None:
    """The second stage: these tiles of Rio beside everything else, from the first stage's average.

    Raises:
        StoppedError: somebody ended it.
    """
    schedule = Schedule(effort.steps, effort.minutes, TILE_BACKBONE_RATE, TILE_HEAD_RATE)
    loop = Loop(averaged(base), schedule, TILE_WEIGHTS, checkpoint)
    loop.resume()
    if not loop.finished:
        deck = Deck((*collection.training, *tiles), TILE_SHARES, effort.batch, effort.seed + 1)
        loop.run(deck, label)


def seeded(seed: int) -> WaterNetwork:
    """A network whose new layers depend on the seed alone."""
    import torch  # noqa: PLC0415 - beside its only use

    torch.manual_seed(seed)
    return WaterNetwork()


@dataclass(frozen=True, slots=True)
class Judged:
    """What a network that never saw a tile's camera says of it."""

    tile: str
    camera: str
    label: int
    flood: float
    share: float


def cross_validate(
    collection: Collection, splits: Splits, base: Path, work: Path, *, effort: Effort, count: int
) -> list[Judged]:
    """Judge every tile by a network trained without its place; folds already judged from this base are read again.

    Raises:
        StoppedError: somebody ended it.
    """
    tiles = collection.rio
    places = [splits.places.get(tile.camera, tile.camera) for tile in tiles]
    fold_of = folds(places, [tile.flooded or 0 for tile in tiles], count, splits.seed)
    start = hashlib.sha256(base.read_bytes()).hexdigest()[:12]
    folder = work / "crossval" / f"{start}_{effort.steps}_{effort.minutes:g}_{effort.batch}_{effort.seed}"
    judged: list[Judged] = []
    for fold in range(count):
        told = folder / f"fold_{fold}.json"
        if not told.is_file():
            seen = [tile for tile, of in zip(tiles, fold_of, strict=True) if of != fold]
            checkpoint = folder / f"fold_{fold}.pt"
            train_tiles(collection, seen, base, checkpoint, effort=effort, label=f"fold {fold + 1} of {count}")
            looker = Looker(as_onnx(averaged(checkpoint)))
            unseen = [tile for tile, of in zip(tiles, fold_of, strict=True) if of == fold]
            told.write_text(json.dumps([_judge(looker, tile) for tile in unseen]), encoding="utf-8")
        judged += [Judged(*row) for row in json.loads(told.read_text(encoding="utf-8"))]
    return judged


def _judge(looker: Looker, tile: Sample) -> tuple[str, str, int, float, float]:
    look = looker.look(full_picture(tile))
    return tile.picture.name, tile.camera, tile.flooded or 0, look.flood, float(look.water.mean())


def curve(judged: Sequence[Judged], seed: int) -> tuple[Interval, Interval]:
    """AUC of the flood probability, and of the mean water probability, with intervals over cameras."""
    labels, cameras = [one.label for one in judged], [one.camera for one in judged]
    by_flood = auc_over_cameras([one.flood for one in judged], labels, cameras, seed)
    by_share = auc_over_cameras([one.share for one in judged], labels, cameras, seed)
    return by_flood, by_share
