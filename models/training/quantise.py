"""A detector in INT8 (QDQ, per channel), calibrated on real pictures.

usage: python -m models.training.quantise MODEL PICTURES_DIR OUT_DIR

MODEL is a name in the zoo or a folder; PICTURES_DIR holds the pictures for calibration (unlabelled, of the kind the
model will see; 100 are plenty). OUT_DIR, whose name is the model's, gets model.onnx and a card.yaml without metrics. To
see if it is worth it:

    sigap-models eval SET --model MODEL --model OUT_DIR

Both look at every picture in turn. Ship INT8 only if it is faster and loses less than a point.
"""

import hashlib
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import onnx
import onnxruntime as ort
import yaml
from onnxruntime.quantization import CalibrationDataReader, QuantFormat, QuantType, quantize_static

from models.card import ModelError, find
from models.detector import Image
from models.letterbox import Letterbox
from models.pictures import ImageError, read_image


class Batches(CalibrationDataReader):  # type: ignore[misc]  # onnxruntime has no types
    """Feeds prepared pictures to the calibration one by one."""

    def __init__(self, name: str, batches: Sequence[Image]) -> None:
        self._feeds: Iterator[dict[str, Image]] = ({name: batch} for batch in batches)

    def get_next(self) -> dict[str, Image] | None:
        """The next feed, or None after the last."""
        return next(self._feeds, None)


def quantised(content: bytes, name: str, batches: Sequence[Image]) -> bytes:
    """The network with its inner convolutions in INT8; the rest (normalising, decoding boxes) stays as it is.

    The first two and the last convolutions stay too: a small part of the work, and most of what rounding costs.
    A value's range is the mean of its extremes in each picture: the one picture with the widest would make the steps
    coarse for all.

    Args:
        content: of the fp32 file.
        name: of its input.
        batches: what the input gets for calibration, uint8 [1, height, width, 3] each.
    """
    with tempfile.TemporaryDirectory() as folder:
        folded, result = Path(folder) / "folded.onnx", Path(folder) / "int8.onnx"
        options = ort.SessionOptions()
        options.log_severity_level = 3
        # Weights kept in float16 are cast when a file is loaded; quantising needs them as plain constants.
        options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_ENABLE_BASIC
        options.optimized_model_filepath = str(folded)
        ort.InferenceSession(content, options, providers=["CPUExecutionProvider"])
        quantize_static(
            folded,
            result,
            Batches(name, batches),
            quant_format=QuantFormat.QDQ,
            op_types_to_quantize=["Conv"],
            nodes_to_exclude=outer_convolutions(onnx.load(folded).graph),
            per_channel=True,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            extra_options={"CalibMovingAverage": True},
        )
        return result.read_bytes()


def outer_convolutions(graph: onnx.GraphProto) -> list[str]:
    """Names of the convolutions before which there is none or only such a one, and of those that none comes after."""
    made = {output: node for node in graph.node for output in node.output}
    before: dict[str, set[str]] = {}  # for each value the nearest convolutions that it comes from

    def sources(value: str) -> set[str]:
        if value not in before:
            node = made.get(value)
            if node is None:
                before[value] = set()
            elif node.op_type == "Conv":
                before[value] = {node.name}
            else:
                before[value] = {name for one in node.input for name in sources(one)}
        return before[value]

    convolutions = [node for node in graph.node if node.op_type == "Conv"]
    fed = {node.name: sources(node.input[0]) for node in convolutions}
    followed = {name for names in fed.values() for name in names}
    first = {name for name, sources_of in fed.items() if not sources_of}
    return [node.name for node in convolutions if fed[node.name] <= first or node.name not in followed]


def main(arguments: list[str]) -> None:
    """Write the folder and say the size before and after."""
    if len(arguments) != 3:
        sys.exit("usage: python -m models.training.quantise MODEL PICTURES_DIR OUT_DIR")
    source, pictures, out = arguments[0], Path(arguments[1]), Path(arguments[2])
    try:
        model = find(source)
        before = model.content()
        paths = sorted(path for path in pictures.rglob("*") if path.suffix.lower() in {".jpg", ".jpeg", ".png"})
        if not paths:
            sys.exit(f"{pictures} holds no JPEG or PNG: give a folder of pictures for calibration")
        spec = model.card.input
        images = [read_image(path) for path in paths]
        boxes = [Letterbox.filling(image.shape[1], image.shape[0], spec.side, spec.multiple) for image in images]
        batches = [np.asarray(box.place(image)[None]) for box, image in zip(boxes, images, strict=True)]
        after = quantised(before, spec.name, batches)
    except (ModelError, ImageError) as error:
        sys.exit(str(error))
    card = model.card.model_dump(mode="json", exclude_none=True)
    card |= {
        "name": out.name,
        "file": "model.onnx",
        "sha256": hashlib.sha256(after).hexdigest(),
        "bytes": len(after),
        "summary": f"{model.card.summary} In INT8 (QDQ, per channel), calibrated on {len(paths)} pictures.",
        "metrics": [],
    }
    out.mkdir(parents=True, exist_ok=True)
    (out / "model.onnx").write_bytes(after)
    (out / "card.yaml").write_text(yaml.safe_dump(card, sort_keys=False), encoding="utf-8")
    sys.stdout.write(f"{out}: {len(before)} bytes before, {len(after)} after; measure both with sigap-models eval\n")


if __name__ == "__main__":
    main(sys.argv[1:])
