"""A detector that runs an ONNX network with onnxruntime."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from models.boxes import strongest
from models.card import ModelCard, ModelError, find
from models.detections import Detections
from models.detector import SCORE_FLOOR, Image, inside, require_image
from models.letterbox import Letterbox

CPU = ("CPUExecutionProvider",)
MAX_BATCH = 16
"""Pictures in one run of the network: more only costs memory."""
MAX_CANDIDATES = 1000
"""Boxes a picture that enter suppression, strongest first: bounds the time a picture full of noise can take."""


class OnnxDetector:
    """A network of the zoo, loaded and checked against its card."""

    def __init__(self, card: ModelCard, session: ort.InferenceSession, side: int | None = None) -> None:
        self.card = card
        self.inferences = 0
        self._session = session
        self._side = side or card.input.side

    @classmethod
    def load(
        cls,
        name_or_path: str | Path = "nanodet_g",
        providers: Sequence[str] = CPU,
        threads: int = 1,
        side: int | None = None,
    ) -> "OnnxDetector":
        """The model of this name, folder or file.

        Args:
            name_or_path: a name in the zoo, or a folder with `card.yaml`, or the file beside one.
            providers: onnxruntime's execution providers, in order of preference; each must be there.
            threads: CPU threads for one inference.
            side: pixels that the longer side of a picture is scaled to; the card's when left out.

        Raises:
            ModelError: no such model, a file that is not the one on its card, a file onnxruntime cannot read, a network
                that does not do what the card says, or a provider that this installation does not have.
        """
        missing = [provider for provider in providers if provider not in ort.get_available_providers()]
        if missing or not providers:
            raise ModelError(
                f"execution provider {', '.join(missing) or '(none given)'} is not available; this onnxruntime has "
                f"{', '.join(ort.get_available_providers())}: install the build that has it, or configure one of these"
            )
        model = find(name_or_path)
        content = model.content()
        options = ort.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        # Waiting threads sleep: the box has other work for its cores than to spin.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            session = ort.InferenceSession(content, options, providers=list(providers))
        except Exception as error:  # onnxruntime's errors have no common class below Exception
            raise ModelError(f"{model.path} cannot be loaded by onnxruntime {ort.__version__}: {error}") from error
        active = session.get_providers()
        if providers[0] not in active:
            # onnxruntime falls back to the CPU with no more than a log line when a device does not answer.
            raise ModelError(f"{providers[0]} did not start (running on {', '.join(active)}): check driver and device")
        _require_contract(model.path, model.card, session)
        return cls(model.card, session, side)

    @property
    def names(self) -> tuple[str, ...]:
        """Every class it can report."""
        return self.card.classes

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
        return Letterbox.fit(width, height, self._side, self.card.input.multiple)

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
        anchors, classes = np.nonzero(scores >= floor)
        values = scores[anchors, classes]
        if len(values) > MAX_CANDIDATES:
            top = np.argsort(-values, kind="stable")[:MAX_CANDIDATES]
            anchors, classes, values = anchors[top], classes[top], values[top]
        candidates = boxes[anchors]
        candidates[:, 2:] = np.maximum(candidates[:, 2:], candidates[:, :2])
        kept = strongest(candidates, values, classes, self.card.nms_overlap)
        found = Detections(candidates[kept], values[kept], classes[kept], self.names)
        return inside(found.scaled(1 / letterbox.scale_x, 1 / letterbox.scale_y), image)


def _require_contract(path: Path, card: ModelCard, session: ort.InferenceSession) -> None:
    """Raises ModelError unless inputs and outputs are those that the card names."""
    inputs = {value.name: (value.type, len(value.shape)) for value in session.get_inputs()}
    outputs = {value.name: value.shape for value in session.get_outputs()}
    if inputs != {card.input.name: ("tensor(uint8)", 4)}:
        raise ModelError(f"{path} takes {inputs}, not one uint8 picture batch {card.input.name!r} as its card says")
    wanted = {card.outputs.boxes: 4, card.outputs.scores: len(card.classes)}
    if {name: shape[-1] for name, shape in outputs.items()} != wanted:
        raise ModelError(f"{path} gives {outputs}; its card needs [batch, anchors, last] with last {wanted}")
