"""What differs between upstream detectors: how a picture goes in, and what comes out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from models.boxes import Boxes
from models.detector import Image
from models.letterbox import Letterbox

Array = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Signature:
    """The part of a file's interface by which a head knows its own.

    Attributes:
        height: of the input, pixels.
        width: of the input, pixels.
        outputs: shape of every output without the batch, in the file's order.
    """

    height: int
    width: int
    outputs: tuple[tuple[int, ...], ...]


class Head(Protocol):
    """One family of detectors."""

    name: str
    nms_overlap: float
    padding: int
    """Grey level around the picture, 0 to 255."""

    def fits(self, signature: Signature) -> bool:
        """Whether a file with this interface is of this family."""
        ...

    def placed(self, width: int, height: int, signature: Signature) -> Letterbox:
        """How a picture of width × height goes into the input."""
        ...

    def normalised(self, canvas: Image) -> Array:
        """The network's input [3, height, width] from what was placed, uint8 [height, width, 3] BGR."""
        ...

    def decoded(self, outputs: Sequence[Array], signature: Signature) -> tuple[Boxes, Array]:
        """Boxes [n, 4] in input pixels and scores [n, street classes] of one picture."""
        ...


def letterboxed(width: int, height: int, signature: Signature) -> Letterbox:
    """The picture at the upper left, scaled without being stretched."""
    side = round(min(signature.width / width, signature.height / height) * max(width, height))
    fitted = Letterbox.fit(width, height, max(side, 1), 1)
    return Letterbox(
        signature.width, signature.height, fitted.inner_width, fitted.inner_height, fitted.scale_x, fitted.scale_y
    )


def stretched(width: int, height: int, signature: Signature) -> Letterbox:
    """The picture over the whole input, whatever that does to its proportions."""
    return Letterbox(
        signature.width,
        signature.height,
        signature.width,
        signature.height,
        signature.width / width,
        signature.height / height,
    )


def cells(signature: Signature, stride: int) -> tuple[int, int]:
    """Rows and columns of the feature map of a stride; the last of each may reach beyond the input."""
    return -(-signature.height // stride), -(-signature.width // stride)


def corners(signature: Signature, stride: int) -> Array:
    """The upper left corner of every cell, in cells: [rows × columns, 2] as x, y, row by row."""
    rows, columns = cells(signature, stride)
    y, x = np.mgrid[:rows, :columns]
    return np.stack([x.ravel(), y.ravel()], axis=1).astype(np.float32)
