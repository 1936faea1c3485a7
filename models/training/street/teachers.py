"""The detectors whose agreement becomes labels: published COCO networks in their own output formats. No torch.

Each knows 80 classes; the six of the street are kept. Read out as their authors do:
YOLOX (arXiv:2107.08430), NanoDet (github.com/RangiLyu/nanodet), PicoDet (arXiv:2111.00902), YOLO11 (ultralytics).
"""

from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from models.boxes import strongest
from models.detections import Detections
from models.detector import SCORE_FLOOR, STREET_CLASSES, Detector, Image, inside, require_image
from models.onnx_detector import OnnxDetector
from models.training.detection_graph import MEAN_BGR, STD_BGR

COCO_ROWS = [0, 1, 2, 3, 5, 7]  # person, bicycle, car, motorcycle, bus, truck, in the order of STREET_CLASSES
NMS_OVERLAP = 0.6
MOST_CANDIDATES = 600

Arrays = list[NDArray[np.float32]]
Run = Callable[[NDArray[np.float32]], Arrays]
Read = Callable[[Arrays, int], tuple[NDArray[np.float32], NDArray[np.float32]]]
"""From a network's outputs and input side to boxes [n, 4] in input pixels and scores [n, 6]."""


class Teacher:
    """A network with a square input of fixed size, one picture at a time."""

    def __init__(
        self, name: str, side: int, run: Run, prepare: Callable[[Image], NDArray[np.float32]], read: Read
    ) -> None:
        self.name = name
        self.names = STREET_CLASSES
        self.inferences = 0
        self._side, self._run, self._prepare, self._read = side, run, prepare, read

    def detect(self, images: Sequence[Image], floor: float = SCORE_FLOOR) -> list[Detections]:
        """See `models.detector.Detector`."""
        return [self._one(image, floor) for image in images]

    def _one(self, image: Image, floor: float) -> Detections:
        require_image(image)
        scale = self._side / max(image.shape[:2])
        size = max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale))
        canvas = np.full((self._side, self._side, 3), 114, np.uint8)
        how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
        canvas[: size[1], : size[0]] = cv2.resize(image, size, interpolation=how)
        boxes, scores = self._read(self._run(self._prepare(canvas)), self._side)
        self.inferences += 1
        classes = scores.argmax(axis=1)
        best = scores[np.arange(len(scores)), classes]
        rows = np.flatnonzero(best >= floor)
        rows = rows[np.argsort(-best[rows], kind="stable")[:MOST_CANDIDATES]]
        boxes[:, 2:] = np.maximum(boxes[:, 2:], boxes[:, :2])
        kept = rows[strongest(boxes[rows], best[rows], classes[rows], NMS_OVERLAP)]
        found = Detections(boxes[kept], np.clip(best[kept], 0, 1), classes[kept], self.names)
        return inside(found.scaled(1 / scale, 1 / scale), image)


def load(folder: Path) -> list[tuple[str, Detector]]:
    """All teachers of a folder, and the detector that the street one starts from.

    `yolo11n` (AGPL-3.0) takes part where the package `openvino` is installed.

    Raises:
        FileNotFoundError: one of the ONNX files is missing.
    """
    found: list[tuple[str, Detector]] = [("nanodet_g", OnnxDetector.load("nanodet_g"))]
    for file, prepare, read in (
        ("yolox_nano_416", raw, read_yolox),
        ("nanodet_m", normalised_bgr, read_distributions),
        ("picodet_s_416_coco", normalised_rgb, read_distributions),
    ):
        path = folder / f"{file}.onnx"
        if not path.is_file():
            raise FileNotFoundError(f"{path} is missing: give the folder of the teachers")
        found.append((file, Teacher(file, 416, _onnx(path), prepare, read)))
    model = folder / "yolo11n_int8_openvino_model" / "yolo11n.xml"
    if model.is_file() and find_spec("openvino"):
        found.append(("yolo11n", Teacher("yolo11n", 640, _openvino(model), unit_rgb, read_yolo11)))
    return found


