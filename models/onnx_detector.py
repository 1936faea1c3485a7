"""A detector that runs an ONNX network with onnxruntime."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from models.candidates import thinned
from models.card import DetectionCard, ModelError, find
from models.detections import Detections
from models.detector import SCORE_FLOOR, Image, inside, require_image
from models.letterbox import Letterbox
from models.provider import CPU
from models.session import active_provider, open_session

DEFAULT = "street"
"""The detector that a box has unless it is told otherwise."""
MAX_BATCH = 16
"""Pictures in one run of the network: more only costs memory."""


class OnnxDetector:
    """A network of the zoo, loaded and checked against its card."""

    def __init__(self, card: DetectionCard, session: ort.InferenceSession, side: int | None = None) -> None:
        self.card = card
        self.inferences = 0
        self._session = session
        self._side = side or card.input.side

    @classmethod
    def load(
        cls,
        name_or_path: str | Path = DEFAULT,
        providers: Sequence[str] = CPU,
        threads: int = 1,
        side: int | None = None,
        *,
        fallback: bool = False,
    ) -> "OnnxDetector":
        """The model of this name, folder or file.

        Args:
            name_or_path: a name in the zoo, or a folder with `card.yaml`, or the file beside one.
            providers: onnxruntime's execution providers, in order of preference; each must be there.
            threads: CPU threads for one inference.
            side: of a square with as many pixels as the network may see; the card's when left out.
            fallback: run on the CPU where a provider is missing or does not start; `provider` tells which one runs.

        Raises:
            ModelError: no such model, a file that is not the one on its card, a file onnxruntime cannot read, a network
                that does not do what the card says; `ProviderError` where a provider is missing or does not start.
        """
        model = find(name_or_path)
        if not isinstance(model.card, DetectionCard):
            raise ModelError(f"{model.path} is a model of {model.card.task}: give a detector (`sigap-models list`)")
        session = open_session(model.content(), model.path, providers, threads, fallback=fallback)
        _require_contract(model.path, model.card, session)
        return cls(model.card, session, side)

    @property
    def names(self) -> tuple[str, ...]:
        """Every class it can report."""
        return self.card.classes

    def longer_side(self, width: int, height: int) -> int:
        """See `Detector.longer_side`."""
        fitted = Letterbox.filling(width, height, self._side, self.card.input.multiple)
        return max(fitted.inner_width, fitted.inner_height)

    @property
    def provider(self) -> str:
        """onnxruntime's execution provider that runs it."""
        return active_provider(self._session)

    def detect(self, images: Sequence[Image], floor: float = SCORE_FLOOR) -> list[Detections]:
        """See `Detector.detect`. Pictures whose scaled sizes agree go through the network together."""
        for image in images:
            require_image(image)
        boxes = [self._letterbox(image) for image in images]
        batches: dict[tuple[int, int], list[int]] = {}
        for index, letterbox in enumerate(boxes):
            batches.setdefault(letterbox.shape, []).append(index)
        seen = [Detections.empty(self.names)] * len(images)
        for members in batches.values():
            for start in range(0, len(members), MAX_BATCH):
                batch = members[start : start + MAX_BATCH]
                outputs = self._run(np.stack([boxes[index].place(images[index]) for index in batch]))
                for index, raw_boxes, raw_scores in zip(batch, *outputs, strict=True):
                    seen[index] = self._read(raw_boxes, raw_scores, boxes[index], images[index], floor)
        return seen

    def _letterbox(self, image: Image) -> Letterbox:
        height, width = image.shape[:2]
        return Letterbox.filling(width, height, self._side, self.card.input.multiple)

    def _run(self, batch: Image) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        outputs: Any = self._session.run(
            [self.card.outputs.boxes, self.card.outputs.scores], {self.card.input.name: batch}
        )
        self.inferences += len(batch)
        return outputs[0], outputs[1]

    def _read(
        self,
        boxes: NDArray[np.float32],
        scores: NDArray[np.float32],
        letterbox: Letterbox,
        image: Image,
        floor: float,
    ) -> Detections:
        """Boxes [anchors, 4] and scores [anchors, classes] of one picture, thinned and back in its pixels."""
        found = thinned(boxes, scores, self.names, floor, self.card.nms_overlap)
        return inside(found.scaled(1 / letterbox.scale_x, 1 / letterbox.scale_y), image)


def _require_contract(path: Path, card: DetectionCard, session: ort.InferenceSession) -> None:
    """Raises ModelError unless inputs and outputs are those that the card names."""
    inputs = {value.name: (value.type, len(value.shape)) for value in session.get_inputs()}
    outputs = {value.name: value.shape for value in session.get_outputs()}
    if inputs != {card.input.name: ("tensor(uint8)", 4)}:
        raise ModelError(f"{path} takes {inputs}, not one uint8 picture batch {card.input.name!r} as its card says")
    wanted = {card.outputs.boxes: 4, card.outputs.scores: len(card.classes)}
    if {name: shape[-1] for name, shape in outputs.items()} != wanted:
        raise ModelError(f"{path} gives {outputs}; its card needs [batch, anchors, last] with last {wanted}")
