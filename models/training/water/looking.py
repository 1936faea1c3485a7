"""Run a model file over pictures as the product does: letterboxed, one thread, on the CPU."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from models.letterbox import Letterbox
from models.training.water.metrics import Overlap
from models.training.water.samples import MASK_FROM, DataError, Image, Sample

SIDE = 640
MULTIPLE = 32
CELL_PX = 4
WATER_FROM = 0.5


@dataclass(frozen=True, slots=True)
class Look:
    """What one picture shows: probability of water at each of its pixels [height, width], and of a flood."""

    water: NDArray[np.float32]
    flood: float

    @property
    def share(self) -> float:
        """Of the picture that is water."""
        return float((self.water >= WATER_FROM).mean())


class Looker:
    """A loaded model file."""

    def __init__(self, content: bytes, side: int = SIDE) -> None:
        options = ort.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = ort.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        self._side = side

    def look(self, image: Image) -> Look:
        """At one picture, BGR [height, width, 3]."""
        height, width = image.shape[:2]
        box = Letterbox.fit(width, height, self._side, MULTIPLE)
        water, flood = self.run(box.place(image)[None])
        full = cv2.resize(water[0], (box.width, box.height), interpolation=cv2.INTER_LINEAR)
        inner = full[: box.inner_height, : box.inner_width]
        back = cv2.resize(inner, (width, height), interpolation=cv2.INTER_LINEAR)
        return Look(np.asarray(back, np.float32), float(flood[0]))

    def run(self, batch: Image) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The file's own outputs for its own input: [batch, height / 4, width / 4] and [batch]."""
        water, flood = self._session.run(["water", "flood"], {"image": batch})
        return np.asarray(water, np.float32), np.asarray(flood, np.float32)


def full_picture(sample: Sample) -> Image:
    """As stored, not shrunk.

    Raises:
        DataError: no picture there.
    """
    image = cv2.imread(str(sample.picture))
    if image is None:
        raise DataError(f"{sample.picture} is not a picture that OpenCV reads")
    return np.asarray(image, np.uint8)


def overlaps(looker: Looker, samples: Sequence[Sample]) -> dict[str, Overlap]:
    """Found and true water of each picture with a mask, at its full size."""
    found = {}
    for sample in samples:
        image = full_picture(sample)
        mask = cv2.imread(str(sample.mask), cv2.IMREAD_GRAYSCALE)
        if mask is None:
            raise DataError(f"{sample.mask} is not a picture that OpenCV reads")
        if mask.shape != image.shape[:2]:
            mask = cv2.resize(mask, image.shape[1::-1], interpolation=cv2.INTER_NEAREST)
        found[sample.name] = Overlap.of(looker.look(image).water >= WATER_FROM, np.asarray(mask) > MASK_FROM)
    return found
