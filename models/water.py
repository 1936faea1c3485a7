"""Where a picture shows water on the ground, and whether it shows a flood."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from models.card import ModelError, WaterCard, find
from models.detector import Image, require_image
from models.letterbox import Letterbox
from models.provider import CPU
from models.session import active_provider, open_session

MAX_BATCH = 16
"""Pictures in one run of the network: more only costs memory."""
REDUCTIONS = (1, 2, 4)
"""Input pixels per pixel of the water map that a network may have."""


@dataclass(frozen=True, slots=True, eq=False)
class WaterSeen:
    """What was seen in one picture.

    Attributes:
        water: float32 [rows, columns], probability of water, over the whole picture and nothing else; coarser than it.
        flood: probability that the picture shows a flood.
        above: probability from which a pixel is water.
    """

    water: NDArray[np.float32]
    flood: float
    above: float

    @property
    def share(self) -> float:
        """The share of the picture that is water, 0 to 1."""
        return float((self.water >= self.above).mean())

    def mask(self, width: int, height: int) -> NDArray[np.bool_]:
        """Which pixels of the picture, width × height, are water: bool [height, width]."""
        fine = cv2.resize(self.water, (width, height), interpolation=cv2.INTER_LINEAR)
        return np.asarray(fine >= self.above, bool)


class WaterModel:
    """A network of the zoo that sees water, loaded and checked against its card."""

    def __init__(self, card: WaterCard, session: ort.InferenceSession) -> None:
        self.card = card
        self.inferences = 0
        self._session = session

    @classmethod
    def load(
        cls,
        name_or_path: str | Path = "water",
        providers: Sequence[str] = CPU,
        threads: int = 1,
        *,
        fallback: bool = False,
    ) -> "WaterModel":
        """The model of this name, folder or file; arguments as in `OnnxDetector.load`.

        Raises:
            ModelError: no such model, not one of water, a file that is not the one on its card or that onnxruntime
                cannot read, other inputs or outputs than the card says; `ProviderError` as there.
        """
        model = find(name_or_path)
        if not isinstance(model.card, WaterCard):
            raise ModelError(f"{model.path} is a model of {model.card.task}: give one of water (`sigap-models list`)")
        session = open_session(model.content(), model.path, providers, threads, fallback=fallback)
        _require_contract(model.path, model.card, session)
        return cls(model.card, session)

    @property
    def flood_above(self) -> float:
        """Probability from which a picture shows a flood."""
        return self.card.flood_above

    @property
    def provider(self) -> str:
        """onnxruntime's execution provider that runs it."""
        return active_provider(self._session)

    def look(self, images: Sequence[Image]) -> list[WaterSeen]:
        """What is seen in each picture, in the order given; pictures whose scaled sizes agree go together.

        Raises:
            ValueError: a picture is not uint8 [height, width, 3] or is empty.
            ModelError: the network gives a map of another size than its card allows.
        """
        for image in images:
            require_image(image)
        side, multiple = self.card.input.side, self.card.input.multiple
        boxes = [Letterbox.fit(image.shape[1], image.shape[0], side, multiple) for image in images]
        batches: dict[tuple[int, int], list[int]] = {}
        for index, letterbox in enumerate(boxes):
            batches.setdefault(letterbox.shape, []).append(index)
        seen: dict[int, WaterSeen] = {}
        for members in batches.values():
            for start in range(0, len(members), MAX_BATCH):
                batch = members[start : start + MAX_BATCH]
                water, flood = self._run(np.stack([boxes[index].place(images[index]) for index in batch]))
                for index, of_one, chance in zip(batch, water, flood, strict=True):
                    seen[index] = WaterSeen(_unpadded(of_one, boxes[index]), float(chance), self.card.water_above)
        return [seen[index] for index in range(len(images))]

    def _run(self, batch: Image) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Water [batch, rows, columns] and flood [batch], 0 to 1."""
        names = self.card.outputs
        outputs: Any = self._session.run([names.water, names.flood], {self.card.input.name: batch})
        self.inferences += len(batch)
        water, flood = outputs
        count, height, width = batch.shape[:3]
        allowed = [(count, height // n, width // n) for n in REDUCTIONS]
        if water.shape not in allowed or flood.shape != (count,):
            raise ModelError(
                f"{self.card.name} gives a water map {list(water.shape)} and flood {list(flood.shape)} for a batch "
                f"{list(batch.shape)}; its card needs one of {allowed} and [{count}]: export it again"
            )
        return np.clip(water, 0, 1), np.clip(flood, 0, 1)


def _unpadded(water: NDArray[np.float32], letterbox: Letterbox) -> NDArray[np.float32]:
    """The part of a map [rows, columns] that shows the picture; cells half in the padding are left out."""
    rows = max(1, letterbox.inner_height * water.shape[0] // letterbox.height)
    columns = max(1, letterbox.inner_width * water.shape[1] // letterbox.width)
    return water[:rows, :columns]


def _require_contract(path: Path, card: WaterCard, session: ort.InferenceSession) -> None:
    """Raises ModelError unless inputs and outputs are those that the card names."""
    inputs = {value.name: (value.type, len(value.shape)) for value in session.get_inputs()}
    outputs = {value.name: (value.type, len(value.shape)) for value in session.get_outputs()}
    if inputs != {card.input.name: ("tensor(uint8)", 4)}:
        raise ModelError(f"{path} takes {inputs}, not one uint8 picture batch {card.input.name!r} as its card says")
    wanted = {card.outputs.water: ("tensor(float)", 3), card.outputs.flood: ("tensor(float)", 1)}
    if outputs != wanted:
        raise ModelError(f"{path} gives {outputs}; its card needs {wanted}: [batch, rows, columns] and [batch]")
