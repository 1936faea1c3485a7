"""NanoDet-m (https://github.com/RangiLyu/nanodet, Apache-2.0), as exported by its authors."""

from collections.abc import Sequence

import numpy as np

from models.boxes import Boxes
from models.detector import Image
from models.letterbox import Letterbox
from models.upstream import distribution
from models.upstream.head import Array, Signature, letterboxed

MEAN_BGR = np.array([103.53, 116.28, 123.675], np.float32)
STD_BGR = np.array([57.375, 57.12, 58.395], np.float32)


class NanodetM:
    """Scores [cells, 80] and sides [cells, 32] at strides 8, 16 and 32, sigmoids applied."""

    name = "NanoDet-m"
    nms_overlap = 0.6  # nanodet/model/head/gfl_head.py
    padding = 0
    strides = (8, 16, 32)

    def fits(self, signature: Signature) -> bool:
        """See `Head.fits`."""
        return signature.outputs == distribution.levels(signature, self.strides)

    def placed(self, width: int, height: int, signature: Signature) -> Letterbox:
        """See `Head.placed`: scaled, black around it."""
        return letterboxed(width, height, signature)

    def normalised(self, canvas: Image) -> Array:
        """See `Head.normalised`: BGR, zero mean and unit variance a channel."""
        return np.ascontiguousarray(((canvas - MEAN_BGR) / STD_BGR).transpose(2, 0, 1), np.float32)

    def decoded(self, outputs: Sequence[Array], signature: Signature) -> tuple[Boxes, Array]:
        """See `Head.decoded`."""
        return distribution.decoded(outputs, signature, self.strides)
