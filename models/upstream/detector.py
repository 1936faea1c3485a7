"""An upstream detector behind the same protocol as ours."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort

from models.candidates import thinned
from models.card import MAX_BYTES, ModelError
from models.detections import Detections
from models.detector import SCORE_FLOOR, STREET_CLASSES, Image, inside, require_image
from models.provider import CPU
from models.session import active_provider, open_session
from models.upstream.head import Array, Head, Signature
from models.upstream.nanodet import NanodetM
from models.upstream.picodet import Picodet
from models.upstream.yolo11 import Yolo11
from models.upstream.yolox import Yolox

HEADS: tuple[Head, ...] = (Yolox(), NanodetM(), Picodet(), Yolo11())
Run = Callable[[Array], Sequence[Array]]
"""A network: from its input [1, 3, height, width] to its outputs [1, …]."""


class UpstreamDetector:
    """One picture an inference, as these files allow no more.

    Attributes:
        head: of which family it is.
        provider: onnxruntime's execution provider that runs it; empty where something else does.
    """

    names = STREET_CLASSES

    def __init__(self, run: Run, head: Head, signature: Signature, provider: str = "") -> None:
        self.head = head
        self.provider = provider
        self.inferences = 0
        self._run = run
        self._signature = signature

    @classmethod
    def load(
        cls, path: Path, providers: Sequence[str] = CPU, threads: int = 1, *, fallback: bool = False
    ) -> "UpstreamDetector":
        """The detector in this ONNX file; the other arguments are as in `OnnxDetector.load`.

        Raises:
            ModelError: no such file, too large, not readable by onnxruntime, or of none of the known families;
                `ProviderError` where a provider is missing or does not start.
        """
        if not path.is_file():
            raise ModelError(f"{path} is missing: give the ONNX file of a {_known()}")
        if path.stat().st_size > MAX_BYTES:
            raise ModelError(f"{path} has more than the {MAX_BYTES} bytes allowed: use a smaller model")
        session = open_session(path.read_bytes(), path, providers, threads, fallback=fallback)
        signature = _signature(path, session)
        for head in HEADS:
            if head.fits(signature):
                return cls(_runner(session), head, signature, active_provider(session))
        raise ModelError(f"{path} gives {signature.outputs}, which is no {_known()}: add a head to models/upstream")

    def longer_side(self, width: int, height: int) -> int:
        """See `Detector.longer_side`."""
        placed = self.head.placed(width, height, self._signature)
        return max(placed.inner_width, placed.inner_height)

    def detect(self, images: Sequence[Image], floor: float = SCORE_FLOOR) -> list[Detections]:
        """See `Detector.detect`."""
        for image in images:
            require_image(image)
        return [self._look(image, floor) for image in images]

    def _look(self, image: Image, floor: float) -> Detections:
        letterbox = self.head.placed(image.shape[1], image.shape[0], self._signature)
        canvas = letterbox.place(image, self.head.padding)
        outputs = self._run(self.head.normalised(canvas)[None])
        self.inferences += 1
        boxes, scores = self.head.decoded([output[0] for output in outputs], self._signature)
        found = thinned(boxes, np.clip(scores, 0, 1), self.names, floor, self.head.nms_overlap)
        return inside(found.scaled(1 / letterbox.scale_x, 1 / letterbox.scale_y), image)


def _runner(session: ort.InferenceSession) -> Run:
    name = session.get_inputs()[0].name

    def run(picture: Array) -> Sequence[Array]:
        outputs: Any = session.run(None, {name: picture})
        return [np.asarray(output) for output in outputs]

    return run


def _known() -> str:
    return " or ".join(head.name for head in HEADS) + " with its 80 COCO classes"


def _signature(path: Path, session: ort.InferenceSession) -> Signature:
    inputs = [(value.type, value.shape) for value in session.get_inputs()]
    if len(inputs) != 1 or inputs[0][0] != "tensor(float)" or len(inputs[0][1]) != 4:
        raise ModelError(f"{path} takes {inputs}, not one float picture [1, 3, height, width]: it is no {_known()}")
    batch, channels, height, width = inputs[0][1]
    outputs = [value.shape for value in session.get_outputs()]
    sizes = [batch, channels, height, width, *(size for shape in outputs for size in shape)]
    if not all(isinstance(size, int) for size in sizes) or (batch, channels) != (1, 3):
        raise ModelError(f"{path} has sizes left open ({inputs[0][1]}): export it for one picture of a fixed size")
    return Signature(height, width, tuple(tuple(shape[1:]) for shape in outputs))
