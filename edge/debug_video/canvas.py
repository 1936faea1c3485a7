"""An image to draw on, and the few shapes that a debug video is made of. Places are pixels of the canvas."""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from edge.debug_video.palette import INK, WHITE, Colour
from edge.picture import Image

FONT = cv2.FONT_HERSHEY_DUPLEX
PADDING_PX = 5


def ascii_of(text: str) -> str:
    """OpenCV's letters are ASCII; what they lack is spelt otherwise."""
    return text.replace("–", "-").replace("·", "|").replace("×", "x").encode("ascii", "replace").decode()


def text_size(text: str, scale: float) -> tuple[int, int]:
    """Width and height of a line, pixels."""
    (width, height), _ = cv2.getTextSize(ascii_of(text), FONT, scale, 1)
    return width, height


def write(image: Image, text: str, at: tuple[int, int], colour: Colour, scale: float) -> None:
    """A line of text; `at` is the left end of its baseline."""
    cv2.putText(image, ascii_of(text), at, FONT, scale, colour, 1, cv2.LINE_AA)


def chip(image: Image, text: str, corner: tuple[int, int], colour: Colour, scale: float) -> None:
    """Text on a coloured ground; `corner` is its lower left one, and the chip stays inside the image."""
    width, height = text_size(text, scale)
    wide, high = width + 2 * PADDING_PX, height + 2 * PADDING_PX
    x = min(max(corner[0], 0), max(image.shape[1] - wide, 0))
    y = min(max(corner[1], high), image.shape[0])
    cv2.rectangle(image, (x, y - high), (x + wide, y), colour, cv2.FILLED)
    luminance = 0.114 * colour[0] + 0.587 * colour[1] + 0.299 * colour[2]
    write(image, text, (x + PADDING_PX, y - PADDING_PX), INK if luminance > 125 else WHITE, scale)


def tint(image: Image, inside: NDArray[np.bool_], colour: Colour, share: float) -> None:
    """Lays a colour over the pixels of a mask, `share` of it covering."""
    image[inside] = ((1 - share) * image[inside] + share * np.array(colour)).astype(np.uint8)


def filled(corners: NDArray[np.float64], image: Image) -> NDArray[np.bool_]:
    """The pixels of the image inside a polygon."""
    mask = np.zeros(image.shape[:2], np.uint8)
    cv2.fillPoly(mask, [np.round(corners).astype(np.int32)], 1)
    return mask.astype(np.bool_)


def outline(image: Image, corners: NDArray[np.float64], colour: Colour, thickness: int = 2) -> None:
    """The border of a polygon."""
    cv2.polylines(image, [np.round(corners).astype(np.int32)], True, colour, thickness, cv2.LINE_AA)


def bracket(image: Image, box: Sequence[float], colour: Colour, thickness: int) -> None:
    """A box with a thin border and firm corners, which leave to be seen what is inside."""
    x1, y1, x2, y2 = (round(value) for value in box)
    cv2.rectangle(image, (x1, y1), (x2, y2), colour, 1, cv2.LINE_AA)
    reach_x, reach_y = max(3, (x2 - x1) // 4), max(3, (y2 - y1) // 4)
    for x, along_x in ((x1, reach_x), (x2, -reach_x)):
        for y, along_y in ((y1, reach_y), (y2, -reach_y)):
            cv2.line(image, (x, y), (x + along_x, y), colour, thickness, cv2.LINE_AA)
            cv2.line(image, (x, y), (x, y + along_y), colour, thickness, cv2.LINE_AA)
