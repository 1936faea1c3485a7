"""The detectors whose agreement becomes labels: published COCO networks. No torch."""

from pathlib import Path
from typing import Any

import numpy as np

from models.card import ModelError
from models.detector import Detector
from models.onnx_detector import OnnxDetector
from models.upstream.detector import Run, UpstreamDetector
from models.upstream.head import Signature
from models.upstream.yolo11 import Yolo11

FILES = ("yolox_nano_416", "nanodet_m", "picodet_s_416_coco")


def load(folder: Path, start: Path) -> list[tuple[str, Detector]]:
    """All teachers of a folder, and the detector that the street one starts from (the folder of NanoDet-g).

    Raises:
        ModelError: a file is missing or is not the network its name says.
    """
    return [
        ("nanodet_g", OnnxDetector.load(start)),
        *((name, UpstreamDetector.load(folder / f"{name}.onnx")) for name in FILES),
        ("yolo11n", yolo11n(folder / "yolo11n_int8_openvino_model" / "yolo11n.xml")),
    ]


def yolo11n(path: Path) -> UpstreamDetector:
    """YOLO11n (ultralytics, AGPL-3.0) in OpenVINO's format: the surest of the teachers, published in no other form.

    Raises:
        ModelError: no such file.
    """
    if not path.is_file():
        raise ModelError(f"{path} is missing: give the folder of the teachers")
    return UpstreamDetector(_openvino(path), Yolo11(), Signature(640, 640, ((84, 8400),)))


def _openvino(path: Path) -> Run:
    import openvino  # noqa: PLC0415 - in the training environment only

    # One thread: `look` asks several teachers at a time.
    model: Any = openvino.Core().compile_model(str(path), "CPU", {"INFERENCE_NUM_THREADS": 1})
    return lambda picture: [np.asarray(model([picture])[0], np.float32)]
