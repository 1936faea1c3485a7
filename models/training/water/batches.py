"""Batches that depend on seed and step alone: a training that resumes sees what it would have seen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import torch

from models.training.water.augment import Image, as_seen, drawn, placed, whole
from models.training.water.losses import Batch
from models.training.water.samples import PHOTO_DRY, Sample, Source, read_mask, read_picture

CANVASES = ((160, 256), (160, 256), (192, 256), (208, 208))
"""Heights and widths, in halved pixels, multiples of 16; one a step. Crops stand for the rest of the 320 at run time:
a third less work for a step."""
WHOLE = 0.3
"""Of the pictures are shown as at run time, uncropped."""


@dataclass(frozen=True, slots=True)
class Example:
    """One picture on the canvas, with its mask there (None: unknown) and its word (nan: unknown)."""

    image: Image
    mask: Image | None
    flooded: float


class Deck:
    """Draws batches from samples by the shares of their sources."""

    def __init__(self, samples: Sequence[Sample], shares: Mapping[Source, float], batch: int, seed: int) -> None:
        self._by_source = {
            source: [sample for sample in samples if sample.source is source]
            for source in Source
            if shares.get(source, 0) > 0
        }
        self._by_source = {source: members for source, members in self._by_source.items() if members}
        if not self._by_source:
            raise ValueError("no samples of any source that has a share")
        weights = np.array([shares[source] for source in self._by_source])
        self._odds = weights / weights.sum()
        self._batch, self._seed = batch, seed
        self._read: dict[Sample, tuple[Image, Image | None]] = {}

    def batch(self, step: int) -> Batch:
        """The batch of this step."""
        random = np.random.default_rng((self._seed, step))
        canvas = CANVASES[int(random.integers(len(CANVASES)))]
        sources = list(self._by_source)
        examples = []
        for _ in range(self._batch):
            members = self._by_source[sources[int(random.choice(len(sources), p=self._odds))]]
            sample = members[int(random.integers(len(members)))]
            examples.append(example(sample, *self._pictures(sample), canvas, random))
        return gathered(examples, canvas)

    def _pictures(self, sample: Sample) -> tuple[Image, Image | None]:
        if sample not in self._read:
            picture = read_picture(sample.picture)
            mask = read_mask(sample.mask, picture.shape) if sample.mask is not None else None
            self._read[sample] = picture, mask
        return self._read[sample]


def example(
    sample: Sample, picture: Image, mask: Image | None, canvas: tuple[int, int], random: np.random.Generator
) -> Example:
    """One picture, augmented."""
    usual = whole(picture.shape, canvas)
    placement = usual if random.random() < WHOLE else drawn(picture.shape, canvas, random)
    image = as_seen(placed(picture, placement, canvas), random)
    if mask is not None:
        mask = placed(mask, placement, canvas)
    elif sample.source is not Source.RIO:
        mask = np.zeros(canvas, np.uint8)
    flooded = float("nan") if sample.flooded is None else float(sample.flooded)
    if mask is not None and flooded == 1 and mask.mean() / 255 < PHOTO_DRY:
        flooded = float("nan")  # the crop left the water out
    return Example(image, mask, flooded)


def gathered(examples: Sequence[Example], canvas: tuple[int, int]) -> Batch:
    """As tensors; masks at half the canvas, where the network answers."""
    half = (canvas[1] // 2, canvas[0] // 2)
    masks = [
        np.zeros((half[1], half[0]), np.uint8)
        if one.mask is None
        else cv2.resize(one.mask, half, interpolation=cv2.INTER_AREA)
        for one in examples
    ]
    images = torch.from_numpy(np.stack([one.image for one in examples])).permute(0, 3, 1, 2)
    return Batch(
        image=images.to(torch.float32, memory_format=torch.channels_last),
        water=torch.from_numpy(np.stack(masks)).float() / 255,
        masked=torch.tensor([float(one.mask is not None) for one in examples]),
        flooded=torch.tensor([one.flooded for one in examples]),
    )
