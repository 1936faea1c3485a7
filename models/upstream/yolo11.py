"""YOLOv8 and YOLO11 (https://github.com/ultralytics/ultralytics, AGPL-3.0), as ultralytics exports them."""

from collections.abc import Sequence

import numpy as np

from models.boxes import Boxes
from models.detector import Image
from models.letterbox import Letterbox
from models.upstream.coco import CLASSES, STREET_ROWS
from models.upstream.head import Array, Signature, cells, letterboxed


class Yolo11:
    """One output [84, cells]: centre and size in pixels, then the 80 classes, sigmoids applied."""

    name = "YOLOv8/YOLO11"
    nms_overlap = 0.7  # ultralytics/cfg/default.yaml
    padding = 114
    strides = (8, 16, 32)

    def fits(self, signature: Signature) -> bool:
        """See `Head.fits`."""
        count = sum(int(np.prod(cells(signature, stride))) for stride in self.strides)
        return signature.outputs == ((4 + CLASSES, count),)

    def placed(self, width: int, height: int, signature: Signature) -> Letterbox:
        """See `Head.placed`: scaled, grey around it."""
        return letterboxed(width, height, signature)

    def normalised(self, canvas: Image) -> Array:
        """See `Head.normalised`: RGB, 0 to 1."""
        return np.ascontiguousarray(canvas[..., ::-1].transpose(2, 0, 1) / 255, np.float32)

    def decoded(self, outputs: Sequence[Array], _signature: Signature) -> tuple[Boxes, Array]:
        """See `Head.decoded`."""
        rows = outputs[0].T
        centres, halves = rows[:, :2], rows[:, 2:4] / 2
        return np.concatenate([centres - halves, centres + halves], axis=1), rows[:, 4:][:, STREET_ROWS]
