"""YOLOX (https://github.com/Megvii-BaseDetection/YOLOX, Apache-2.0; arXiv:2107.08430), as exported by its authors."""

from collections.abc import Sequence

import numpy as np

from models.boxes import Boxes
from models.detector import Image
from models.letterbox import Letterbox
from models.upstream.coco import CLASSES, STREET_ROWS
from models.upstream.head import Array, Signature, cells, corners, letterboxed


class Yolox:
    """One output [anchors, 85]: centre and size relative to the cell, objectness, and 80 classes, sigmoids applied."""

    name = "YOLOX"
    nms_overlap = 0.45  # demo/ONNXRuntime/onnx_inference.py
    padding = 114
    strides = (8, 16, 32)

    def fits(self, signature: Signature) -> bool:
        """See `Head.fits`."""
        anchors = sum(int(np.prod(cells(signature, stride))) for stride in self.strides)
        return signature.outputs == ((anchors, 5 + CLASSES),)

    def placed(self, width: int, height: int, signature: Signature) -> Letterbox:
        """See `Head.placed`: scaled, at the upper left, grey around it."""
        return letterboxed(width, height, signature)

    def normalised(self, canvas: Image) -> Array:
        """See `Head.normalised`: BGR as it is, 0 to 255 (since release 0.1.1 of YOLOX)."""
        return canvas.transpose(2, 0, 1).astype(np.float32)

    def decoded(self, outputs: Sequence[Array], signature: Signature) -> tuple[Boxes, Array]:
        """See `Head.decoded`."""
        rows = outputs[0]
        grid = np.concatenate([corners(signature, stride) for stride in self.strides])
        pitch = np.concatenate(
            [np.full(int(np.prod(cells(signature, stride))), stride, np.float32) for stride in self.strides]
        )[:, None]
        centre = (rows[:, :2] + grid) * pitch
        half = np.exp(rows[:, 2:4]) * pitch / 2
        scores = rows[:, 4:5] * rows[:, 5:][:, STREET_ROWS]
        return np.concatenate([centre - half, centre + half], axis=1), scores
