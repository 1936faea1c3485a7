"""PicoDet (https://github.com/PaddlePaddle/PaddleDetection, configs/picodet, Apache-2.0; arXiv:2111.00902)."""

from collections.abc import Sequence

import numpy as np

from models.boxes import Boxes
from models.detector import Image
from models.letterbox import Letterbox
from models.upstream import distribution
from models.upstream.head import Array, Signature, stretched

MEAN_RGB = np.array([0.485, 0.456, 0.406], np.float32)
STD_RGB = np.array([0.229, 0.224, 0.225], np.float32)


class Picodet:
    """Scores [cells, 80] and sides [cells, 32] at strides 8, 16, 32 and 64, sigmoids applied."""

    name = "PicoDet"
    nms_overlap = 0.6  # configs/picodet/_base_/picodet_esnet.yml
    padding = 0
    strides = (8, 16, 32, 64)

    def fits(self, signature: Signature) -> bool:
        """See `Head.fits`."""
        return signature.outputs == distribution.levels(signature, self.strides)

    def placed(self, width: int, height: int, signature: Signature) -> Letterbox:
        """See `Head.placed`: stretched over the input, as in training (`keep_ratio: False`)."""
        return stretched(width, height, signature)

    def normalised(self, canvas: Image) -> Array:
        """See `Head.normalised`: RGB, ImageNet's mean and variance."""
        return np.ascontiguousarray(((canvas[..., ::-1] / 255 - MEAN_RGB) / STD_RGB).transpose(2, 0, 1), np.float32)

    def decoded(self, outputs: Sequence[Array], signature: Signature) -> tuple[Boxes, Array]:
        """See `Head.decoded`."""
        return distribution.decoded(outputs, signature, self.strides)