def raw(image: Image) -> NDArray[np.float32]:
    """[1, 3, h, w], BGR, 0 to 255."""
    return np.ascontiguousarray(image.transpose(2, 0, 1)[None], np.float32)


def normalised_bgr(image: Image) -> NDArray[np.float32]:
    """[1, 3, h, w], BGR, ImageNet's mean and deviation."""
    mean, deviation = (np.array(three, np.float32).reshape(1, 3, 1, 1) for three in (MEAN_BGR, STD_BGR))
    return np.asarray((raw(image) - mean) / deviation, np.float32)


def normalised_rgb(image: Image) -> NDArray[np.float32]:
    """[1, 3, h, w], RGB, ImageNet's mean and deviation."""
    return np.ascontiguousarray(normalised_bgr(image)[:, ::-1])


def unit_rgb(image: Image) -> NDArray[np.float32]:
    """[1, 3, h, w], RGB, 0 to 1."""
    return np.ascontiguousarray(raw(image)[:, ::-1] / 255)


def cells(side: int, strides: Sequence[int], at_middle: bool = True) -> NDArray[np.float32]:
    """[cells, 3]: x, y (the middle of a cell, or its corner) and stride, finest level first, row by row."""
    found = []
    for stride in strides:
        count = -(-side // stride)
        y, x = np.mgrid[:count, :count]
        places = (np.stack([x, y], axis=2).reshape(-1, 2) + 0.5 * at_middle) * stride
        found.append(np.column_stack([places, np.full(len(places), stride)]))
    return np.concatenate(found).astype(np.float32)


def read_yolox(outputs: Arrays, side: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """One output [1, cells, 85]: centre offset and log size in strides, objectness, classes."""
    rows = outputs[0][0]
    grid = cells(side, (8, 16, 32), at_middle=False)
    centres = rows[:, :2] * grid[:, 2:] + grid[:, :2]
    halves = np.exp(rows[:, 2:4]) * grid[:, 2:] / 2
    return np.concatenate([centres - halves, centres + halves], axis=1), (rows[:, 4:5] * rows[:, 5:])[:, COCO_ROWS]


def read_distributions(outputs: Arrays, side: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """For each level scores [1, cells, 80], then for each level [1, cells, 4 · bins] logits of the side distances."""
    levels = len(outputs) // 2
    scores = np.concatenate([level[0] for level in outputs[:levels]])
    sides = np.concatenate([level[0] for level in outputs[levels:]])
    grid = cells(side, (8, 16, 32, 64)[:levels])
    logits = sides.reshape(len(sides), 4, -1)
    shares = np.exp(logits - logits.max(axis=2, keepdims=True))
    reach = (shares @ np.arange(logits.shape[2], dtype=np.float32)) / shares.sum(axis=2) * grid[:, 2:]
    boxes = np.concatenate([grid[:, :2] - reach[:, :2], grid[:, :2] + reach[:, 2:]], axis=1)
    return boxes.astype(np.float32), scores[:, COCO_ROWS]


def read_yolo11(outputs: Arrays, side: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:  # noqa: ARG001
    """One output [1, 84, cells]: centre, size in pixels, classes."""
    rows = outputs[0][0].T
    centres, halves = rows[:, :2], rows[:, 2:4] / 2
    return np.concatenate([centres - halves, centres + halves], axis=1), rows[:, 4:][:, COCO_ROWS]


def _onnx(path: Path) -> Run:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    session = ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name
    return lambda x: list(session.run(None, {name: x}))


def _openvino(path: Path) -> Run:
    # Imported by name: it is in the training environment only, and there only perhaps.
    openvino: Any = import_module("openvino")
    model = openvino.Core().compile_model(str(path), "CPU", {"INFERENCE_NUM_THREADS": 1})
    return lambda x: [np.asarray(model([x])[0], np.float32)]
